import { exec } from 'node:child_process';
import { promisify } from 'node:util';
import { Backend, type JsonObject } from './backend.js';
import { expect, shown } from './expect.js';
import { runConformance, type SetName } from './run.js';

export interface ConformanceCommand {
  url: string;
  set: SetName;
  /** Prints a session token; run for each session that is needed. */
  tokenCommand: string | undefined;
  /** Sells by `POST /sessions` instead. */
  sale: { secretKey: string; applicationId: string; userId: string } | undefined;
}

/** Prints a line for each row. @returns whether all of them hold. */
export async function conformanceCommand(
  { url, set, tokenCommand, sale }: ConformanceCommand,
  print: (line: string) => void,
): Promise<boolean> {
  let count = 0;
  let failed = 0;
  const sell = sale ? () => sellByPost(url, sale) : () => sellByCommand(tokenCommand!);
  for await (const { name, asks, failure } of runConformance({ url, set, sell })) {
    count += 1;
    if (failure === null) {
      print(`ok    ${name}`);
      continue;
    }
    failed += 1;
    print(`FAIL  ${name}\n        asked for: ${asks}\n        but:       ${failure}`);
  }
  print(`${count - failed} of ${count} rows of the ${set} set hold`);
  return failed === 0;
}

async function sellByPost(url: string, sale: NonNullable<ConformanceCommand['sale']>): Promise<string> {
  const sold: JsonObject = await new Backend(url).succeed('POST', '/sessions', {
    token: sale.secretKey,
    body: { application_id: sale.applicationId, user_id: sale.userId, duration_seconds: 600 },
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
