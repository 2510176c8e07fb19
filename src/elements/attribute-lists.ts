const words = (text: string | null) => text?.split(/[\s,]+/).filter(Boolean);

/** A property of words: `return-origins="https://a.example https://b.example"`. */
export const wordList = words;

/** A property of positive whole numbers: `warning-seconds="300 60"`. An illegal value means the default, and a warning. */
export function numberList(text: string | null): readonly number[] | undefined {
  const numbers = words(text)?.map(Number);
  if (!numbers || (numbers.length && numbers.every((number) => Number.isInteger(number) && number > 0)))
    return numbers;
  warnOfIllegal(text!);
  return undefined;
}

/** A property of one such number. */
export const positiveNumber = (text: string | null): number | undefined => numberList(text)?.[0];

/** Attributes that style sheets alone read, with a value that none of them knows. */
const unknownLooks = /^(theme=(?!(auto|light|dark)$)|layout=(?!(inline|bar|compact|floating)$))/;

/** Warns of looks that there are not: the element has those of the default. */
export function warnOfLooks({ attributes }: Element): void {
  for (const { name, value } of attributes) if (unknownLooks.test(`${name}=${value}`)) warnOfIllegal(value);
}

/** Tells whoever writes the page. */
function warnOfIllegal(text: string): void {
  console.warn(`<marketplace-session> ignores "${text}"`);
}
