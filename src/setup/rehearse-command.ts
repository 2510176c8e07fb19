import { MarketplaceError, type Marketplace } from '../sdk/index.js';
import { doctorCommand } from './doctor-command.js';
import { NobodyCame, rehearse, type RehearsalStep } from './rehearsal.js';
import type { Setting, Surroundings } from '../inspection/scene.js';

export interface RehearseCommand extends Setting {
  marketplace: Marketplace;
  applicationId: string;
  withinMs: number;
  /** A JSON object a line in place of words. */
  json: boolean;
}

/** Prints each step, or an object of it; where the page does not come, what the checks find. @returns whether it went to its end. */
export async function rehearseCommand(
  { marketplace, withinMs, json, ...setting }: RehearseCommand,
  surroundings: Surroundings,
  print: (line: string) => void,
): Promise<boolean> {
  const { applicationId } = setting;
  try {
    for await (const step of rehearse({ marketplace, applicationId, withinMs }))
      print(json ? JSON.stringify(step) : told(step));
    return true;
  } catch (error) {
    if (!(error instanceof NobodyCame || error instanceof MarketplaceError)) throw error;
    const code = error instanceof NobodyCame ? null : error.code;
    const { message } = error;
    if (json) print(JSON.stringify({ step: 'failed', code, message }));
    else
      print(
        code === null
          ? 'FAIL  Nobody has opened the session. From outside the page looks like this:\n'
          : `FAIL  ${code}: ${message}\n`,
      );
    await doctorCommand({ ...setting, json }, surroundings, print);
    return false;
  }
}

function told(step: RehearsalStep): string {
  switch (step.step) {
    case 'sold':
      return `Open this in a browser:\n\n  ${step.launchUrl}\n`;
    case 'opened':
      return 'ok    The page is in the session.';
    case 'warned':
      return `ok    ${step.remainingSeconds} seconds before the end.`;
    case 'ended':
      return `ok    The session has ended: ${step.usedSeconds} s, ${step.cost} tokens. The page works.`;
  }
}
