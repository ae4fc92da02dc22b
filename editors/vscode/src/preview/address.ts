// Relative addresses, which VS Code's preview follows.

/** Returns the address from one `file:` URI to another: `../b%20c.md`. Undefined if there is none. */
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
  const relative = [...up, ...there.slice(common).map(encodeURIComponent)].join("/");
  // `a:b.md` would have a scheme.
  return relative.startsWith("..") ? relative : `./${relative}`;
}

/** Returns an address of one note relative to another. Absolute addresses are unchanged. */
export function rebase(address: string, from: string, to: string): string {
  if (/^(?:[a-z][a-z0-9+.-]*:|\/|\\)/i.test(address)) {
    return address;
  }
  try {
    const whole = new URL(address === "" ? from : address, from);
    const relative = relativeAddress(to, whole.origin === "null" ? `${whole.protocol}//${whole.host}${whole.pathname}` : whole.href);
    return relative === undefined ? address : relative + whole.search + whole.hash;
  } catch {
    return address;
  }
}

/** Returns the host and the decoded path of a `file:` URI. The letter of a drive is in lower case, as programs differ. */
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
