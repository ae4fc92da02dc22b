// Whether text is being written inside of a wikilink.

/** How far back `[[` may lie, in characters; what is longer is prose after brackets that were never closed. */
const REACH = 200;

/** Whether a name, a fragment or what the link shows belongs at the end of `before`, the text of the line up to the cursor. */
export function isInsideLink(before: string): boolean {
  return /(?<!\\)\[\[[^[\]]*$/.test(before.slice(-REACH));
}
