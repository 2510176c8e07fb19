/** How near the end the time is spoken at which distance, seconds: the nearer, the more often, and never all day. */
const steps: [fromSeconds: number, stepSeconds: number][] = [
  [7200, 3600],
  [1800, 900],
  [300, 300],
  [60, 60],
];

/** The moment of speech that has been reached: the time left, rounded up to the next one. */
export function spokenMoment(remainingSeconds: number): number {
  const [, step] = steps.find(([from]) => remainingSeconds > from) ?? [0, 20];
  return Math.ceil(remainingSeconds / step) * step;
}
