// Renders wikilinks, embeds and timestamps in a preview. All text of a note is escaped, and all addresses come from the
// server: URIs of files, which are made relative here, and addresses of videos.

import type { MarkdownIt, RendererRule, Token } from "markdown-it";

import { rebase, relativeAddress } from "./address.ts";
import type { Answers, ResolvedLink } from "./answers.ts";
import { EMBED, type LinkMeta, TIMESTAMP, type TimestampMeta, WIKILINK } from "./syntax.ts";

/** The maximum depth of embeds in embeds. */
const MAX_DEPTH = 5;
/** The maximum number of embedded notes in one preview, and of their characters. */
const MAX_EMBEDS = 100;
const MAX_CHARACTERS = 1_000_000;

const PICTURE = /\.(?:avif|bmp|gif|ico|jpe?g|png|svg|webp)$/i;

/** The environment of a rendering: VS Code sets the note, this file the rest. */
interface Environment {
  /** The note of the preview, a URI of VS Code. */
  readonly currentDocument?: { toString(): string };
  vaultls?: Location;
}

interface Location {
  /** The URI of the rendered note: that of the preview, or an embedded one. */
  readonly note: string;
  /** The URI of the note of the preview. */
  readonly top: string;
  /** The enclosing embeds. */
  readonly trail: readonly string[];
  readonly spent: { embeds: number; text: number };
}

export function addRendering(markdown: MarkdownIt, answers: Answers): void {
  const { rules } = markdown.renderer;
  const { escapeHtml } = markdown.utils;

  rules[WIKILINK] = (tokens, index, _options, env: Environment) => link(tokens[index], location(env));
  rules[EMBED] = (tokens, index, options, env: Environment, self) => {
    const here = location(env);
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
  rules[TIMESTAMP] = (tokens, index, _options, env: Environment) => timestamp(tokens[index], location(env));

  function link(token: Token | undefined, here: Location | undefined): string {
    const meta = token?.meta as LinkMeta;
    const found = here && answers.link(here.note, { target: meta.target, isEmbed: false });
    return anchor(label(meta), here, found, "vaultls-link");
  }

  /** Renders a link. If `found` is undefined, the target is not known yet and the link is plain text. */
  function anchor(text: string, here: Location | undefined, found: ResolvedLink | null | undefined, name: string): string {
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

  function embed(meta: LinkMeta, found: ResolvedLink, here: Location, env: Environment): string {
    const title = anchor(label(meta), here, found, "vaultls-link");
    const key = `${found.uri}#${found.fragment ?? ""}`;
    const { trail, spent } = here;
    const isCycle = trail.includes(key) || key === `${here.top}#`;
    const isTooMuch = trail.length >= MAX_DEPTH || spent.embeds >= MAX_EMBEDS || spent.text >= MAX_CHARACTERS;
    if (found.kind !== "note" || typeof found.text !== "string" || isCycle || isTooMuch) {
      return title;
    }
    spent.embeds += 1;
    spent.text += found.text.length;
    const inside: Location = { note: found.uri, top: here.top, trail: [...trail, key], spent };
    const tokens = markdown.parse(found.text, {});
    for (const token of tokens) {
      detach(token, inside);
    }
    const body = markdown.renderer.render(tokens, markdown.options, { ...env, vaultls: inside });
    return `<div class="vaultls-embed"><div class="vaultls-embed-title">${title}</div>${body}</div>`;
  }

  function timestamp(token: Token | undefined, here: Location | undefined): string {
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

function location(env: Environment): Location | undefined {
  if (env.vaultls === undefined && env.currentDocument !== undefined) {
    const note = env.currentDocument.toString();
    env.vaultls = { note, top: note, trail: [], spent: { embeds: 0, text: 0 } };
  }
  return env.vaultls;
}

/** Returns the text of a link: its display text, else its target, with headings separated as in Obsidian. */
function label({ target, display }: LinkMeta): string {
  const parts = target.split("#").map((part) => part.trim());
  return display ?? parts.filter((part) => part !== "").join(" > ");
}

function linkAddress(found: ResolvedLink, here: Location): string | undefined {
  const fragment = found.fragment === null ? "" : `#${encodeURIComponent(found.fragment)}`;
  if (found.uri === here.top && fragment !== "") {
    return fragment;
  }
  const way = relativeAddress(here.top, found.uri);
  return way === undefined ? undefined : way + fragment;
}

/** Renders an image by VS Code's rule for images, which reloads it when the file changes. */
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

/** Removes attributes of a token that are only valid in the embedded note itself. */
function detach(token: Token, inside: Location): void {
  // `data-line`, by which the preview scrolls with the editor, and `id`, which must be unique in a page.
  token.attrs = token.attrs?.filter(([name]) => name !== "data-line" && name !== "id") ?? null;
  if (token.type === "heading_open") {
    // VS Code's rule for `heading_open` would add an ID.
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
