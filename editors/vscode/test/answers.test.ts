import assert from "node:assert/strict";
import { test } from "node:test";
import { setTimeout as pause } from "node:timers/promises";

import { AnswerCache, type LinkQuestion, type ResolvedLink } from "../src/preview/answers.ts";

const note = (uri: string): ResolvedLink => ({ uri, kind: "note", fragment: null, isFragmentMissing: false });
const plain = (target: string): LinkQuestion => ({ target, isEmbed: false });

/** A server whose vault is `targets`, and a preview that asks for `questions` whenever it is told to. */
function stage(targets: Map<string, ResolvedLink>, questions: LinkQuestion[]) {
  const seen: (ResolvedLink | null | undefined)[][] = [];
  let asked = 0;
  const cache = new AnswerCache(
    (_, { links }) => {
      asked += 1;
      return Promise.resolve({ moments: [], links: links.map(({ target }) => targets.get(target) ?? null) });
    },
    () => {
      render();
    },
  );
  function render(): void {
    seen.push(questions.map((question) => cache.link("file:///a.md", question)));
  }
  return { cache, render, seen, asked: () => asked };
}

test("a preview is rendered again when the answers are there, and then no more", async () => {
  const stageOf = stage(new Map([["b", note("file:///b.md")]]), [plain("b"), plain("gone")]);
  stageOf.render();
  await pause(30);
  assert.deepEqual(stageOf.seen, [[undefined, undefined], [note("file:///b.md"), null]]);
  assert.equal(stageOf.asked(), 2);
});

test("a change of the vault is shown, and none is not", async () => {
  const targets = new Map<string, ResolvedLink>();
  const { cache, render, seen } = stage(targets, [plain("b")]);
  render();
  await pause(30);
  const before = seen.length;
  cache.refresh();
  await pause(30);
  assert.equal(seen.length, before);
  targets.set("b", note("file:///b.md"));
  cache.refresh();
  await pause(30);
  assert.deepEqual(seen.at(-1), [note("file:///b.md")]);
});

test("a server that cannot answer leaves what is known", async () => {
  let changes = 0;
  const cache = new AnswerCache(
    () => Promise.reject(new Error("gone")),
    () => (changes += 1),
  );
  assert.equal(cache.link("file:///a.md", plain("b")), undefined);
  await pause(30);
  assert.equal(cache.link("file:///a.md", plain("b")), undefined);
  assert.equal(changes, 0);
  cache.dispose();
});

test("a wish to render that is not heard is said again, but not for ever", async (context) => {
  context.mock.timers.enable({ apis: ["setTimeout"] });
  const wishes: number[] = [];
  let now = 0;
  const cache = new AnswerCache(
    (_, { links }) => Promise.resolve({ moments: [], links: links.map(() => note("file:///b.md")) }),
    () => {
      wishes.push(now);
      if (wishes.length === 5) {
        cache.link("file:///a.md", plain("b"));
      }
    },
  );
  const pass = async (milliseconds: number) => {
    for (const end = now + milliseconds; now < end; now += 100) {
      context.mock.timers.tick(100);
      await Promise.resolve();
      await Promise.resolve();
      await Promise.resolve();
      await Promise.resolve();
    }
  };
  cache.link("file:///a.md", plain("b"));
  await pass(5000);
  assert.equal(wishes.length, 3);
  cache.link("file:///a.md", plain("c"));
  await pass(5000);
  assert.equal(wishes.length, 5);
});
