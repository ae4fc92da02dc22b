// Addresses in a preview: relative to the note that is shown, as VS Code follows them.

/** From one `file:` URI to another: `../b%20c.md`. Undefined if there is no such way. */
export function relativeAddress(from: string, to: string): string | undefined {
  const [here, there] = [segments(from), segments(to)];
  if (here === undefined || there === undefined || here[0] !== there[0]) {
    return undefined;
  }
  const folder = here.slice(0, -1);
  let common = 0;
  while (common < folder.length && common < there.length - 1 && folder[common] === there[common]) {
    common += 1;
  }
  const up = folder.slice(common).map(() => "..");
  const way = [...up, ...there.slice(common).map(encodeURIComponent)].join("/");
  // `a:b.md` would be read as a scheme.
  return way.startsWith("..") ? way : `./${way}`;
}

/** An address as written in one note, for a note elsewhere. Whole addresses, and those from the root, stay as they are. */
export function rebase(address: string, from: string, to: string): string {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/|\\)/i.test(address)) {
    return address;
  }
  try {
    const whole = new URL(address === "" ? from : address, from);
    const way = relativeAddress(to, whole.origin === "null" ? `${whole.protocol}//${whole.host}${whole.pathname}` : whole.href);
    return way === undefined ? address : way + whole.search + whole.hash;
  } catch {
    return address;
  }
}

/** Host and decoded path of a `file:` URI. A drive's letter is written small, for programs disagree about it. */
function segments(uri: string): string[] | undefined {
  const found = /^file:\/\/([^/?#]*)(\/[^?#]*)$/i.exec(uri);
  if (found === null) {
    return undefined;
  }
  try {
    const path = (found[2] ?? "").slice(1).split("/").map(decodeURIComponent);
    const drive = path[0]?.replace(/^[A-Z]:$/, (letter) => letter.toLowerCase());
    return [found[1] ?? "", drive ?? "", ...path.slice(1)];
  } catch {
    return undefined;
  }
}
