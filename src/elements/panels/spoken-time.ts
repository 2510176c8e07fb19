/** Above one minute the time is spoken at each minute, in the last minute every 20 seconds. */
const stepSeconds = (remainingSeconds: number): number => (remainingSeconds > 60 ? 60 : 20);

/** The moment of speech that has been reached: the time left, rounded up to the next one. */
export function spokenMoment(remainingSeconds: number): number {
  const step = stepSeconds(remainingSeconds);
  return Math.ceil(remainingSeconds / step) * step;
}
