/** What a backend did that the protocol does not allow; the message says what was expected and what came. */
export class Violation extends Error {}

/** @throws {Violation} */
export function expect(isRight: boolean, message: string): asserts isRight {
  if (!isRight) throw new Violation(message);
}

/** A value as it stands in a report, which people hand on: without session tokens. */
export const shown = (value: unknown): string => {
  const hidden = (name: string, member: unknown) => (name === 'session_token' ? '...' : member);
  const text = JSON.stringify(value, hidden) ?? 'nothing';
  return text.length > 120 ? `${text.slice(0, 120)}...` : text;
};

export function expectWhole(value: unknown, name: string, min = 0): asserts value is number {
  expect(
    Number.isSafeInteger(value) && (value as number) >= min,
    `${name} is to be a whole number from ${min} on, and is ${shown(value)}`,
  );
}
