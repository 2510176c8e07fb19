import type { SecretBox } from './secret-box.js';

/** A secret as it is stored: encrypted where there is a box. @param place where it lies, such as its table and id. */
export const toStored = (secret: string, place: string, box: SecretBox | null): string =>
  box ? box.seal(secret, place) : secret;

/** @throws {Error} where it is encrypted, and the key for it is not configured. */
export function fromStored(stored: string, place: string, box: SecretBox | null): string {
  if (!isSealed(stored)) return stored;
  if (!box) throw new Error('secrets in the database are encrypted: set MARKETPLACE_KEY_ENCRYPTION_KEY');
  return box.open(stored, place);
}

/** As the box stores it now; undefined where it lies there so already. */
export function storedAnew(stored: string, place: string, box: SecretBox): string | undefined {
  if (isSealed(stored) && box.isCurrent(stored)) return undefined;
  return box.seal(fromStored(stored, place, box), place);
}

/** Whether it was encrypted. */
export const isSealed = (stored: string) => stored.startsWith('v1.');
