/**
 * What the service should do, said once more and as simply as possible: one customer, one application, whole seconds,
 * nothing at the same time.
 */
export const terms = {
  tokensPerMinute: 6,
  maxDurationSeconds: 3600,
  maxExtensions: 2,
  maxPauseSeconds: 100,
  /** Price in tokens by seconds; the money option is sold for both. */
  options: { 300: 40, 900: 110 } as Record<number, number>,
  moneySeconds: 900,
  checkoutLifeSeconds: 3600,
};

interface Block {
  seconds: number;
  tokens: number;
  checkout?: string;
}

export interface ModelSession {
  status: 'waiting' | 'active' | 'paused' | 'completed' | 'expired' | 'cancelled';
  /** Instants in seconds; while waiting: when it is cancelled. */
  waitingUntil: number | null;
  /** While paused: as it stood when the pause began; null until it starts. */
  deadline: number | null;
  pausedAt: number | null;
  pauseUsed: number;
  blocks: Block[];
  bill: { used: number; cost: number; refund: number } | null;
}

export interface ModelCheckout {
  session: string;
  status: 'open' | 'paid' | 'expired' | 'refunded';
  expiresAt: number;
}

export interface ModelState {
  now: number;
  wallet: number;
  sessions: Record<string, ModelSession>;
  checkouts: Record<string, ModelCheckout>;
  /** Answers by idempotency key. */
  kept: Record<string, Outcome>;
  credits: Record<string, number>;
}

/** What was asked for; sessions and checkouts by the names that the model gives them. */
export type Operation =
  | { kind: 'create'; key: string; seconds: number; waiting?: number | undefined }
  | { kind: 'extend'; key: string; session: string; seconds: number }
  | { kind: 'order'; key: string; session: string }
  | { kind: 'start' | 'cancel' | 'pause' | 'resume' | 'end'; session: string }
  | { kind: 'pay' | 'expire' | 'refund'; checkout: string }
  | { kind: 'credit'; reference: string; tokens: number };

/** What was answered: a code where it was refused, else what it is about. */
export interface Outcome {
  code?: string;
  expiresAt?: number | null;
  session?: string;
  checkout?: string;
}

const isOver = ({ status }: ModelSession) => ['completed', 'expired', 'cancelled'].includes(status);
const lengthOf = ({ blocks }: ModelSession) => blocks.reduce((sum, { seconds }) => sum + seconds, 0);
const usedOf = (session: ModelSession, at: number) =>
  session.deadline === null ? 0 : lengthOf(session) - (session.deadline - (session.pausedAt ?? at));

export const allocatedOf = ({ blocks }: ModelSession) => blocks.reduce((sum, { tokens }) => sum + tokens, 0);

function finish(
  state: ModelState,
  session: ModelSession,
  status: 'completed' | 'expired' | 'cancelled',
  at: number,
): void {
  const used = usedOf(session, at);
  let left = used;
  let cost = 0;
  for (const { seconds, tokens } of session.blocks) {
    const share = Math.min(left, seconds);
    cost += Math.ceil((tokens * share) / seconds);
    left -= share;
  }
  const refund = allocatedOf(session) - cost;
  state.wallet += refund;
  Object.assign(session, { status, waitingUntil: null, pausedAt: null, bill: { used, cost, refund } });
}

function resume(session: ModelSession, at: number): void {
  const paused = at - session.pausedAt!;
  session.deadline! += paused;
  session.pauseUsed += paused;
  Object.assign(session, { status: 'active', pausedAt: null });
}

function start(session: ModelSession, at: number): void {
  Object.assign(session, { status: 'active', waitingUntil: null, deadline: at + lengthOf(session) });
}

/** Lets time pass; each session does what comes due to it. */
export function pass(state: ModelState, seconds: number): void {
  state.now += seconds;
  for (const session of Object.values(state.sessions)) {
    if (session.status === 'paused') {
      const endsAt = session.pausedAt! + terms.maxPauseSeconds - session.pauseUsed;
      if (endsAt <= state.now) resume(session, endsAt);
    }
    if (session.status === 'active' && session.deadline! <= state.now) {
      finish(state, session, 'expired', session.deadline!);
    }
    if (session.status === 'waiting' && session.waitingUntil! <= state.now) {
      finish(state, session, 'cancelled', session.waitingUntil!);
    }
  }
}

function hasRoom(session: ModelSession, seconds: number): boolean {
  const isShort = lengthOf(session) + seconds <= terms.maxDurationSeconds;
  return isShort && session.blocks.length - 1 < terms.maxExtensions;
}

function add(session: ModelSession, block: Block): void {
  session.blocks.push(block);
  session.deadline! += block.seconds;
}

/** Money went back: what is not used of its block goes, but for a last minute of the session. */
function takeBack(state: ModelState, session: ModelSession, checkout: string): void {
  const index = session.blocks.findIndex((block) => block.checkout === checkout);
  if (index < 0 || isOver(session)) return;
  const used = usedOf(session, state.now);
  const endsAfter = lengthOf({ ...session, blocks: session.blocks.slice(0, index + 1) });
  const block = session.blocks[index]!;
  const removed = Math.min(block.seconds, endsAfter - used, lengthOf(session) - used - 60);
  if (removed <= 0) return;
  block.seconds -= removed;
  session.deadline! -= removed;
  if (block.seconds === 0) session.blocks.splice(index, 1);
}

