const unitMs = { ms: 1, s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };

/** A length: milliseconds, or a text such as `90s`, `10m`, `1h30m`. */
export type Duration = number | string;

/** @returns milliseconds. @throws {TypeError} where it is neither. */
export function parseDuration(duration: Duration): number {
  if (typeof duration === 'number' && duration >= 0) return duration;
  const parts = [...String(duration).matchAll(/(\d+(?:\.\d+)?)\s*(ms|s|m|h|d)/g)];
  const isWhole = parts.length > 0 && parts.map(([part]) => part).join('') === String(duration);
  if (!isWhole) throw new TypeError(`${String(duration)} is no length: write 90s, 10m, or milliseconds`);
  return parts.reduce((sum, [, count, unit]) => sum + Number(count) * unitMs[unit as keyof typeof unitMs], 0);
}
