import { fillIn, NotLookedAt, type Check, type Finding } from './check.js';
import { checks } from './checks.js';
import { harmless } from './harmless.js';
import { visit, type Scene, type Setting, type Surroundings } from './scene.js';

export interface CheckResult {
  id: string;
  looksAt: string;
  findings: readonly Finding[];
  /** Why it was not looked at; null where it was. */
  skipped: string | null;
}

/** Looks at a page and its service, check by check; one that cannot be made stops none of the others. */
export async function* runChecks(
  setting: Setting,
  surroundings: Surroundings,
  from: readonly Check[] = checks,
): AsyncGenerator<CheckResult> {
  const scene = await visit(setting, surroundings);
  for (const check of from) yield await runCheck(check, scene);
}

async function runCheck({ id, looksAt, causes, look }: Check, scene: Scene): Promise<CheckResult> {
  const findings: Finding[] = [];
  let skipped: string | null = null;
  try {
    await look(scene, (cause, found = {}) => {
      const values = harmless(found);
      const { blocks, means, mend } = causes[cause]!;
      findings.push({ cause, blocks, means: fillIn(means, values), mend: fillIn(mend, values), values });
    });
  } catch (error) {
    skipped = error instanceof NotLookedAt ? error.message : `the check could not be made: ${String(error)}`;
  }
  return { id, looksAt, findings, skipped };
}
