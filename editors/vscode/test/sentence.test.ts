import assert from "node:assert/strict";
import { describe, test } from "node:test";

import { sentenceAround } from "../src/sentence.ts";

/** The sentence around the `‹link›` of a text, with the link marked in it as well. */
function around(marked: string): string {
  const lines = marked.split("\n");
  const line = lines.findIndex((line) => line.includes("‹"));
  const start = lines[line]?.indexOf("‹") ?? 0;
  const end = (lines[line]?.indexOf("›") ?? 0) - 1;
  const plain = lines.map((line) => line.replace(/[‹›]/g, ""));
  const { text, link } = sentenceAround(plain, line, start, end);
  return `${text.slice(0, link[0])}‹${text.slice(...link)}›${text.slice(link[1])}`;
}

describe("the sentence around a link", () => {
  test("ends where the next one begins", () => {
    assert.equal(around("First. Then ‹[[a]]› comes. Last."), "Then ‹a› comes.");
    assert.equal(around("‹[[a]]›"), "‹a›");
  });

  test("goes over the lines of its paragraph, not beyond", () => {
    assert.equal(around("# Head\nOne. Two\nand ‹[[a]]› and\nthree. Four.\n\nFive"), "Two and ‹a› and three.");
    assert.equal(around("- one\n- see ‹[[a]]›\n- two"), "see ‹a›");
    assert.equal(around("text\n## About ‹[[a]]›\ntext"), "About ‹a›");
    assert.equal(around("```\ncode\n```\nsee ‹[[a]]›\n| table |"), "see ‹a›");
  });

  test("leaves out what marks a list, a quote or a task", () => {
    assert.equal(around("  1. see ‹[[a]]›"), "see ‹a›");
    assert.equal(around("> - [x] see ‹[[a]]›"), "see ‹a›");
    assert.equal(around("> one\n> see ‹[[a]]›"), "see ‹a›");
  });

  test("is not cut within the link", () => {
    assert.equal(around("See ‹[[Is it so? Yes. No]]› there. End."), "See ‹Is it so? Yes. No› there.");
  });

  test("begins so that the link can be seen", () => {
    const long = "word ".repeat(30);
    assert.equal(around(`${long}‹[[a]]› end`), `…${"word ".repeat(4)}‹a› end`);
    assert.equal(around(`${"x".repeat(90)}‹[[a]]›`), "…‹a›");
  });

  test("shows links as a reader sees them", () => {
    assert.equal(around("In ‹[[a#B | the *part*]]›, [[c]] and ![d](d.png)."), "In ‹the *part*›, c and d.");
    assert.equal(around("From ‹[text](<a b.md>)› at <a data-t=\"0:10\">[0:10]</a>"), "From ‹text› at [0:10]");
    assert.equal(around("| x | ‹[[a\\|b]]› |"), "| x | ‹b› |");
  });

  test("is empty where the text is not there any more", () => {
    assert.deepEqual(sentenceAround([], 3, 1, 4), { text: "", whole: "", link: [0, 0] });
  });
});
