import { MarketplaceError, type Marketplace } from '../sdk/index.js';
import { doctorCommand } from './doctor-command.js';
import { NobodyCame, rehearse, type RehearsalStep } from './rehearsal.js';
import type { Setting, Surroundings } from './scene.js';

export interface RehearseCommand extends Setting {
  marketplace: Marketplace;
  applicationId: string;
  userId: string;
  withinMs: number;
}

/** Prints each step; where the page does not come, what the checks find. @returns whether it went to its end. */
export async function rehearseCommand(
  { marketplace, userId, withinMs, ...setting }: RehearseCommand,
  surroundings: Surroundings,
  print: (line: string) => void,
): Promise<boolean> {
  const { applicationId } = setting;
  try {
    for await (const step of rehearse({ marketplace, applicationId, userId, withinMs })) print(told(step));
    return true;
  } catch (error) {
    if (!(error instanceof NobodyCame || error instanceof MarketplaceError)) throw error;
    print(
      error instanceof NobodyCame
        ? 'FAIL  Nobody has opened the session. From outside the page looks like this:\n'
        : `FAIL  ${error.code}: ${error.message}\n`,
    );
    await doctorCommand({ ...setting, json: false }, surroundings, print);
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
      return `ok    ${step.remainingSeconds} seconds before the end, by the test clock.`;
    case 'ended':
      return `ok    The session has ended: ${step.usedSeconds} s, ${step.cost} tokens. The page works.`;
  }
}
