/**
 * The time left as text: `M:SS`, and `H:MM:SS` from one hour on.
 * @param seconds whole seconds; less than zero counts as zero.
 */
export function formatRemaining(seconds: number): string {
  const total = Math.max(0, seconds);
  const minutes = Math.floor(total / 60);
  const rest = String(total % 60).padStart(2, '0');
  if (minutes < 60) return `${minutes}:${rest}`;
  return `${Math.floor(minutes / 60)}:${String(minutes % 60).padStart(2, '0')}:${rest}`;
}