/** Whether a checkout can no longer be paid, and was not. */
export function isClosed(state: ModelState, name: string): boolean {
  const { status, expiresAt } = state.checkouts[name]!;
  return status === 'expired' || status === 'refunded' || (status === 'open' && expiresAt <= state.now);
}

/** Does one operation. */
export function perform(state: ModelState, operation: Operation): Outcome {
  const key = 'key' in operation ? operation.key : undefined;
  const kept = key === undefined ? undefined : state.kept[key];
  if (kept) return kept.checkout && isClosed(state, kept.checkout) ? { code: 'CHECKOUT_CLOSED' } : kept;
  const outcome = decide(state, operation);
  if (key !== undefined && outcome.code === undefined) state.kept[key] = outcome;
  return outcome;
}

function decide(state: ModelState, operation: Operation): Outcome {
  switch (operation.kind) {
    case 'create': {
      const tokens = Math.ceil((terms.tokensPerMinute * operation.seconds) / 60);
      if (tokens > state.wallet) return { code: 'INSUFFICIENT_TOKENS' };
      state.wallet -= tokens;
      const name = `session of ${operation.key}`;
      state.sessions[name] = {
        status: operation.waiting ? 'waiting' : 'active',
        waitingUntil: operation.waiting ? state.now + operation.waiting : null,
        deadline: operation.waiting ? null : state.now + operation.seconds,
        pausedAt: null,
        pauseUsed: 0,
        blocks: [{ seconds: operation.seconds, tokens }],
        bill: null,
      };
      return { session: name };
    }
    case 'credit':
      state.wallet += state.credits[operation.reference] === undefined ? operation.tokens : 0;
      state.credits[operation.reference] ??= operation.tokens;
      return {};
    case 'pay':
    case 'expire':
    case 'refund':
      tell(state, operation.kind, operation.checkout);
      return {};
    default:
      return change(state, state.sessions[operation.session]!, operation);
  }
}

function tell(state: ModelState, news: 'pay' | 'expire' | 'refund', name: string): void {
  const checkout = state.checkouts[name]!;
  const session = state.sessions[checkout.session]!;
  const isPaid = checkout.status === 'paid' || checkout.status === 'refunded';
  if (news === 'expire') {
    if (checkout.status === 'open') checkout.status = 'expired';
  } else if (news === 'refund') {
    // Told again it takes back nothing more, whatever was bought meanwhile.
    if (checkout.status !== 'refunded') takeBack(state, session, name);
    checkout.status = 'refunded';
  } else if (!isPaid) {
    const isWelcome = !isOver(session) && hasRoom(session, terms.moneySeconds);
    // What comes too late goes back by itself.
    checkout.status = isWelcome ? 'paid' : 'refunded';
    if (isWelcome) add(session, { seconds: terms.moneySeconds, tokens: 0, checkout: name });
  }
}

function change(
  state: ModelState,
  session: ModelSession,
  operation: Extract<Operation, { session: string }>,
): Outcome {
  if (operation.kind === 'end') {
    if (!isOver(session))
      finish(state, session, session.status === 'waiting' ? 'cancelled' : 'completed', state.now);
    return {};
  }
  if (operation.kind === 'cancel' && session.status === 'cancelled') return {};
  if (isOver(session)) return { code: 'SESSION_ENDED' };
  if (operation.kind === 'start') {
    if (session.status === 'waiting') start(session, state.now);
    return {};
  }
  if ((operation.kind === 'cancel') !== (session.status === 'waiting')) return { code: 'TRANSITION_REFUSED' };
  const expiresAt = () => (session.status === 'paused' ? null : session.deadline);
  switch (operation.kind) {
    case 'cancel':
      finish(state, session, 'cancelled', state.now);
      return {};
    case 'pause':
      if (session.status === 'paused') return { code: 'TRANSITION_REFUSED' };
      if (session.pauseUsed >= terms.maxPauseSeconds) return { code: 'PAUSE_NOT_ALLOWED' };
      Object.assign(session, { status: 'paused', pausedAt: state.now });
      return {};
    case 'resume':
      if (session.status !== 'paused') return { code: 'TRANSITION_REFUSED' };
      resume(session, state.now);
      return {};
    case 'extend': {
      if (!hasRoom(session, operation.seconds)) return { code: 'EXTENSION_LIMIT_REACHED' };
      const tokens = terms.options[operation.seconds]!;
      if (tokens > state.wallet) return { code: 'INSUFFICIENT_TOKENS' };
      state.wallet -= tokens;
      add(session, { seconds: operation.seconds, tokens });
      return { expiresAt: expiresAt() };
    }
    case 'order': {
      if (!hasRoom(session, terms.moneySeconds)) return { code: 'EXTENSION_LIMIT_REACHED' };
      const open = Object.entries(state.checkouts).find(
        ([, one]) => one.session === operation.session && one.status === 'open' && one.expiresAt > state.now,
      );
      const name = open?.[0] ?? `checkout of ${operation.key}`;
      state.checkouts[name] ??= {
        session: operation.session,
        status: 'open',
        expiresAt: state.now + terms.checkoutLifeSeconds,
      };
      return { checkout: name };
    }
  }
}
