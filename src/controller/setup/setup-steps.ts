import type { PageReport, SetupApplication } from './answers.js';

/** In the order in which they are made. */
export const setupSteps = [
  'application',
  'page',
  'price',
  'key',
  'snippet',
  'checks',
  'rehearsal',
  'live',
] as const;
export type SetupStep = (typeof setupSteps)[number];

/** `due` keeps a session from running; `later` only what comes after it. */
export type StepState = 'done' | 'due' | 'later';

export interface SetupFacts {
  readonly application: SetupApplication | undefined;
  readonly report: PageReport | undefined;
  /** Whether the secret key is where it belongs, as far as somebody says so. */
  readonly hasKey: boolean;
  /** Whether a rehearsal has gone to its end on the page. */
  readonly isRehearsed: boolean;
}

/** The origin of an address. */
export const originOf = (address: string | undefined): string | undefined =>
  address !== undefined && URL.canParse(address) ? new URL(address).origin : undefined;

/** How each step stands: what the service knows says it, so that it is the same wherever somebody goes on. */
export function stateOfSteps({
  application,
  report,
  hasKey,
  isRehearsed,
}: SetupFacts): Record<SetupStep, StepState> {
  const origin = originOf(application?.launchUrl);
  const hasTag = report?.checks.some(
    ({ id, skipped, findings }) => id === 'tag' && !skipped && !findings.some(({ blocks }) => blocks),
  );
  const state = (isDone: boolean | undefined): StepState => (isDone ? 'done' : 'due');
  return {
    application: state(application !== undefined),
    page: state(origin !== undefined && application!.allowedOrigins.includes(origin)),
    // What is free may be meant to be.
    price: application?.tokensPerMinute ? 'done' : 'later',
    key: state(hasKey),
    snippet: state(hasTag ?? isRehearsed),
    checks: state(report?.isReady ?? false),
    rehearsal: state(isRehearsed),
    live: application?.mode === 'live' ? 'done' : 'later',
  };
}
