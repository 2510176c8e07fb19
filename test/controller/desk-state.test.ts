import { expect } from '@open-wc/testing';
import fc from 'fast-check';
import {
  isShown,
  readFrame,
  takeFrame,
  wentOf,
  type DeskState,
} from '../../src/controller/desk/desk-state.js';
import type { DeskFrame, DeskRequest } from '../../src/protocol/help-request.js';

const common = { unread_count: 0, server_time: 1_767_225_600_000 };
const helper = { id: 'maria', availability: 'available', active_count: 0, max_concurrent: 1 } as const;
const ids = ['a', 'b', 'c'];

/** What can happen to a request, seen from one helper's desk: each step is a state of the service. */
const steps: Record<string, (before: DeskRequest) => Partial<DeskRequest> | undefined> = {
  take: ({ status, offer }) =>
    status === 'open' && offer === 'offered'
      ? { status: 'claimed', offer: 'accepted', session_id: 's' }
      : undefined,
  lose: ({ status, offer }) =>
    status === 'open' ? { status: 'claimed', ...(offer === 'offered' && { offer: 'withdrawn' }) } : undefined,
  // The request itself does not change by it.
  decline: ({ status, offer, version }) =>
    status === 'open' && offer === 'offered' ? { offer: 'declined', version: version - 1 } : undefined,
  reopen: ({ status, offer }) =>
    status === 'claimed'
      ? { status: 'open', session_id: null, offer: offer === 'withdrawn' ? 'offered' : 'missed' }
      : undefined,
  wait: ({ status, due_at }) => (status === 'claimed' ? { due_at: due_at! + 180 } : undefined),
  start: ({ status }) => (status === 'claimed' ? { status: 'in_progress' } : undefined),
  complete: ({ status }) => (status === 'in_progress' ? { status: 'completed' } : undefined),
  record: ({ status, outcome }) => (status === 'completed' && !outcome ? { outcome: 'resolved' } : undefined),
  cancel: ({ status, offer }) =>
    status === 'open' || status === 'claimed'
      ? { status: 'cancelled', ...(offer === 'offered' && { offer: 'withdrawn' }) }
      : undefined,
};

const first = (id: string): DeskRequest => ({
  ...{ id, application_id: 'app', category_id: 'leak', version: 1, status: 'open', offer: 'offered' },
  ...{
    session_id: null,
    tokens: 100,
    amount: null,
    currency: null,
    duration_seconds: 600,
    created_at: 1,
    due_at: 100,
    outcome: null,
  },
});

/** The states that a service goes through, one after the other. */
function historyOf(moves: readonly (readonly [string, string])[]): DeskRequest[] {
  const now = new Map(ids.map((id) => [id, first(id)]));
  const history = [...now.values()];
  for (const [id, move] of moves) {
    const before = now.get(id)!;
    const version = before.version + 1;
    const change = steps[move]!({ ...before, version });
    if (!change) continue;
    now.set(id, { ...before, version, ...change });
    history.push(now.get(id)!);
  }
  return history;
}
const moves = fc.array(fc.tuple(fc.constantFrom(...ids), fc.constantFrom(...Object.keys(steps))), {
  maxLength: 30,
});
const changed = (request: DeskRequest): DeskFrame => ({ type: 'help_request.changed', request, ...common });
const snapshot = (requests: DeskRequest[]): DeskFrame => ({
  type: 'desk.snapshot',
  helper,
  requests,
  ...common,
});
const shown = (state: DeskState | undefined) =>
  [...state!.requests.values()].filter(isShown).sort((one, other) => (one.id < other.id ? -1 : 1));
const lastOf = (history: readonly DeskRequest[]) =>
  ids.map((id) => history.filter((one) => one.id === id).at(-1)!).filter(isShown);

