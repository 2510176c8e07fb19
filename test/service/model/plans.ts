export interface Plan {
  id: string;
  tokens: number;
  expires: boolean;
  /** How long its periods are; without it a month. */
  days?: number;
}

/** What there is of each kind: more and less of one interval, another interval, kept and lost. */
export const plans: readonly Plan[] = [
  { id: 'small', tokens: 10, expires: true, days: 1 },
  { id: 'large', tokens: 37, expires: true, days: 1 },
  { id: 'kept', tokens: 20, expires: false, days: 1 },
  { id: 'slow', tokens: 100, expires: true },
];

/** As a calendar on a wall has it: the same day so many months later, or the last day of that month. */
export function addMonths(seconds: number, months: number): number {
  const from = new Date(seconds * 1000);
  const to = new Date(from);
  to.setUTCDate(1);
  to.setUTCMonth(from.getUTCMonth() + months);
  const month = to.getUTCMonth();
  to.setUTCDate(from.getUTCDate());
  // Too far by so many days: the month before has ended by then.
  if (to.getUTCMonth() !== month) to.setUTCDate(0);
  return to.getTime() / 1000;
}
