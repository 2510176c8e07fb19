/** What a backend did that the protocol does not allow; the message says what was expected and what came. */
export class Violation extends Error {}

/** @throws {Violation} */
export function expect(isRight: boolean, message: string): asserts isRight {
  if (!isRight) throw new Violation(message);
}

/** A value as it stands in a report, which people hand on: without session tokens. */
export const shown = (value: unknown): string => {
  const hidden = (name: string, member: unknown) => (name === 'session_token' ? '...' : member);
  return cut(JSON.stringify(value, hidden) ?? 'nothing');
};

/** A text as it came, such as the page of a failed server; without session tokens too. */
export const shownText = (text: string): string =>
  cut(
    text
      .replace(/eyJ[\w-]*\.[\w-]*\.[\w-]*/g, '...')
      .replace(/\s+/g, ' ')
      .trim() || 'nothing',
  );

const cut = (text: string) => (text.length > 120 ? `${text.slice(0, 120)}...` : text);

/** Tells all of it at once. @throws {Violation} where there is anything. */
export function expectNone(faults: readonly string[]): void {
  if (faults.length > 0) throw new Violation(faults.join('; '));
}

export function expectWhole(value: unknown, name: string, min = 0): asserts value is number {
  expect(
    Number.isSafeInteger(value) && (value as number) >= min,
    `${name} is to be a whole number from ${min} on, and is ${shown(value)}`,
  );
}
