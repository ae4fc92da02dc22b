// What the server said of the links of notes, kept so that a preview can be rendered without waiting for it.
//
// A rendering asks for links and gets what is known. What it asked for is put to the server afterwards; if the answer
// differs from what was shown, the preview is rendered again. That ends as soon as two answers are equal.

import { isDeepStrictEqual } from "node:util";

/** One link of a request `vaultls/resolveLinks`. */
export interface LinkQuestion {
  /** What stands between `[[` and `|` or `]]`. */
  readonly target: string;
  readonly isEmbed: boolean;
}

/** Where a link leads. */
export interface ResolvedLink {
  readonly uri: string;
  readonly kind: "note" | "attachment";
  /** A heading's slug, `^` and a block's id, or the id of an HTML anchor. */
  readonly fragment: string | null;
  readonly isFragmentMissing: boolean;
  /** Of an embedded note: the Markdown to show. */
  readonly text?: string | null;
  /** Of an embedded note: the video that its timestamps are about. */
  readonly videoId?: string | null;
}

/** The answer of `vaultls/resolveLinks`. */
export interface LinkAnswer {
  readonly videoId: string | null;
  readonly links: readonly (ResolvedLink | null)[];
}

/** Asks the server; undefined if it cannot answer now. */
export type Ask = (note: string, links: readonly LinkQuestion[]) => Promise<LinkAnswer | undefined>;

/** What a rendering may ask, by the URI of the note that the links stand in. */
export interface Answers {
  /** Null: the link leads nowhere. Undefined: not known yet. */
  link(note: string, question: LinkQuestion): ResolvedLink | null | undefined;
  /** The id of a note's video; null: it has none. Undefined: not known yet. */
  video(note: string): string | null | undefined;
}

interface Note {
  video: string | null | undefined;
  readonly links: Map<string, { question: LinkQuestion; answer: ResolvedLink | null | undefined }>;
  /** Whether a rendering asked since the server was asked last. */
  isWanted: boolean;
}

/** VS Code forgets a wish to render again that comes while it is about to look for changes, which it does after 300 ms. */
const RETRY = 400;
const MOST_TRIES = 3;

/** How many notes are remembered; more than any preview shows at once. */
const CAPACITY = 64;

export class AnswerCache implements Answers {
  /** The latest used note last. */
  readonly #notes = new Map<string, Note>();
  readonly #ask: Ask;
  readonly #changed: () => void;
  #isAsking = false;
  #timer: NodeJS.Timeout | undefined;
  /** Notes with answers that no rendering has asked for yet. */
  readonly #unseen = new Set<Note>();
  #retry: NodeJS.Timeout | undefined;

  /** `changed` is called when something that a rendering was told is no longer so. */
  constructor(ask: Ask, changed: () => void) {
    this.#ask = ask;
    this.#changed = changed;
  }

  link(note: string, question: LinkQuestion): ResolvedLink | null | undefined {
    const { links } = this.#want(note);
    const key = `${question.isEmbed ? "!" : ""}${question.target}`;
    let link = links.get(key);
    if (link === undefined) {
      link = { question, answer: undefined };
      links.set(key, link);
    }
    return link.answer;
  }

  video(note: string): string | null | undefined {
    return this.#want(note).video;
  }

  /** Asks again for everything that was asked: notes came, went or changed. */
  refresh(): void {
    for (const note of this.#notes.values()) {
      note.isWanted = true;
    }
    this.#schedule();
  }

  dispose(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#retry);
  }

  #announce(tries: number): void {
    this.#changed();
    clearTimeout(this.#retry);
    this.#retry = setTimeout(() => {
      if (this.#unseen.size > 0 && tries < MOST_TRIES) {
        this.#announce(tries + 1);
      } else {
        this.#unseen.clear();
      }
    }, RETRY);
  }

  #want(uri: string): Note {
    const note: Note = this.#notes.get(uri) ?? { video: undefined, links: new Map(), isWanted: false };
    note.isWanted = true;
    this.#unseen.delete(note);
    this.#notes.delete(uri);
    this.#notes.set(uri, note);
    for (const oldest of this.#notes.keys()) {
      if (this.#notes.size <= CAPACITY) {
        break;
      }
      this.#notes.delete(oldest);
    }
    this.#schedule();
    return note;
  }

  #schedule(): void {
    if (!this.#isAsking) {
      // After the rendering, which asks for one link after the other.
      this.#timer ??= setTimeout(() => void this.#askAll(), 0);
    }
  }

  async #askAll(): Promise<void> {
    this.#timer = undefined;
    this.#isAsking = true;
    const wanted = [...this.#notes].filter(([, note]) => note.isWanted);
    const changed = await Promise.all(wanted.map(([uri, note]) => this.#askNote(uri, note)));
    this.#isAsking = false;
    if (changed.includes(true)) {
      wanted.filter((_, index) => changed[index]).forEach(([, note]) => this.#unseen.add(note));
      this.#announce(1);
    }
    if ([...this.#notes.values()].some((note) => note.isWanted)) {
      this.#schedule();
    }
  }

  /** Whether something is different now. */
  async #askNote(uri: string, note: Note): Promise<boolean> {
    note.isWanted = false;
    const asked = [...note.links.values()];
    const answer = await this.#ask(uri, asked.map((link) => link.question)).catch(() => undefined);
    if (answer === undefined) {
      return false;
    }
    let isNew = note.video !== answer.videoId;
    note.video = answer.videoId;
    for (const [index, link] of asked.entries()) {
      const found = answer.links[index] ?? null;
      isNew ||= !isDeepStrictEqual(link.answer, found);
      link.answer = found;
    }
    return isNew;
  }
}
