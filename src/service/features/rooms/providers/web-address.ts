/** @throws {TypeError} where it is no address with http or https. */
export function requireWebAddress(name: string, text: string): URL {
  if (!isWebAddress(text)) throw new TypeError(`${name} must be an address with http or https`);
  return new URL(text);
}

export const isWebAddress = (text: string): boolean => /^https?:\/\//i.test(text) && URL.canParse(text);
