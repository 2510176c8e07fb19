import type { SessionRun } from '../run/session-run.js';
import { lifecycleOf } from './lifecycle.js';
import { onChange } from '../run/listen.js';
import { endSignalOf } from '../run/run-end.js';
import { pageOf } from './browser-page.js';
import { commonKnowledgeOf } from '../tabs/common-knowledge.js';
import { postState } from '../tabs/shared-state.js';
import { tabLineOf } from '../tabs/tab-line.js';

/** A quick look at another tab changes nothing, ms. */
const graceMs = 3000;
/** How long the other tabs may take to say that somebody looks at them, ms. */
const answerMs = 300;

/** Performs a call of the controller. */
export type Perform = (run: SessionRun, call: ['pause' | 'resume']) => Promise<void>;

/** Stops the time while no tab of the session is looked at (Page Visibility), and lets it run when one is again. */
export function pauseWhileHidden(run: SessionRun, perform: Perform): void {
  const { world } = run;
  const over = endSignalOf(run);
  const page = pageOf(world);
  const line = tabLineOf(run);
  const common = commonKnowledgeOf(run);
  let timer: number | undefined;

  const pauseUnlessSeen = async () => {
    const seen = line.next('looking', answerMs);
    line.post('who-looks', {});
    if ((await seen) || page.isVisible || run.snapshot.state !== 'active') return;
    await perform(run, ['pause']);
    common.isPausedByHiding = true;
    postState(run);
    await resumeIfSeen();
  };
  const resumeIfSeen = async () => {
    if (page.isVisible && common.isPausedByHiding && run.snapshot.state === 'paused')
      await perform(run, ['resume']);
  };
  const look = () => {
    world.clearTimeout(timer);
    void resumeIfSeen().catch(() => {});
    if (!page.isVisible && run.snapshot.session?.pausable)
      timer = world.setTimeout(() => void pauseUnlessSeen().catch(() => {}), graceMs);
  };
  // Whoever came back while the pause was on its way hears of it only now.
  line.on('state', () => void resumeIfSeen().catch(() => {}), over);
  line.on('who-looks', () => page.isVisible && line.post('looking', {}), over);
  onChange(
    run,
    ({ state }) => {
      if (state === 'active') common.isPausedByHiding = false;
    },
    over,
  );
  lifecycleOf(run).listen((news) => {
    if (/shown|hidden|resumed/.test(news)) look();
  }, over);
  over.addEventListener('abort', () => world.clearTimeout(timer));
  look();
}
