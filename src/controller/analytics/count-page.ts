import { SessionError } from '../../protocol/errors.js';
import type { HeartbeatAnswer, HeartbeatRequest } from '../../protocol/api.js';
import type { SessionEventFields, SessionEventType } from '../events.js';
import { send } from '../network/http-client.js';
import { pageOf } from '../page/browser-page.js';
import { lifecycleOf } from '../page/lifecycle.js';
import { onChange } from '../run/listen.js';
import { offers } from '../run/said.js';
import type { SessionRun } from '../run/session-run.js';
import { tabLineOf } from '../tabs/tab-line.js';
import type { TrackedValues } from './analytics.js';
import { PageCounts } from './page-counts.js';

/**
 * Counts what happens to the session in this page. The tab that leads has it sent: with the heartbeats that go anyway, and
 * once more when the page is hidden. The other tabs tell it theirs, and send what is left themselves when they go.
 */
export function countPage(run: SessionRun, isLeading: () => boolean): void {
  const { signal, world } = run;
  const line = tabLineOf(run);
  const counts = (run.counts = new PageCounts(pageOf(world).randomId()));
  countThisPage(run, counts);
  countSession(run, (name, amount) => isLeading() && counts.add(name, amount));

  const passOn = () => {
    if (isLeading()) return report(run, counts);
    const told = counts.takeAll();
    if (told) line.post('counts', { counts: told });
  };
  line.on('counts', (told) => {
    if (isLeading())
      for (const [name, amount] of Object.entries(told.counts)) counts.add(name, Number(amount));
  });
  line.on('pulse', () => isLeading() || passOn());
  lifecycleOf(run).listen((news) => {
    if (news === 'hidden') passOn();
    // It may be gone in a moment, and nobody may lead yet: each tab sends its own.
    if (news === 'suspended') report(run, counts);
  }, signal);
  // Nobody leads any more: each tab sends its own.
  onChange(
    run,
    ({ state }, before) => state === 'ended' && before.state !== state && report(run, counts),
    signal,
  );
}

/** Sends what there is, at once: the page may be about to go. */
function report(run: SessionRun, counts: PageCounts): void {
  const metrics = offers(run, 'metrics') ? counts.next() : undefined;
  if (!metrics) return;
  const { world } = run;
  const body: HeartbeatRequest = { timestamp: world.now(), active: pageOf(world).isVisible, metrics };
  send<HeartbeatAnswer>(run, { method: 'POST', path: '/heartbeat', body, keepalive: true }, 1).then(
    () => counts.taken(metrics),
    () => {},
  );
}

/** Calls back with each event of a type, while the run lasts. */
function on<T extends SessionEventType>(
  { owner, signal }: SessionRun,
  type: T,
  listener: (fields: SessionEventFields[T]) => void,
): void {
  owner.addEventListener(type, (event) => listener(event as unknown as SessionEventFields[T]), { signal });
}

/** What is of this tab alone. */
function countThisPage(run: SessionRun, counts: PageCounts): void {
  const { signal, world, endpoint } = run;
  counts.add('pages');
  const validation = performance
    .getEntriesByType('resource')
    .find(({ name }) => name === `${endpoint}/sessions/validate`) as PerformanceResourceTiming | undefined;
  if (validation) counts.add('ready_ms', Math.round(validation.responseEnd));
  on(run, 'extend-request', () => counts.add('extend_requests'));
  on(run, 'error', ({ code }) => counts.add(`errors.${code}`));
  let hiddenAt: number | undefined;
  lifecycleOf(run).listen((news) => {
    if (news === 'hidden') hiddenAt = world.monotonicNow();
    if (news !== 'shown' || hiddenAt === undefined) return;
    counts.add('hidden_seconds', Math.round((world.monotonicNow() - hiddenAt) / 1000));
    hiddenAt = undefined;
  }, signal);
}

/** What all tabs see: it is counted once. */
function countSession(run: SessionRun, add: (name: string, amount?: number) => void): void {
  const { world } = run;
  let warnedAt: number | undefined;
  let lostAt: number | undefined;
  on(run, 'warning', () => {
    add('warnings');
    warnedAt = world.monotonicNow();
  });
  on(run, 'extend', () => {
    add('extensions');
    if (warnedAt === undefined) return;
    add('answered');
    add('answered_after_ms', Math.round(world.monotonicNow() - warnedAt));
    warnedAt = undefined;
  });
  on(run, 'connection', ({ connection }) => {
    if (connection !== 'online') lostAt ??= world.monotonicNow();
    else if (lostAt !== undefined) {
      add('reconnects');
      add('offline_seconds', Math.round((world.monotonicNow() - lostAt) / 1000));
      lostAt = undefined;
    }
  });
}

const nameForm = /^[a-z][a-z0-9_]{0,39}$/;
const wordForm = /^[\w-]{1,40}$/;

/**
 * Counts something of the page's own: how often, the sums of its numbers, how often each of its words.
 * @throws {SessionError} `CALL_REFUSED` where a name or a value could be anything but that.
 */
export function countTracked({ counts }: SessionRun, name: string, values: TrackedValues = {}): void {
  const all = Object.entries(values);
  const isCount = (value: unknown) =>
    typeof value === 'boolean' || (typeof value === 'string' ? wordForm.test(value) : Number.isFinite(value));
  if (!nameForm.test(name) || !all.every(([key, value]) => nameForm.test(key) && isCount(value))) {
    const message = 'track() counts names of a-z, 0-9 and _, with finite numbers, booleans and single words';
    throw new SessionError('CALL_REFUSED', { message });
  }
  counts?.add(`custom.${name}`);
  for (const [key, value] of all) {
    const path = `custom.${name}.${key}`;
    if (typeof value === 'string') counts?.add(`${path}.${value}`);
    else counts?.add(path, Number(value));
  }
}
