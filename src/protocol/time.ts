/**
 * The time left as text: `M:SS`, and `H:MM:SS` from one hour on.
 * @param seconds whole seconds; less than zero counts as zero.
 */
export function formatRemaining(seconds: number): string {
  const total = Math.max(0, seconds);
  return total < 3600 ? pair(total) : pair(Math.floor(total / 60)) + pair(total % 60).slice(1);
}

/** In sixties, and the rest in two digits. */
const pair = (count: number) => `${Math.floor(count / 60)}:${String(count % 60).padStart(2, '0')}`;
