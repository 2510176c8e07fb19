import type { Values } from './check.js';

/** A secret key. */
export const secretKeyPattern = /\bsk_(?:live|test)_[\w-]{16,}/;
const secrets = [/\b(sk_(?:live|test)_)[\w-]{16,}/g, /\b(eyJ)[\w-]+\.[\w-]+\.[\w-]+/g];
const maxLength = 300;

/** Text of a foreign page, as it may be printed: nothing that steers a terminal, no secret key, no session token. */
const harmlessText = (text: string): string => {
  const plain = text.replace(/[\p{Cc}\p{Cf}]/gu, ' ');
  return secrets.reduce((left, secret) => left.replace(secret, '$1...'), plain).slice(0, maxLength);
};

export const harmless = (values: Values): Values =>
  Object.fromEntries(
    Object.entries(values).map(([name, value]) => [
      name,
      typeof value === 'string' ? harmlessText(value) : value,
    ]),
  );
