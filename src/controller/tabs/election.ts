import { SessionError } from '../../protocol/errors.js';
import type { SessionRun } from '../run/session-run.js';
import { failing } from '../snapshot.js';
import { lifecycleOf } from '../page/lifecycle.js';
import { endSignalOf } from '../run/run-end.js';
import { pageOf } from '../page/browser-page.js';
import { commonKnowledgeOf } from './common-knowledge.js';
import { Leadership } from './leadership.js';
import { tabLineOf } from './tab-line.js';

/** Between two signs of life of the tab that leads, ms. */
const pulseMs = 5000;
/** Silence after which a tab that is looked at takes the lead over, ms. */
const silenceMs = 11_000;
/** The same for a tab in the background, whose own timers may come once a minute, ms. */
const hiddenSilenceMs = 75_000;

/**
 * Has one tab of the session lead. Who closes, crashes or is frozen is followed at once; who hangs shows no pulse and is
 * replaced by a tab that is looked at.
 * @param onLead called when this tab leads, until the signal aborts; `tellBeat` tells the others of a heartbeat.
 */
export function electLeader(
  run: SessionRun,
  onLead: (term: AbortSignal, tellBeat: () => void) => void,
): void {
  const { world, store } = run;
  const over = endSignalOf(run);
  const page = pageOf(world);
  const line = tabLineOf(run);
  const common = commonKnowledgeOf(run);
  let epoch = 0;
  let heardAt = world.monotonicNow();
  let isLeading = false;
  let timer: number | undefined;

  const lead = (term: AbortSignal) => {
    isLeading = true;
    epoch = Math.max(epoch + 1, world.now());
    const pulse = () => line.post('pulse', { epoch, beatAt: common.beatAt });
    term.addEventListener('abort', () => {
      isLeading = false;
      heardAt = world.monotonicNow();
    });
    pulse();
    onLead(term, () => {
      common.beatAt = world.now();
      pulse();
    });
  };
  const leadership = new Leadership(world, `${store.key} ${run.snapshot.session!.id}`, lead);

  /** How long the tab that leads may still be silent before this one takes over, ms. */
  const patienceMs = () => heardAt + (page.isVisible ? silenceMs : hiddenSilenceMs) - world.monotonicNow();
  const watch = () => {
    if (isLeading) line.post('pulse', { epoch, beatAt: common.beatAt });
    else if (patienceMs() < 0) {
      heardAt = world.monotonicNow();
      if (run.token) void leadership.takeOver();
      // Nobody is left who could ask for this tab.
      else run.dispatch(failing(new SessionError('TOKEN_MISSING')));
    }
    arm();
  };
  const arm = () => {
    const delayMs = isLeading ? pulseMs : Math.min(pulseMs, patienceMs() + 1);
    if (line.isOpen && !over.aborted) timer = world.setTimeout(watch, delayMs);
  };
  line.on('pulse', (pulse) => {
    // Of a tab that was replaced while it hung.
    if (pulse.epoch < epoch) return;
    epoch = pulse.epoch;
    heardAt = world.monotonicNow();
    common.beatAt = Math.max(common.beatAt, pulse.beatAt);
  });
  const enter = () => {
    heardAt = world.monotonicNow();
    // What a tab has no token for it cannot lead.
    if (run.token) leadership.contend();
    arm();
  };
  const leave = () => {
    world.clearTimeout(timer);
    leadership.resign();
  };
  lifecycleOf(run).listen((news) => {
    if (news === 'suspended') {
      leave();
      line.close();
    } else if (news === 'resumed') {
      line.open();
      line.post('hello', {});
      // Whoever leads now asks; where that is this tab it asks at once.
      common.beatAt = 1;
      enter();
    }
  }, over);
  over.addEventListener('abort', leave);
  enter();
}
