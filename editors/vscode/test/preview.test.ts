import assert from "node:assert/strict";
import { describe, test } from "node:test";

import MarkdownItClass from "markdown-it";

import { rebase, relativeAddress } from "../src/preview/address.ts";
import type { Answers, ResolvedLink } from "../src/preview/answers.ts";
import { addRendering } from "../src/preview/render.ts";
import { addRules } from "../src/preview/syntax.ts";

const VIDEO = "dQw4w9WgXcQ";
const TOP = "file:///v/in/top.md";

const MOMENTS = Object.fromEntries(
  [["00:01:55", 115], ["1:55", 115], ["01:00:00", 3600]].map(([clock, second]) => [
    clock,
    `https://www.youtube.com/watch?v=${VIDEO}&t=${second}s`,
  ]),
) as Record<string, string>;

interface Vault {
  /** By target as the note writes it, trimmed. What is left out leads nowhere. */
  readonly links?: Record<string, Partial<ResolvedLink> & { uri: string }>;
  /** The addresses of moments in the note at `TOP`, by clock. */
  readonly moments?: Record<string, string>;
}

/** The HTML of a note at `TOP`, set up as VS Code does: HTML is let through, and images have a rule of its own. */
function render(text: string, { links = {}, moments = MOMENTS }: Vault = {}): string {
  const markdown = new MarkdownItClass({ html: true, linkify: true });
  const answers: Answers = {
    moment: (note, clock) => (note === TOP ? (moments[clock] ?? null) : null),
    link: (_, { target }) => {
      const found = links[target.trim()];
      return found === undefined ? null : { kind: "note", fragment: null, isFragmentMissing: false, ...found };
    },
  };
  addRules(markdown);
  addRendering(markdown, answers);
  return markdown.render(text, { currentDocument: { toString: () => TOP } }).trim();
}

const b = { uri: "file:///v/b%20c.md" };
const paragraph = (inside: string) => `<p>${inside}</p>`;
const anchor = (address: string, text: string, name = "vaultls-link") =>
  `<a class="${name}" href="${address}" data-href="${address}">${text}</a>`;
const moment = (address: string, text: string) => anchor(address, text, "vaultls-timestamp");
const at = (second: number, video = VIDEO) => `https://www.youtube.com/watch?v=${video}&amp;t=${second}s`;

describe("a wikilink", () => {
  test("leads where the server says", () => {
    assert.equal(render("see [[ b ]].", { links: { b } }), paragraph(`see ${anchor("../b%20c.md", "b")}.`));
    const heading = { ...b, fragment: "äh-1" };
    assert.equal(render("[[b#Äh]]", { links: { "b#Äh": heading } }), paragraph(anchor("../b%20c.md#%C3%A4h-1", "b &gt; Äh")));
    const block = { ...b, fragment: "^one" };
    assert.equal(render("[[b#^one | B]]", { links: { "b#^one": block } }), paragraph(anchor("../b%20c.md#%5Eone", "B")));
  });

  test("stays on the page if it leads there", () => {
    const here = { uri: TOP, fragment: "part" };
    assert.equal(render("[[#Part]]", { links: { "#Part": here } }), paragraph(anchor("#part", "Part")));
  });

  test("is marked if it leads nowhere, or not to what it names", () => {
    assert.equal(render("[[gone]]"), paragraph('<span class="vaultls-link vaultls-link-broken">gone</span>'));
    const missing = { ...b, isFragmentMissing: true };
    const expected = anchor("../b%20c.md", "b &gt; X", "vaultls-link vaultls-link-broken");
    assert.equal(render("[[b#X]]", { links: { "b#X": missing } }), paragraph(expected));
  });

  test("has display text with brackets, and in tables an escaped bar", () => {
    assert.equal(render("[[b|see [1]]]", { links: { b } }), paragraph(anchor("../b%20c.md", "see [1]")));
    assert.equal(render("[[b\\|B]]", { links: { b } }), paragraph(anchor("../b%20c.md", "B")));
    assert.match(render("| a |\n|--|\n| [[b\\|B]] |", { links: { b } }), /<td><a [^>]*>B<\/a><\/td>/);
  });

  test("is none in code, after an escape, without a name or unfinished", () => {
    for (const text of ["`[[b]]`", "    [[b]]", "```\n[[b]]\n```", "\\[[b]]", "[[]]", "[[ | x]]", "[[b", "[[b\nc]]"]) {
      assert.doesNotMatch(render(text, { links: { b } }), /<a |<span/, text);
    }
  });

  test("shows no HTML of the note, and follows no script", () => {
    const text = "[[b|<img src=x onerror=alert(1)>]] [[<script>alert(1)</script>]]";
    assert.doesNotMatch(render(text, { links: { b } }), /<img|<script/);
    const evil = { uri: 'javascript:alert(1)//"><script>' };
    assert.equal(render("[[b]]", { links: { b: evil } }), paragraph('<span class="vaultls-link">b</span>'));
    const odd = { uri: "file:///v/in/javascript:alert(1)%22%3E.md" };
    assert.equal(render("[[b]]", { links: { b: odd } }), paragraph(anchor("./javascript%3Aalert(1)%22%3E.md", "b")));
  });
});

