// Neovim's API: MessagePack-RPC over a pair of pipes. Requests only, and notifications for whoever listens.

import { decodeMultiStream, Encoder, ExtensionCodec } from '@msgpack/msgpack';
import type { Readable, Writable } from 'node:stream';

type Message = [0, number, string, unknown[]] | [1, number, unknown, unknown] | [2, string, unknown[]];
/** Longer than any answer takes: then Neovim waits for a key. */
const LIMIT_MILLISECONDS = 30_000;

interface Waiting {
  resolve: (result: unknown) => void;
  reject: (error: Error) => void;
}

export class MsgpackRpc {
  readonly #output: Writable;
  readonly #encoder = new Encoder();
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;
  #closed = false;

  constructor(input: Readable, output: Writable, onNotification: (method: string, parameters: unknown[]) => void) {
    this.#output = output;
    output.on('error', () => this.#close());
    void this.#read(input, onNotification);
  }

  request(method: string, ...parameters: unknown[]): Promise<unknown> {
    if (this.#closed) return Promise.reject(new Error(`Neovim has ended before ${method}`));
    const id = ++this.#last;
    return new Promise((resolve, reject) => {
      const late = (): void => reject(new Error(`Neovim does not answer ${method} ${JSON.stringify(parameters)}`));
      const timer = setTimeout(late, LIMIT_MILLISECONDS);
      this.#waiting.set(id, {
        resolve: result => (clearTimeout(timer), resolve(result)),
        reject: error => (clearTimeout(timer), reject(error)),
      });
      this.#output.write(this.#encoder.encode([0, id, method, parameters]));
    });
  }

  async #read(input: Readable, onNotification: (method: string, parameters: unknown[]) => void): Promise<void> {
    // Buffers, windows and tab pages have types of their own; tests do without them.
    const extensionCodec = new ExtensionCodec();
    for (const type of [0, 1, 2]) extensionCodec.register({ type, encode: () => null, decode: () => null });
    try {
      for await (const message of decodeMultiStream(input, { extensionCodec })) {
        const [kind, ...rest] = message as Message;
        if (kind === 2) onNotification(...(rest as [string, unknown[]]));
        if (kind === 1) this.#answer(...(rest as [number, unknown, unknown]));
      }
    } finally {
      this.#close();
    }
  }

  #answer(id: number, error: unknown, result: unknown): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    if (error === null) waiting?.resolve(result);
    else waiting?.reject(new Error(Array.isArray(error) ? String(error[1]) : JSON.stringify(error)));
  }

  #close(): void {
    this.#closed = true;
    for (const { reject } of this.#waiting.values()) reject(new Error('Neovim has ended'));
    this.#waiting.clear();
  }
}
