const quarterMs = 900_000;
/** How long the roll-ups of each kind are, quarters of an hour, longest first. */
const widths = [96, 4, 1];

/** Roll-ups of one kind that begin within a part of the time. */
export interface Cover {
  quarters: number;
  from: number;
  to: number;
  /** The number of the span that they are added to, and of the one that they are taken off, where there is one. */
  added: number | null;
  taken: number | null;
}

/**
 * The fewest roll-ups that come to what happened in each span between two moments that follow each other, each of which is a
 * quarter of an hour's beginning: of days of a time zone the days of UTC that lie nearest, and from one to the other some hours and quarters,
 * which one day has more and its neighbour less.
 */
export function coverSpans(starts: readonly number[]): Cover[] {
  const longest = Math.max(...starts.slice(1).map((end, span) => end - starts[span]!));
  const [widest = 1, ...finer] = widths.filter((quarters) => quarters * quarterMs <= longest);
  const cover: Cover[] = [];
  const add = (quarters: number, from: number, to: number, spans: Pick<Cover, 'added' | 'taken'>) => {
    if (from < to) cover.push({ quarters, from, to, ...spans });
  };
  let bounds = starts.map((at) => nearest(at, widest));
  for (const [span, end] of bounds.slice(1).entries())
    add(widest, bounds[span]!, end, { added: span, taken: null });
  for (const quarters of finer) {
    const next = starts.map((at) => nearest(at, quarters));
    for (const [index, at] of next.entries()) {
      const before = index > 0 ? index - 1 : null;
      const after = index < starts.length - 1 ? index : null;
      add(quarters, bounds[index]!, at, { added: before, taken: after });
      add(quarters, at, bounds[index]!, { added: after, taken: before });
    }
    bounds = next;
  }
  return cover;
}

const nearest = (at: number, quarters: number) =>
  Math.round(at / (quarters * quarterMs)) * quarters * quarterMs;
