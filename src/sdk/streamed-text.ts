import { ConnectionError, MarketplaceError } from './errors.js';
import { StreamReader, type StreamOptions } from './stream-reader.js';
import type { Transport } from './transport.js';

/**
 * Reads a text as it comes, a piece at a time, however long it is. It is not asked for again.
 * @throws {ConnectionError} `NETWORK_FAILED` where it breaks off: what came is not all.
 */
export async function* readText(
  transport: Transport,
  path: string,
  query?: object,
  { signal = new AbortController().signal }: StreamOptions = {},
): AsyncGenerator<string, void, undefined> {
  const reader = new StreamReader(signal);
  const decoder = new TextDecoder();
  try {
    const response = await reader.within(transport.open(path, { Accept: '*/*' }, reader.signal, query));
    for await (const bytes of reader.read(response)) yield decoder.decode(bytes, { stream: true });
  } catch (cause) {
    signal.throwIfAborted();
    if (cause instanceof MarketplaceError) throw cause;
    throw new ConnectionError(`GET ${path} broke off.`, cause);
  } finally {
    reader.close();
  }
}
