// The sentence around a link, to be shown on one line.

export interface Sentence {
  readonly text: string;
  /** With all that stands before the link, for those who want to read it. */
  readonly whole: string;
  /** Where the link is in the text: start and end. */
  readonly link: readonly [number, number];
}

/** Of a line, what says what kind of block it is in: indentation, quotes, bullets, numbers, boxes, heading marks. */
const MARKS = /^(?:\s|>|[-*+]\s+(?:\[.\]\s)?|\d+[.)]\s|#{1,6}\s)+/;
/** How many characters are shown before a link. A view is narrow, and cuts off what is on the right. */
const BEFORE = 24;
/** How many lines of a paragraph are looked at, on either side of the link. */
const LINES = 8;

/** Made when it is needed first: that takes longer than all else that is done when the extension is loaded. */
let segmenter: Intl.Segmenter | undefined;

/** The sentence around what stands between two columns of a line. A link that goes on over lines ends with its first. */
export function sentenceAround(lines: readonly string[], line: number, start: number, end: number): Sentence {
  const own = lines[line] ?? "";
  const marks = MARKS.exec(own.slice(0, start))?.[0].length ?? 0;
  let text = own.slice(marks).trimEnd();
  let [from, to] = [Math.min(start - marks, text.length), Math.min(end - marks, text.length)];
  for (let above = line; above > 0 && line - above < LINES && goesOn(lines[above - 1], lines[above]); above -= 1) {
    const added = `${(lines[above - 1] ?? "").replace(MARKS, "").trimEnd()} `;
    text = added + text;
    [from, to] = [from + added.length, to + added.length];
  }
  for (let below = line + 1; below - line <= LINES && goesOn(lines[below - 1], lines[below]); below += 1) {
    text += ` ${(lines[below] ?? "").replace(MARKS, "").trimEnd()}`;
  }
  const [first, last] = sentenceBounds(text, from, to);
  const [before, link, after] = [plain(text.slice(first, from)), plain(text.slice(from, to)), plain(text.slice(to, last))];
  const shown = shorten(before);
  return { text: shown + link + after, whole: before + link + after, link: [shown.length, shown.length + link.length] };
}

/** Whether the second line continues the paragraph of the first. */
function goesOn(line: string | undefined, next: string | undefined): boolean {
  const isText = (text: string | undefined): boolean => text !== undefined && !/^\s*(?:$|#{1,6}\s|[`~]{3}|\||---)/.test(text);
  return isText(line) && isText(next) && !/^\s*(?:>|[-*+]\s|\d+[.)]\s)/.test(next ?? "");
}

function sentenceBounds(text: string, from: number, to: number): [number, number] {
  let [start, end] = [from, to];
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "sentence" });
  for (const { index, segment } of segmenter.segment(hideLinks(text))) {
    if (index < Math.max(to, from + 1) && index + segment.length > from) {
      [start, end] = [Math.min(start, index), Math.max(end, index + segment.trimEnd().length)];
    }
  }
  return [start, end];
}

/** The text with links that hold nothing to end a sentence. */
function hideLinks(text: string): string {
  return text.replace(/!?\[\[[^[\]]*\]\]|!?\[[^[\]]+\]\([^()]*\)/g, (link) => "X".repeat(link.length));
}

/** What a reader sees: links by what they show, and no HTML. */
function plain(text: string): string {
  return text
    .replace(/!?\[\[([^[\]|]*?)\\?(?:\|([^[\]]*))?\]\]/g, (_, target: string, display?: string) => (display ?? target).trim())
    .replace(/!?\[([^[\]]+)\](?:\([^()]*\)|\[[^[\]]*\])/g, "$1")
    .replace(/<\/?[a-z][^<>]*>/gi, "");
}

function shorten(before: string): string {
  if (before.length <= BEFORE) {
    return before;
  }
  const space = before.indexOf(" ", before.length - BEFORE - 1);
  return `…${space >= 0 ? before.slice(space + 1) : ""}`;
}
