// markdown-it rules for wikilinks, embeds, timestamps and block IDs. The preview parses notes itself: VS Code renders
// with markdown-it, so their syntax is needed here as well as in the server. The meaning of a link or timestamp is not:
// tokens hold the text only, and the server resolves it, since VS Code caches tokens while targets may change.
//
// The rules run with Markdown's own rules for links, so code, math and escapes are not affected.

import type { MarkdownIt, StateCore, StateInline, Token } from "markdown-it";

export const WIKILINK = "vaultls_wikilink";
export const EMBED = "vaultls_embed";
export const TIMESTAMP = "vaultls_timestamp";

/** The `meta` of a wikilink's or embed's token. */
export interface LinkMeta {
  /** The text between `[[` and `|` or `]]`. */
  readonly target: string;
  /** The trimmed text after `|`; undefined if there is none. */
  readonly display: string | undefined;
}

/** The `meta` of a timestamp's token. */
export interface TimestampMeta {
  /** The clock, which may be invalid. */
  readonly clock: string;
  /** The displayed text. */
  readonly label: string;
}

export function addRules(markdown: MarkdownIt): void {
  const { inline, core } = markdown;
  inline.ruler.before("link", WIKILINK, readWikilink);
  inline.ruler.before(WIKILINK, TIMESTAMP, readTimestamp);
  // Before VS Code's own rule, which adds line numbers to tokens.
  core.ruler.push("vaultls_block_ids", setBlockIds);
  core.ruler.push("vaultls_embed_blocks", replaceParagraphs);
}

function readWikilink(state: StateInline, silent: boolean): boolean {
  const isEmbed = state.src[state.pos] === "!";
  const open = state.pos + (isEmbed ? 1 : 0);
  if (!state.src.startsWith("[[", open) || state.src[open + 2] === "[") {
    return false;
  }
  // Targets have no brackets, but display texts may: `[[note|see [1]]]`.
  const pattern = /\[\[([^[\]|\n]*)(?:\|((?:[^[\]\n]|\[[^[\]\n]*\])*))?\]\]/y;
  pattern.lastIndex = open;
  const found = pattern.exec(state.src);
  // Outside tables, the `\` of `\|` is not removed.
  const target = found?.[1]?.replace(/\\$/, "") ?? "";
  if (found === null || target.trim() === "" || pattern.lastIndex > state.posMax) {
    return false;
  }
  if (!silent) {
    const display = found[2]?.trim();
    const meta: LinkMeta = { target, display: display === "" ? undefined : display };
    const token = state.push(isEmbed ? EMBED : WIKILINK, "", 0);
    token.meta = meta;
    token.content = found[0];
  }
  state.pos = pattern.lastIndex;
  return true;
}

/** `<a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>`, with no line breaks or `>` in its attributes. */
const TAG = /<a(\s[^<>\n]*)>([^<>\n]*)<\/a\s*>/y;
const WRAPPED = /\[[^[\]\n]*\]\(\s*(?=<a\s)/y;
const BARE = /\[((?:\d+:)?\d+:\d\d)\](?![([:])/y;

function readTimestamp(state: StateInline, silent: boolean): boolean {
  const read = state.src[state.pos] === "<" ? readTag(state.src, state.pos) : readBracketed(state);
  if (read === undefined || read.end > state.posMax) {
    return false;
  }
  if (!silent) {
    const token = state.push(TIMESTAMP, "", 0);
    token.meta = read.meta;
    token.content = state.src.slice(state.pos, read.end);
  }
  state.pos = read.end;
  return true;
}

interface Read {
  readonly meta: TimestampMeta;
  readonly end: number;
}

function readTag(source: string, at: number): Read | undefined {
  const tag = match(TAG, source, at);
  const attributes = tag?.[1] ?? "";
  const classes = attribute(attributes, "class")?.split(/\s+/) ?? [];
  if (tag === undefined || !classes.includes("yt-timestamp")) {
    return undefined;
  }
  const clock = attribute(attributes, "data-t") ?? "";
  return { meta: { clock, label: tag[2] ?? "" }, end: at + tag[0].length };
}

function readBracketed(state: StateInline): Read | undefined {
  const { src, pos } = state;
  const wrapper = match(WRAPPED, src, pos);
  if (wrapper !== undefined) {
    const tag = readTag(src, pos + wrapper[0].length);
    const close = tag === undefined ? undefined : match(/\s*\)/y, src, tag.end);
    return tag === undefined || close === undefined ? undefined : { meta: tag.meta, end: tag.end + close[0].length };
  }
  const bare = match(BARE, src, pos);
  const clock = bare?.[1] ?? "";
  const { references } = state.env as { references?: Record<string, unknown> };
  // `[1:55]` may be a reference to a definition.
  if (bare === undefined || references?.[clock] !== undefined || src[pos - 1] === "!" || src[pos - 1] === "]") {
    return undefined;
  }
  return { meta: { clock, label: bare[0] }, end: pos + bare[0].length };
}

function attribute(attributes: string, name: string): string | undefined {
  const found = new RegExp(`\\s${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'=\`]+))`, "i").exec(attributes);
  return found?.[1] ?? found?.[2] ?? found?.[3];
}

function match(pattern: RegExp, source: string, at: number): RegExpExecArray | undefined {
  pattern.lastIndex = at;
  return pattern.exec(source) ?? undefined;
}

/** Removes the `^id` at the end of a block and sets it as the ID of the element. */
function setBlockIds(state: StateCore): void {
  for (const [index, token] of state.tokens.entries()) {
    const last = token.type === "inline" ? token.children?.at(-1) : undefined;
    const found = last?.type === "text" ? /(?:^|\s)\^([A-Za-z0-9-]+)\s*$/.exec(last.content) : null;
    const open = state.tokens[index - 1];
    if (last === undefined || found?.[1] === undefined || open === undefined) {
      continue;
    }
    last.content = last.content.slice(0, found.index);
    const isAlone = token.children?.every((child) => child.content === "" && child.type === "text");
    const named = isAlone === true ? (before(state.tokens, index - 1) ?? open) : open;
    // The paragraphs of a tight list are not rendered.
    const shown = named.hidden ? state.tokens[index - 2] : named;
    shown?.attrSet("id", blockAnchor(found[1]));
  }
}

/** Returns the opening token of the block before `index`, to which an ID on a line of its own belongs. */
function before(tokens: readonly Token[], index: number): Token | undefined {
  const last = tokens[index - 1];
  if (last?.nesting !== -1) {
    return last?.block === true ? last : undefined;
  }
  return tokens.slice(0, index - 1).findLast((token) => token.nesting === 1 && token.level === last.level);
}

/** Returns the ID of the element of a block, encoded as VS Code encodes fragments. */
export function blockAnchor(id: string): string {
  return encodeURIComponent(`^${id}`);
}

/** Replaces paragraphs with embeds by `div`, since a paragraph cannot contain blocks. */
function replaceParagraphs(state: StateCore): void {
  for (const [index, token] of state.tokens.entries()) {
    const holdsEmbed = token.children?.some((child) => child.type === EMBED) === true;
    const [open, close] = [state.tokens[index - 1], state.tokens[index + 1]];
    if (holdsEmbed && open?.type === "paragraph_open" && close !== undefined) {
      open.tag = "div";
      close.tag = "div";
      open.attrJoin("class", "vaultls-paragraph");
    }
  }
}
