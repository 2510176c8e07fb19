/** Seconds of a time as a person reads it, `M:SS` or `H:MM:SS`. */
export function secondsOf(text: string): number {
  const seconds = text.split(':').reduce((total, part) => total * 60 + Number(part), 0);
  if (!text || Number.isNaN(seconds)) throw new Error(`the page shows no time, but "${text}"`);
  return seconds;
}
