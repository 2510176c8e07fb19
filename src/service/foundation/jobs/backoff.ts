export interface Backoff {
  firstMs: number;
  /** How much longer each wait is than the one before. */
  factor: number;
  lastMs: number;
}

/**
 * How long to wait after that many failures in a row, ms: give or take a quarter, so that what failed together is not tried
 * again together.
 * @param random from 0 to 1
 */
export function backoffMs(
  { firstMs, factor, lastMs }: Backoff,
  failures: number,
  random = Math.random(),
): number {
  const delayMs = Math.min(firstMs * factor ** (failures - 1), lastMs);
  return Math.round(delayMs * (0.75 + random / 2));
}
