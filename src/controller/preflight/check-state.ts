/** What a browser captures. */
export type CaptureKind = 'camera' | 'microphone';
/** What a preflight looks at, each by itself. */
export type CheckName = CaptureKind | 'speaker' | 'network';

/**
 * How a check stands. Of a device:
 * - `idle`: not asked for yet; `asking`: the browser asks the person, or it is being measured;
 * - `denied`: by the person; `dismissed`: the question was closed; `blocked`: by the policy of the page or frame around;
 * - `insecure`: not on https; `unsupported`: the browser cannot; `missing`: there is none; `in_use`: another program has it;
 * - `silent`: nothing was heard yet, which is advice and no failure; `unmeasured`: it is on, how loud is not known;
 * - `ok`.
 *
 * Of the network: `idle`, `asking`, `ok`, `slow`, `restricted` (no way to other people's browsers was found), `unreachable`.
 */
export type CheckState =
  | 'idle'
  | 'asking'
  | 'denied'
  | 'dismissed'
  | 'blocked'
  | 'insecure'
  | 'unsupported'
  | 'missing'
  | 'in_use'
  | 'silent'
  | 'unmeasured'
  | 'slow'
  | 'restricted'
  | 'unreachable'
  | 'ok';

const passing: readonly CheckState[] = ['ok', 'silent', 'unmeasured', 'slow', 'restricted'];
const pending: readonly CheckState[] = ['idle', 'asking'];

/** Whether one may join with it. */
export const passes = (state: CheckState): boolean => passing.includes(state);

/** Whether one may not, and nothing that is under way will change that. */
export const fails = (state: CheckState): boolean => !passes(state) && !pending.includes(state);
