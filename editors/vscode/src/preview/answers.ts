// A cache of the server's answers about links and timestamps, so that a preview can be rendered synchronously.
//
// A rendering gets what is in the cache. What it asked for is requested from the server afterwards; if the answer differs
// from what was shown, the preview is rendered again, until two answers are equal.

import { isDeepStrictEqual } from "node:util";

/** A link in the parameters of `vaultls/resolveLinks`. */
export interface LinkQuestion {
  /** The text between `[[` and `|` or `]]`. */
  readonly target: string;
  readonly isEmbed: boolean;
}

/** The target of a link. */
export interface ResolvedLink {
  readonly uri: string;
  readonly kind: "note" | "attachment";
  /** The slug of a heading, `^id` of a block, or the name of an HTML anchor. */
  readonly fragment: string | null;
  readonly isFragmentMissing: boolean;
  /** The Markdown that an embed of a note shows. */
  readonly text?: string | null;
}

/** What is asked about the text of a note. */
export interface Question {
  readonly links: readonly LinkQuestion[];
  /** The clocks of timestamps: `1:55`. */
  readonly clocks: readonly string[];
}

/** The result of `vaultls/resolveLinks`. */
export interface Answer {
  readonly links: readonly (ResolvedLink | null)[];
  /** The addresses of the moments. */
  readonly moments: readonly (string | null)[];
}

/** Sends the request; returns undefined if the server cannot answer now. */
export type Ask = (note: string, question: Question) => Promise<Answer | undefined>;

/** What a rendering asks, by the URI of the note that the text stands in. */
export interface Answers {
  /** Returns null if the link is unresolved, undefined if the answer is not known yet. */
  link(note: string, question: LinkQuestion): ResolvedLink | null | undefined;
  /** Returns the address of a moment, null if there is none, undefined if the answer is not known yet. */
  moment(note: string, clock: string): string | null | undefined;
}

/** A question and its answer, which is undefined until it is known. */
interface Entry<Question, Answer> {
  readonly question: Question;
  answer: Answer | null | undefined;
}

interface Note {
  readonly links: Map<string, Entry<LinkQuestion, ResolvedLink>>;
  readonly clocks: Map<string, Entry<string, string>>;
  /** Whether a rendering has asked since the last request. */
  isWanted: boolean;
}

/** VS Code drops a request to refresh that comes while a refresh is scheduled, which takes up to 300 ms. */
const RETRY = 400;
const MAX_TRIES = 3;

/** How many notes are cached; more than a preview shows at once. */
const CAPACITY = 64;

export class AnswerCache implements Answers {
  /** The most recently used note is the last one. */
  readonly #notes = new Map<string, Note>();
  readonly #ask: Ask;
  readonly #changed: () => void;
  #isAsking = false;
  #timer: NodeJS.Timeout | undefined;
  /** Notes with new answers that no rendering has read yet. */
  readonly #unseen = new Set<Note>();
  #retry: NodeJS.Timeout | undefined;

  /** `changed` is called when an answer differs from what a rendering got. */
  constructor(ask: Ask, changed: () => void) {
    this.#ask = ask;
    this.#changed = changed;
  }

  link(note: string, question: LinkQuestion): ResolvedLink | null | undefined {
    return answerTo(this.#want(note).links, `${question.isEmbed ? "!" : ""}${question.target}`, question);
  }

  moment(note: string, clock: string): string | null | undefined {
    return answerTo(this.#want(note).clocks, clock, clock);
  }

  /** Requests all answers again: notes were created, deleted or changed. */
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
      if (this.#unseen.size > 0 && tries < MAX_TRIES) {
        this.#announce(tries + 1);
      } else {
        this.#unseen.clear();
      }
    }, RETRY);
  }

  #want(uri: string): Note {
    const note: Note = this.#notes.get(uri) ?? { links: new Map(), clocks: new Map(), isWanted: false };
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
      // After the rendering, which asks for one link at a time.
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

  /** Requests the answers for a note. Returns whether one of them is new. */
  async #askNote(uri: string, note: Note): Promise<boolean> {
    note.isWanted = false;
    const [links, clocks] = [[...note.links.values()], [...note.clocks.values()]];
    const question = { links: links.map((link) => link.question), clocks: clocks.map((clock) => clock.question) };
    const answer = await this.#ask(uri, question).catch(() => undefined);
    if (answer === undefined) {
      return false;
    }
    const changed = [update(links, answer.links), update(clocks, answer.moments)];
    return changed.includes(true);
  }
}

/** Returns the answer in a map, or adds the question to it. */
function answerTo<Question, Answer>(
  entries: Map<string, Entry<Question, Answer>>,
  key: string,
  question: Question,
): Answer | null | undefined {
  const entry = entries.get(key) ?? { question, answer: undefined };
  entries.set(key, entry);
  return entry.answer;
}

/** Stores answers, in the order of their questions. Returns whether one of them is new. */
function update<Answer>(entries: readonly Entry<unknown, Answer>[], answers: readonly (Answer | null)[]): boolean {
  let isNew = false;
  for (const [index, entry] of entries.entries()) {
    const answer = answers[index] ?? null;
    isNew ||= !isDeepStrictEqual(entry.answer, answer);
    entry.answer = answer;
  }
  return isNew;
}
