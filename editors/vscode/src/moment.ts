// Moments of videos as people copy them.

/** The clock or the address of a moment that a text is: YouTube's player copies `https://youtu.be/ID?t=115`. */
export function momentIn(text: string): string | undefined {
  const words = text.trim();
  const isAddress = /^(?:https?:\/\/)?[\w.]*youtu\S*[?&#](?:t|start)=\w+\S*$/i.test(words);
  return isAddress || /^\d+(?::\d\d){1,2}$/.test(words) ? words : undefined;
}
