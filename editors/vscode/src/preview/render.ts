// How wikilinks, embeds and timestamps look in a preview. Everything that comes from a note is escaped, and addresses
// are made here and nowhere else: of files, as the server names them, and of videos with an id that can be one.

import type { MarkdownIt, RendererRule, Token } from "markdown-it";

import { rebase, relativeAddress } from "./address.ts";
import type { Answers, ResolvedLink } from "./answers.ts";
import { EMBED, type LinkMeta, TIMESTAMP, type TimestampMeta, WIKILINK } from "./syntax.ts";

/** How deep embeds may lie in embeds. */
const DEEPEST = 5;
/** How many embedded notes one rendering shows, and how many characters of them. */
const MOST_EMBEDS = 100;
const MOST_TEXT = 1_000_000;

const PICTURE = /\.(?:avif|bmp|gif|ico|jpe?g|png|svg|webp)$/i;

/** Where the rendering is: VS Code gives the note, this file the rest. */
interface Environment {
  /** The note whose preview it is, a URI of VS Code. */
  readonly currentDocument?: { toString(): string };
  vaultls?: Place;
}

interface Place {
  /** The URI of the note whose text is rendered: that of the preview, or an embedded one. */
  readonly note: string;
  /** The URI of the note whose preview it is. */
  readonly top: string;
  /** The embeds that lead here. */
  readonly trail: readonly string[];
  readonly spent: { embeds: number; text: number };
}

export function addRendering(markdown: MarkdownIt, answers: Answers): void {
  const { rules } = markdown.renderer;
  const { escapeHtml } = markdown.utils;

  rules[WIKILINK] = (tokens, index, _options, env: Environment) => link(tokens[index], place(env));
  rules[EMBED] = (tokens, index, options, env: Environment, self) => {
    const here = place(env);
    const meta = tokens[index]?.meta as LinkMeta;
    const found = here && answers.link(here.note, { target: meta.target, isEmbed: true });
    if (!here || !found) {
      return anchor(label(meta), here, found, "vaultls-link");
    }
    if (PICTURE.test(found.uri)) {
      return picture(markdown, meta, relativeAddress(here.top, found.uri) ?? "", options, env, self);
    }
    return embed(meta, found, here, env);
  };
  rules[TIMESTAMP] = (tokens, index, _options, env: Environment) => timestamp(tokens[index], place(env));

  function link(token: Token | undefined, here: Place | undefined): string {
    const meta = token?.meta as LinkMeta;
    const found = here && answers.link(here.note, { target: meta.target, isEmbed: false });
    return anchor(label(meta), here, found, "vaultls-link");
  }

  /** `undefined`: not known yet, a link that cannot be followed for now. */
  function anchor(text: string, here: Place | undefined, found: ResolvedLink | null | undefined, name: string): string {
    const address = found && here ? linkAddress(found, here) : undefined;
    const shown = escapeHtml(text);
    if (address === undefined) {
      const broken = found === null ? ` ${name}-broken` : "";
      return `<span class="${name}${broken}">${shown}</span>`;
    }
    const missing = found?.isFragmentMissing === true ? ` ${name}-broken` : "";
    const attribute = escapeHtml(address);
    return `<a class="${name}${missing}" href="${attribute}" data-href="${attribute}">${shown}</a>`;
  }

  function embed(meta: LinkMeta, found: ResolvedLink, here: Place, env: Environment): string {
    const title = anchor(label(meta), here, found, "vaultls-link");
    const key = `${found.uri}#${found.fragment ?? ""}`;
    const { trail, spent } = here;
    const isCycle = trail.includes(key) || key === `${here.top}#`;
    const isTooMuch = trail.length >= DEEPEST || spent.embeds >= MOST_EMBEDS || spent.text >= MOST_TEXT;
    if (found.kind !== "note" || typeof found.text !== "string" || isCycle || isTooMuch) {
      return title;
    }
    spent.embeds += 1;
    spent.text += found.text.length;
    const inside: Place = { note: found.uri, top: here.top, trail: [...trail, key], spent };
    const tokens = markdown.parse(found.text, {});
    for (const token of tokens) {
      detach(token, inside);
    }
    const body = markdown.renderer.render(tokens, markdown.options, { ...env, vaultls: inside });
    return `<div class="vaultls-embed"><div class="vaultls-embed-title">${title}</div>${body}</div>`;
  }

  function timestamp(token: Token | undefined, here: Place | undefined): string {
    const { clock, label } = token?.meta as TimestampMeta;
    const shown = escapeHtml(markdown.utils.unescapeAll(label.trim() === "" ? `[${clock}]` : label));
    const address = here && answers.moment(here.note, clock);
    if (!address) {
      return shown;
    }
    const attribute = escapeHtml(address);
    return `<a class="vaultls-timestamp" href="${attribute}" data-href="${attribute}">${shown}</a>`;
  }
}

function place(env: Environment): Place | undefined {
  if (env.vaultls === undefined && env.currentDocument !== undefined) {
    const note = env.currentDocument.toString();
    env.vaultls = { note, top: note, trail: [], spent: { embeds: 0, text: 0 } };
  }
  return env.vaultls;
}

/** What a link shows: its display text, else its target, headings set off as Obsidian does. */
function label({ target, display }: LinkMeta): string {
  const parts = target.split("#").map((part) => part.trim());
  return display ?? parts.filter((part) => part !== "").join(" > ");
}

function linkAddress(found: ResolvedLink, here: Place): string | undefined {
  const fragment = found.fragment === null ? "" : `#${encodeURIComponent(found.fragment)}`;
  if (found.uri === here.top && fragment !== "") {
    return fragment;
  }
  const way = relativeAddress(here.top, found.uri);
  return way === undefined ? undefined : way + fragment;
}

/** An image by the rule that VS Code has for images, which loads it again when the file changes. */
function picture(markdown: MarkdownIt, meta: LinkMeta, address: string, ...rest: Rest): string {
  const size = /^(\d{1,5})(?:x(\d{1,5}))?$/.exec(meta.display ?? "");
  const [token] = markdown.parseInline("![x](x)", {})[0]?.children ?? [];
  if (token === undefined) {
    return "";
  }
  token.content = size === null ? label(meta) : meta.target.trim();
  token.attrs = [["src", address], ["alt", token.content]];
  for (const child of token.children ?? []) {
    child.content = token.content;
  }
  if (size?.[1] !== undefined) {
    token.attrSet("width", size[1]);
  }
  if (size?.[2] !== undefined) {
    token.attrSet("height", size[2]);
  }
  return markdown.renderer.rules.image?.([token], 0, ...rest) ?? "";
}

type Rest = Parameters<RendererRule> extends [unknown, unknown, ...infer Others] ? Others : never;

/** Takes from a token of an embedded note what is only right in the note itself. */
function detach(token: Token, inside: Place): void {
  // Lines of another note: the preview scrolls with the editor by these. And ids, of which a page has each once.
  token.attrs = token.attrs?.filter(([name]) => name !== "data-line" && name !== "id") ?? null;
  if (token.type === "heading_open") {
    // Rendered by a rule of VS Code that gives it an id; another name goes without.
    token.type = "vaultls_heading_open";
  }
  for (const name of ["href", "src"]) {
    const address = token.attrGet(name);
    if (address !== null) {
      token.attrSet(name, rebase(address, inside.note, inside.top));
    }
  }
  for (const child of token.children ?? []) {
    detach(child, inside);
  }
}
