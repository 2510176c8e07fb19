import type { Finding } from '../inspection/check.js';
import { runChecks, type CheckResult } from '../inspection/run-checks.js';
import type { Setting, Surroundings } from '../inspection/scene.js';

export interface DoctorCommand extends Setting {
  json: boolean;
}

/** Prints a line for each check, or one object. @returns whether nothing blocks. */
export async function doctorCommand(
  { json, ...setting }: DoctorCommand,
  surroundings: Surroundings,
  print: (line: string) => void,
): Promise<boolean> {
  const results: CheckResult[] = [];
  for await (const result of runChecks(setting, surroundings)) {
    results.push(result);
    if (!json) for (const line of linesOf(result)) print(line);
  }
  const found = results.flatMap(({ findings }) => findings);
  const blockers = found.filter(({ blocks }) => blocks);
  const advice = found.filter(({ blocks }) => !blocks);
  if (json)
    print(JSON.stringify({ ready: blockers.length === 0, blockers, advice, checks: results }, null, 2));
  else print(`\n${summary(blockers, advice)}`);
  return blockers.length === 0;
}

function linesOf({ id, looksAt, findings, skipped }: CheckResult): string[] {
  const verdict =
    skipped !== null
      ? 'skip'
      : findings.some(({ blocks }) => blocks)
        ? 'FAIL'
        : findings.length
          ? 'note'
          : 'ok';
  return [
    `${verdict.padEnd(4)}  ${id.padEnd(15)}  ${looksAt}`,
    ...findings.flatMap(({ cause, means, mend }) => [`        ${cause}: ${means}`, `        -> ${mend}`]),
    ...(skipped === null ? [] : [`        because ${skipped}`]),
  ];
}

const summary = (blockers: readonly Finding[], advice: readonly Finding[]): string =>
  blockers.length === 0
    ? `Nothing blocks${advice.length ? `; ${counted(advice.length, 'piece')} of advice` : ''}.`
    : `${counted(blockers.length, 'thing')} to mend before sessions work: ${blockers.map(({ cause }) => cause).join(', ')}`;

const counted = (count: number, thing: string) => `${count} ${thing}${count === 1 ? '' : 's'}`;
