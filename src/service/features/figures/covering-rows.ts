const quarterMs = 900_000;
/** How long the roll-ups of each kind are, quarters of an hour, longest first. */
const widths = [96, 4, 1] as const;

/** Roll-ups of one kind that begin within a part of the time; they are added (1) or taken off (-1). */
export interface Cover {
  /** The number of the span that they are of. */
  span: number;
  sign: 1 | -1;
  quarters: number;
  from: number;
  to: number;
}

/**
 * The fewest roll-ups that come to what happened in each span between two moments that follow each other, each of which begins with a
 * quarter of an hour. A day of a time zone is a day of UTC that lies nearest, with some hours and quarters more at one end and
 * less at the other.
 */
export function coverSpans(starts: readonly number[]): Cover[] {
  return starts.slice(1).flatMap((end, span) => {
    const start = starts[span]!;
    const fit = widths.filter((quarters) => quarters * quarterMs <= end - start);
    const cover: Cover[] = [];
    const add = (quarters: number, from: number, to: number, sign: 1 | -1) => {
      if (from < to) cover.push({ span, sign, quarters, from, to });
      else if (to < from) cover.push({ span, sign: sign === 1 ? -1 : 1, quarters, from: to, to: from });
    };
    let [from, to] = [start, start];
    for (const [index, quarters] of fit.entries()) {
      const [nextFrom, nextTo] = [nearest(start, quarters), nearest(end, quarters)];
      if (index === 0) add(quarters, nextFrom, nextTo, 1);
      else {
        add(quarters, to, nextTo, 1);
        add(quarters, from, nextFrom, -1);
      }
      [from, to] = [nextFrom, nextTo];
    }
    return cover;
  });
}

const nearest = (at: number, quarters: number) =>
  Math.round(at / (quarters * quarterMs)) * quarters * quarterMs;
