import { within } from '../../foundation/within.js';
import { RoomProviderError } from './providers/provider-api.js';

/** How long a provider may take for one thing, ms. */
const patienceMs = 10_000;

/**
 * Asks a provider for one thing, and looks at what it gives.
 * @throws {RoomProviderError} whatever it throws, or that it took too long: so nothing of it is taken for a failure of the database.
 */
export async function askProvider<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await within(patienceMs, work());
  } catch (cause) {
    throw cause instanceof RoomProviderError
      ? cause
      : new RoomProviderError(String(cause), undefined, { cause });
  }
}
