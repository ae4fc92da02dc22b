// Whether the cursor is in a wikilink. The editor decides by this, without waiting for the server, whether to request
// completions at all; what belongs there is up to the server.

/** The maximum distance of `[[` in characters. Longer text is prose after unclosed brackets. */
const REACH = 200;

/** Whether `before`, the line up to the cursor, ends in the target, the fragment or the display text of a wikilink. */
export function isInsideLink(before: string): boolean {
  return /(?<!\\)\[\[[^[\]]*$/.test(before.slice(-REACH));
}
