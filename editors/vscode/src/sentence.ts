// The sentence around a link, to be shown on one line.

export interface Sentence {
  readonly text: string;
  /** Where the link is in the text: start and end. */
  readonly link: readonly [number, number];
}

/** Of a line, what says what kind of block it is in: indentation, quotes, bullets, numbers, boxes, heading marks. */
const MARKS = /^(?:\s|>|[-*+]\s+(?:\[.\]\s)?|\d+[.)]\s|#{1,6}\s)+/;
/** How many characters are shown before a link. A view is narrow, and cuts off what is on the right. */
const BEFORE = 40;
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
  return shorten(text, sentenceBounds(text, from, to), [from, to]);
}

/** Whether the second line continues the paragraph of the first. */
function goesOn(line: string | undefined, next: string | undefined): boolean {
  const isText = (text: string | undefined): boolean => text !== undefined && !/^\s*(?:$|#{1,6}\s|[`~]{3}|\||---)/.test(text);
  return isText(line) && isText(next) && !/^\s*(?:>|[-*+]\s|\d+[.)]\s)/.test(next ?? "");
}

function sentenceBounds(text: string, from: number, to: number): [number, number] {
  let [start, end] = [from, to];
  segmenter ??= new Intl.Segmenter(undefined, { granularity: "sentence" });
  for (const { index, segment } of segmenter.segment(text)) {
    // A link whose name holds the end of a sentence lies in several.
    if (index < Math.max(to, from + 1) && index + segment.length > from) {
      [start, end] = [Math.min(start, index), Math.max(end, index + segment.trimEnd().length)];
    }
  }
  return [start, end];
}

function shorten(text: string, [start, end]: [number, number], [from, to]: [number, number]): Sentence {
  let first = start;
  if (from - start > BEFORE) {
    const space = text.indexOf(" ", from - BEFORE - 1);
    first = space >= 0 && space < from ? space + 1 : from;
  }
  const dots = first > start ? "…" : "";
  const shift = dots.length - first;
  return { text: dots + text.slice(first, end), link: [from + shift, to + shift] };
}
