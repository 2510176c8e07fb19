import type { ErrorCode } from '../../protocol/error-codes.js';
import { SessionError } from '../../protocol/errors.js';
import { errorMsOf } from '../clock/best-sample.js';
import type { SessionRun } from '../run/session-run.js';
import { accept, lastWordOf } from '../run/answers.js';
import { prepareToEnd } from '../ending/bill.js';
import { noteAnswer, tellConnection } from '../network/connection.js';
import { refresh } from '../network/heartbeat.js';
import { isRefused } from '../network/http-client.js';
import { onChange } from '../run/listen.js';
import { endSignalOf } from '../run/run-end.js';
import { capabilitiesOf, intervalSecondsOf } from '../run/said.js';
import { pageOf } from '../page/browser-page.js';
import { perRun } from '../run/per-run.js';
import { failing } from '../snapshot.js';
import { noteAnswered } from '../warning/warnings.js';
import { commonKnowledgeOf } from './common-knowledge.js';
import { tabLineOf } from './tab-line.js';
import type { TabMessages } from './tab-messages.js';

/** Tells the other tabs what this one hears from the service, and takes in what they heard. */
export function shareState(run: SessionRun): void {
  const { signal } = run;
  const line = tabLineOf(run);
  line.open();
  lastWordOf(run).onSaid = (trip) => {
    // What a stream says came on its own: whether requests come through it does not show.
    if (trip) noteAnswer(run, trip.sentAt);
    postState(run);
  };
  line.on('state', (state) => takeIn(run, state));
  line.on('hello', () => postState(run), endSignalOf(run));
  line.on(
    'refused',
    ({ code }) => {
      const error = new SessionError(code as ErrorCode);
      if (isRefused(error)) run.dispatch(failing(error));
    },
    endSignalOf(run),
  );
  onChange(
    run,
    ({ error, state }, before) => {
      if (state === 'failed' && before.state !== state && isRefused(error!))
        line.post('refused', { code: error!.code });
    },
    signal,
  );
  postState(run);
}

/** Tells the other tabs how the session stands, as far as this one knows. */
export function postState(run: SessionRun): void {
  const { snapshot, saidAt, clock, world, prover, token } = run;
  const { session, connection, retryAt, answeredWarning } = snapshot;
  const line = tabLineOf(run);
  line.post('state', {
    session: session!,
    saidAt,
    lookedAt: lastWordOf(run).lookedAt,
    clock: { deviceAt: world.now(), serverAt: clock.now(), errorMs: errorMsOf(clock) },
    connection,
    retryAt,
    answeredWarning: answeredWarning ?? 0,
    capabilities: capabilitiesOf(run),
    intervalSeconds: intervalSecondsOf(run),
    ...commonKnowledgeOf(run),
    token: prover && line.isUnwritten && token ? token : undefined,
  });
}

/** Makes what another tab heard the state of this one, unless this one knows something newer. It is not told on. */
export function takeIn(run: SessionRun, state: TabMessages['state']): void {
  if (isFromNoTab(run, state)) return askInstead(run);
  const { deviceAt, serverAt, errorMs } = state.clock;
  const common = commonKnowledgeOf(run);
  common.beatAt = Math.max(common.beatAt, state.beatAt);
  run.clock.observe(deviceAt - errorMs, deviceAt + errorMs, serverAt);
  const answer = {
    server_time: state.saidAt,
    capabilities: state.capabilities,
    // 0, from a tab that has not heard the pace yet, takes nobody else's away.
    next_heartbeat_seconds: state.intervalSeconds || intervalSecondsOf(run),
    session_token: state.token,
  };
  // What the token of the other tab allows says nothing of this one's.
  const { allowed_operations } = (run.token && !state.token && run.snapshot.session) || state.session;
  accept(run, { ...state.session, allowed_operations }, answer, {
    lookedAt: state.lookedAt,
    isHandedOn: true,
  });
  // Of this pause, whoever heard of it first.
  const { state: now, session } = run.snapshot;
  if (now === 'paused' && session!.pause_ends_at === state.session.pause_ends_at)
    common.isPausedByHiding ||= state.isPausedByHiding;
  noteAnswered(run, state.answeredWarning);
  prepareToEnd(run);
  if (pageOf(run.world).isOnline || run.snapshot.connection !== 'offline')
    tellConnection(run, state.connection, state.retryAt);
}

/** Between two questions that messages have led to, ms. */
const askEveryMs = 10_000;
const askedOf = perRun(() => ({ at: -Infinity }));

/** Whether the message is wrong or the clock of this tab, the service knows. */
function askInstead(run: SessionRun): void {
  const now = run.world.now();
  const asked = askedOf(run);
  if (Math.abs(now - asked.at) < askEveryMs) return;
  asked.at = now;
  refresh(run).catch(() => {});
}

/** No two clocks of one service are that far apart, nor the device's from itself, ms. */
const skewMs = 120_000;
/** A difference between the device's two clocks by which it was set, ms: another tab may know the new time first. */
const jumpMs = 1500;

/** Whether a message tells a time that no tab of this device can have heard: it would be the newest for good. */
function isFromNoTab({ world, clock, saidAt: lastSaidAt }: SessionRun, state: TabMessages['state']): boolean {
  const { deviceAt, serverAt } = state.clock;
  const isElsewhen =
    lastSaidAt > 0 &&
    Math.abs(clock.jumpMs) < jumpMs &&
    Math.abs(serverAt - deviceAt - (clock.now() - world.now())) > skewMs;
  return isElsewhen || deviceAt > world.now() + skewMs || state.saidAt > serverAt + skewMs;
}
