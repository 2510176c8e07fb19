import { ConnectionError, MarketplaceError } from './errors.js';
import { StreamReader, type StreamOptions } from './stream-reader.js';
import type { Transport } from './transport.js';

/** One thing that is kept of a customer, as the wire says it: it is there to be handed over. */
export interface CustomerRecord {
  record: 'customer' | 'session' | 'message' | 'file' | 'subscription' | 'wallet_entry' | 'change';
  [member: string]: unknown;
}

/**
 * Reads an export, a record at a time.
 * @throws {ConnectionError} `NETWORK_FAILED` where it breaks off: what came is not all.
 */
export async function* readExport(
  transport: Transport,
  path: string,
  { signal = new AbortController().signal }: StreamOptions = {},
): AsyncGenerator<CustomerRecord, void, undefined> {
  const reader = new StreamReader(signal);
  const lines = new Lines();
  let records = 0;
  let cause: unknown;
  try {
    const headers = { Accept: 'application/x-ndjson' };
    const response = await reader.within(transport.open(path, headers, reader.signal));
    for await (const bytes of reader.read(response)) {
      for (const line of lines.push(bytes)) {
        const record = JSON.parse(line) as CustomerRecord | { record: 'end'; records: number };
        if (record.record === 'end' && record.records === records) return;
        records += 1;
        yield record as CustomerRecord;
      }
    }
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof MarketplaceError) throw error;
    cause = error;
  } finally {
    reader.close();
  }
  throw new ConnectionError('NETWORK_FAILED', {
    message: `The export broke off after ${records} records.`,
    cause,
  });
}

class Lines {
  readonly #decoder = new TextDecoder();
  #rest = '';

  /** The lines that are whole now. */
  push(bytes: Uint8Array): string[] {
    const lines = (this.#rest + this.#decoder.decode(bytes, { stream: true })).split('\n');
    this.#rest = lines.pop()!;
    return lines;
  }
}
