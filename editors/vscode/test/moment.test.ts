import assert from "node:assert/strict";
import { test } from "node:test";

import { momentIn } from "../src/moment.ts";

test("a clock or the address of a moment is one", () => {
  for (const text of ["1:55", " 00:01:55\n", "https://youtu.be/Rxmv7rT9leo?t=115", "https://www.youtube.com/watch?v=Rxmv7rT9leo&t=1m55s", "youtu.be/Rxmv7rT9leo?si=x&t=5"]) {
    assert.equal(momentIn(text), text.trim(), text);
  }
});

test("other words are none", () => {
  for (const text of ["", "115", "at 1:55", "1:5", "https://youtu.be/Rxmv7rT9leo", "https://a.b/?t=5", "see https://youtu.be/Rxmv7rT9leo?t=115"]) {
    assert.equal(momentIn(text), undefined, text);
  }
});
