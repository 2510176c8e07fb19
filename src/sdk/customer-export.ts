import { ConnectionError } from './errors.js';
import type { StreamOptions } from './stream-reader.js';
import { readText } from './streamed-text.js';
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
  options?: StreamOptions,
): AsyncGenerator<CustomerRecord, void, undefined> {
  let records = 0;
  let rest = '';
  let cause: unknown;
  try {
    for await (const text of readText(transport, path, undefined, options)) {
      const lines = (rest + text).split('\n');
      rest = lines.pop()!;
      for (const line of lines) {
        const record = JSON.parse(line) as CustomerRecord | { record: 'end'; records: number };
        if (record.record === 'end' && record.records === records) return;
        records += 1;
        yield record as CustomerRecord;
      }
    }
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    cause = error;
  }
  throw new ConnectionError(`The export broke off after ${records} records.`, cause);
}
