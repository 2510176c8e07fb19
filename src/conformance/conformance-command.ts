import { exec } from 'node:child_process';
import { promisify } from 'node:util';
import { Backend, Unreachable, type JsonObject } from './backend.js';
import { expect, shown } from './expect.js';
import { NothingSold, runConformance, type SetName } from './run.js';

export interface ConformanceCommand {
  url: string;
  set: SetName;
  /** Prints a session token; run for each session that is needed. */
  tokenCommand: string | undefined;
  /** Sells by `POST /sessions` instead, with the secret key. */
  sale: { applicationId: string; userId: string } | undefined;
  /** Speaks for the provider's server. */
  secretKey: string | undefined;
}

/** Prints a line for each row. @returns whether all of them hold. */
export async function conformanceCommand(
  { url, set, tokenCommand, sale, secretKey }: ConformanceCommand,
  print: (line: string) => void,
): Promise<boolean> {
  const counts = { ok: 0, FAIL: 0, skip: 0 };
  const post =
    sale && secretKey ? (fields: JsonObject) => sellByPost(url, sale, secretKey, fields) : undefined;
  const sell = () => post?.({}) ?? sellByCommand(tokenCommand!);
  const sellWaiting = post && ((waiting_seconds: number) => post({ start: 'when_joined', waiting_seconds }));
  try {
    for await (const { name, asks, failure, skipped } of runConformance({
      url,
      set,
      sell,
      sellWaiting,
      secretKey,
    })) {
      const verdict = failure !== null ? 'FAIL' : skipped !== null ? 'skip' : 'ok';
      counts[verdict] += 1;
      print(`${verdict.padEnd(4)}  ${name}`);
      if (failure !== null) print(`        asked for: ${asks}\n        but:       ${failure}`);
      if (skipped !== null) print(`        because:   ${skipped}`);
    }
  } catch (error) {
    if (!(error instanceof Unreachable || error instanceof NothingSold)) throw error;
    print(`Nothing was looked at: ${error.message}`);
    return false;
  }
  const skips = counts.skip > 0 ? `; ${counts.skip} skipped` : '';
  print(`${counts.ok} of ${counts.ok + counts.FAIL} rows of the ${set} set hold${skips}`);
  return counts.FAIL === 0;
}

async function sellByPost(
  url: string,
  { applicationId, userId }: NonNullable<ConformanceCommand['sale']>,
  secretKey: string,
  fields: JsonObject,
): Promise<string> {
  const sold: JsonObject = await new Backend(url).succeed('POST', '/sessions', {
    token: secretKey,
    body: { application_id: applicationId, user_id: userId, duration_seconds: 600, ...fields },
    headers: { 'Idempotency-Key': crypto.randomUUID() },
  });
  expect(
    typeof sold.session_token === 'string',
    `a sale is to answer session_token, not ${shown(sold.session_token)}`,
  );
  return sold.session_token;
}

async function sellByCommand(command: string): Promise<string> {
  const { stdout } = await promisify(exec)(command);
  return stdout.trim();
}
