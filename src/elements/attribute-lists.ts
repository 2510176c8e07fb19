const words = (text: string | null) => text?.split(/[\s,]+/).filter(Boolean);

/** A property of words: `return-origins="https://a.example https://b.example"`. */
export const wordList = words;

/** A property of positive whole numbers: `warning-seconds="300 60"`. An illegal value means the default, and a warning. */
export function numberList(text: string | null): readonly number[] | undefined {
  const numbers = words(text)?.map(Number);
  if (!numbers || (numbers.length && numbers.every((number) => Number.isInteger(number) && number > 0)))
    return numbers;
  console.warn(`<marketplace-session>: "${text}" is no list of positive whole numbers; the default is used.`);
  return undefined;
}