describe('the state of a desk', () => {
  it('is that of the highest versions, in whatever order and however often frames come', () => {
    fc.assert(
      fc.property(
        moves.map(historyOf).chain((history) =>
          fc.record({
            history: fc.constant(history),
            // Each at least once, some again.
            told: fc
              .tuple(
                fc.shuffledSubarray(history, { minLength: history.length }),
                fc.array(fc.constantFrom(...history), { maxLength: 20 }),
              )
              .chain(([all, again]) =>
                fc.shuffledSubarray([...all, ...again], { minLength: all.length + again.length }),
              ),
          }),
        ),
        ({ history, told }) => {
          const state = told.map(changed).reduce(takeFrame, takeFrame(undefined, snapshot([])));
          expect(shown(state)).to.deep.equal(lastOf(history));
        },
      ),
    );
  });

  it('is what the service has after a new stream, whatever was missed; nothing older brings anything back', () => {
    fc.assert(
      fc.property(moves.map(historyOf), fc.nat(), fc.nat(), (history, one, other) => {
        const [heard, missed] = [one % history.length, other % history.length].sort((a, b) => a - b);
        const before = history.slice(0, heard! + 1);
        const now = history.slice(0, Math.max(missed!, ids.length - 1) + 1);
        let state = before.map(changed).reduce(takeFrame, takeFrame(undefined, snapshot([])));
        state = takeFrame(state, snapshot(lastOf(now)));
        expect(shown(state)).to.deep.equal(lastOf(now));
        // Of the stream before.
        state = before.map(changed).reduce(takeFrame, state);
        expect(shown(state)).to.deep.equal(lastOf(now));
        state = history.map(changed).reduce(takeFrame, state);
        expect(shown(state)).to.deep.equal(lastOf(history));
      }),
    );
  });

  it('keeps of what is gone no more than some hundreds', () => {
    let state = takeFrame(undefined, snapshot([first('a')]));
    for (let count = 0; count < 1000; count++)
      state = takeFrame(state, changed({ ...first(`gone-${count}`), offer: 'declined' }));
    expect(state!.requests.size).to.equal(501);
    expect(shown(state)).to.have.length(1);
  });

  it('says nothing before there was a snapshot, and takes no frame that is none', () => {
    expect(takeFrame(undefined, changed(first('a')))).to.equal(undefined);
    expect(readFrame(changed(first('a')))).to.deep.equal(changed(first('a')));
    expect(readFrame(snapshot([first('a')]))).to.deep.equal(snapshot([first('a')]));
    fc.assert(
      fc.property(fc.anything(), (data) => {
        expect(readFrame(data)).to.equal(undefined);
      }),
    );
    for (const poisoned of [
      { ...snapshot([]), requests: [null] },
      { ...snapshot([]), requests: {} },
      { ...snapshot([]), helper: { ...helper, availability: 'odd' } },
      { ...changed(first('a')), request: { id: 'a', version: 'one' } },
      { ...changed(first('a')), server_time: 'now' },
    ])
      expect(readFrame(poisoned), JSON.stringify(poisoned)).to.equal(undefined);
  });

  it('knows how a request went', () => {
    const offered = first('a');
    const own: DeskRequest = { ...offered, version: 2, status: 'claimed', offer: 'accepted' };
    const went = (before: DeskRequest, after: Partial<DeskRequest>) =>
      wentOf(before, { ...before, ...after });
    expect([
      went(offered, { status: 'claimed', offer: 'withdrawn' }),
      went(offered, { offer: 'declined' }),
      went(offered, { status: 'cancelled', offer: 'withdrawn' }),
      went(offered, { status: 'expired', offer: 'missed' }),
      went(offered, { offer: 'withdrawn' }),
      went(own, { status: 'completed' }),
      went(own, { status: 'open', offer: 'declined' }),
      went(own, { status: 'open', offer: 'missed' }),
      went(own, { status: 'cancelled' }),
      went(own, { offer: 'withdrawn' }),
    ]).to.deep.equal([
      ...['taken', 'declined', 'cancelled', 'expired', 'unknown'],
      ...['completed', 'returned', 'lapsed', 'cancelled', 'unknown'],
    ]);
  });
});
