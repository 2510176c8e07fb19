import { perRun } from './per-run.js';

/** Aborts when a run is over: its session has ended or failed, or its controller was destroyed. */
export const endSignalOf = perRun(({ owner, signal }) => {
  const over = new AbortController();
  signal.addEventListener('abort', () => over.abort());
  owner.subscribe(({ state }) => (state === 'ended' || state === 'failed') && over.abort(), signal);
  return over.signal;
});
