import type { ErrorCode } from '../../../protocol/error-codes.js';
import { SessionError } from '../../../protocol/errors.js';
import type { SessionRun } from '../../session-run.js';
import { prepareToEnd } from '../bill.js';
import { noteAnswer, tellConnection } from '../connection.js';
import { isRefused } from '../http-client.js';
import { overOf } from '../over.js';
import { pageOf } from '../page.js';
import { noteAnswered } from '../warnings.js';
import { commonKnowledgeOf } from './common-knowledge.js';
import { tabLineOf } from './tab-line.js';
import type { TabMessages } from './tab-messages.js';

/** Tells the other tabs what this one hears from the service, and takes in what they heard. */
export function shareState(run: SessionRun): void {
  const { owner, signal } = run;
  const line = tabLineOf(run);
  line.open();
  run.onSaid = () => {
    noteAnswer(run);
    postState(run);
  };
  line.on('state', (state) => takeIn(run, state));
  line.on('hello', () => postState(run), overOf(run));
  line.on(
    'refused',
    ({ code }) => {
      const error = new SessionError(code as ErrorCode);
      if (isRefused(error)) owner.dispatch({ type: 'fail', error });
    },
    overOf(run),
  );
  owner.subscribe(({ error, state }, before) => {
    if (state === 'failed' && before.state !== state && isRefused(error!))
      line.post('refused', { code: error!.code });
  }, signal);
  postState(run);
}

/** Tells the other tabs how the session stands, as far as this one knows. */
export function postState(run: SessionRun): void {
  const { snapshot, saidAt, clock, world, capabilities, intervalSeconds, isBound, token } = run;
  const { session, connection, retryAt, answeredWarning } = snapshot;
  const line = tabLineOf(run);
  line.post('state', {
    session: session!,
    saidAt,
    clock: { deviceAt: world.now(), serverAt: clock.now(), errorMs: clock.errorMs },
    connection,
    retryAt,
    answeredWarning: answeredWarning ?? 0,
    capabilities,
    intervalSeconds,
    ...commonKnowledgeOf(run),
    token: isBound && line.isUnwritten && token ? token : undefined,
  });
}

/** Makes what another tab heard the state of this one, unless this one knows something later. It is not told on. */
export function takeIn(run: SessionRun, state: TabMessages['state']): void {
  const { deviceAt, serverAt, errorMs } = state.clock;
  const common = commonKnowledgeOf(run);
  common.beatAt = Math.max(common.beatAt, state.beatAt);
  run.clock.observe(deviceAt - errorMs, deviceAt + errorMs, serverAt);
  run.accept(state.session, {
    server_time: state.saidAt,
    capabilities: state.capabilities,
    // 0, from a tab that has not heard the pace yet, takes nobody else's away.
    next_heartbeat_seconds: state.intervalSeconds,
    isHandedOn: true,
    session_token: state.token,
  });
  // Of this pause, whoever heard of it first.
  const { state: now, session } = run.snapshot;
  if (now === 'paused' && session!.pause_ends_at === state.session.pause_ends_at)
    common.isPausedByHiding ||= state.isPausedByHiding;
  noteAnswered(run, state.answeredWarning);
  prepareToEnd(run);
  if (pageOf(run.world).isOnline) tellConnection(run, state.connection, state.retryAt);
}