describe("an embed", () => {
  test("shows a picture, with its size", () => {
    const links = { "a b.png": { uri: "file:///v/in/a%20b.png", kind: "attachment" as const } };
    const image = (more: string) => `<img src="./a%20b.png" alt="${more}>`;
    assert.match(render("![[a b.png]]", { links }), new RegExp(image('a b.png"')));
    assert.match(render("![[a b.png|300]]", { links }), new RegExp(image('a b.png" width="300"')));
    assert.match(render("![[a b.png | 30x20]]", { links }), new RegExp(image('a b.png" width="30" height="20"')));
    assert.match(render('![[a b.png|x" onload="y]]', { links }), new RegExp(image('x&quot; onload=&quot;y"')));
  });

  test("shows a note, in a block that may hold blocks", () => {
    const html = render("![[b]]", { links: { b: { ...b, text: "# B\n\n- one\n" } } });
    assert.match(html, /^<div class="vaultls-paragraph"><div class="vaultls-embed">/);
    assert.match(html, /<h1>B<\/h1>\n<ul>\n<li>one<\/li>\n<\/ul>/);
    assert.doesNotMatch(html, /<p>/);
  });

  test("shows the links of an embedded note as they stand for the page", () => {
    const text = "[x](d.md#e) ![](p.png) [root](/r.md) [web](https://example.org) [own](#h)";
    const html = render("![[b]]", { links: { b: { uri: "file:///v/far/b.md", text } } });
    assert.match(html, /href="\.\.\/far\/d\.md#e".*src="\.\.\/far\/p\.png".*href="\/r\.md".*href="https:\/\/example\.org".*href="\.\.\/far\/b\.md#h"/);
  });

  test("of an embed ends, in a circle and in the depth", () => {
    const self = { uri: TOP, text: "me ![[top]]" };
    assert.equal(render("![[top]]", { links: { top: self } }).match(/vaultls-embed"/g), null);
    const b1 = { ...b, text: "![[c]]" };
    const c1 = { uri: "file:///v/c.md", text: "![[b]]" };
    assert.equal(render("![[b]]", { links: { b: b1, c: c1 } }).match(/vaultls-embed"/g)?.length, 2);
    const deep = Object.fromEntries(
      Array.from({ length: 20 }, (_, n) => [`n${n}`, { uri: `file:///v/n${n}.md`, text: `![[n${n + 1}]]` }]),
    );
    assert.equal(render("![[n0]]", { links: deep }).match(/vaultls-embed"/g)?.length, 5);
  });

  test("of many embeds of many embeds does not fill the memory", () => {
    const many = Object.fromEntries(
      Array.from({ length: 20 }, (_, n) => [
        `n${n}`,
        { uri: `file:///v/n${n}.md`, text: Array.from({ length: 20 }, (_, m) => `![[n${m}]]`).join("\n\n") },
      ]),
    );
    const count = render(Object.keys(many).map((name) => `![[${name}]]`).join("\n\n"), { links: many }).match(/vaultls-embed"/g);
    assert.equal(count?.length, 100);
  });

  test("of another kind of file is a link", () => {
    const links = { "a.pdf": { uri: "file:///v/a.pdf", kind: "attachment" as const } };
    assert.match(render("![[a.pdf]]", { links }), /<a class="vaultls-link" href="\.\.\/a\.pdf"/);
    assert.match(render("![[gone.png]]"), /vaultls-link-broken">gone\.png/);
  });
});

describe("a timestamp", () => {
  test("opens the video at its moment, in every form", () => {
    const tag = '<a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>';
    const expected = paragraph(`x ${moment(at(115), "[00:01:55]")}.`);
    for (const form of [tag, `[00:01:55](${tag})`, "[00:01:55]", '<a data-t=00:01:55 class="a yt-timestamp">[00:01:55]</a>']) {
      assert.equal(render(`x ${form}.`), expected, form);
    }
    assert.equal(render("[1:55]"), paragraph(moment(at(115), "[1:55]")));
    assert.match(render('<a class="yt-timestamp" data-t="01:00:00"></a> x'), />\[01:00:00\]<\/a>/);
  });

  test("is plain text in a note without a video, or if it names no moment", () => {
    const tag = '<a class="yt-timestamp" data-t="00:01:55">[00:01:55]</a>';
    assert.equal(render(`x ${tag} [1:55]`, { moments: {} }), paragraph("x [00:01:55] [1:55]"));
    const odd = render(`x ${tag}`, { moments: { "00:01:55": 'a"onclick="b' } });
    assert.equal(odd, paragraph(`x ${moment("a&quot;onclick=&quot;b", "[00:01:55]")}`));
    assert.equal(render(`x ${tag.replace("55", "95")}`), paragraph("x [00:01:55]"));
  });

  test("is none where Markdown says what it is", () => {
    assert.equal(render("`[1:55]`"), paragraph("<code>[1:55]</code>"));
    assert.match(render("[1:55](https://example.org)"), /href="https:\/\/example\.org"/);
    assert.match(render("[1:55]\n\n[1:55]: https://example.org"), /href="https:\/\/example\.org"/);
    assert.equal(render("[1:5] [1:555] [x1:55]"), paragraph("[1:5] [1:555] [x1:55]"));
  });

  test("shows what it says as text", () => {
    assert.doesNotMatch(render('x <a class="yt-timestamp" data-t="1:00">&lt;img src=x&gt;</a>'), /<img/);
  });
});

describe("a block id", () => {
  test("is not shown, and is where links to the block lead", () => {
    assert.equal(render("Text. ^one"), '<p id="%5Eone">Text.</p>');
    assert.match(render("- item ^two\n- other"), /<li id="%5Etwo">item<\/li>/);
    assert.match(render("> said\n\n^three"), /<blockquote id="%5Ethree">/);
    assert.match(render("# Head ^four"), /<h1 id="%5Efour">Head<\/h1>/);
  });

  test("is text elsewhere", () => {
    assert.equal(render("2^3 and `x ^y`"), paragraph("2^3 and <code>x ^y</code>"));
    assert.equal(render("a ^b c"), paragraph("a ^b c"));
  });
});

test("addresses are relative to the note that is shown", () => {
  assert.equal(relativeAddress("file:///v/a.md", "file:///v/a.md"), "./a.md");
  assert.equal(relativeAddress("file:///v/x/y/a.md", "file:///v/z/%C3%A4%23.md"), "../../z/%C3%A4%23.md");
  assert.equal(relativeAddress("file:///c%3A/v/a.md", "file:///C:/v/b.md"), "./b.md");
  assert.equal(relativeAddress("file://host/v/a.md", "file:///v/b.md"), undefined);
  assert.equal(relativeAddress("untitled:Untitled-1", "file:///v/b.md"), undefined);
  assert.equal(rebase("c%20d.png?x#y", "file:///v/e/b.md", "file:///v/a.md"), "./e/c%20d.png?x#y");
  assert.equal(rebase("#h", "file:///v/e/b.md", "file:///v/a.md"), "./e/b.md#h");
  assert.equal(rebase("javascript:x", "file:///v/e/b.md", "file:///v/a.md"), "javascript:x");
});
