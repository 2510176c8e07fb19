import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { SessionError } from '../../src/protocol/errors.js';
import type { SessionStatus } from '../../src/protocol/session.js';
import {
  isFinal,
  nextStatus,
  sessionTransitions,
  type SessionAction,
} from '../../src/protocol/state-machine.js';

const statuses = Object.keys(sessionTransitions) as SessionStatus[];
const actions: SessionAction[] = ['start', 'cancel', 'pause', 'resume', 'extend', 'complete', 'expire'];

/** Written out once more by hand: what a session allows, and nothing else. */
const allowed: Partial<Record<SessionStatus, Partial<Record<SessionAction, SessionStatus>>>> = {
  waiting: { start: 'active', cancel: 'cancelled' },
  active: { pause: 'paused', extend: 'active', complete: 'completed', expire: 'expired' },
  paused: { resume: 'active', extend: 'paused', complete: 'completed', expire: 'expired' },
};

const codeOf = (work: () => unknown) => {
  try {
    work();
  } catch (error) {
    assert(error instanceof SessionError);
    return error.code;
  }
  return undefined;
};

describe('session state machine', () => {
  for (const status of statuses) {
    for (const action of actions) {
      const next = allowed[status]?.[action];
      it(`${action} of a session that is ${status} ${next ? `makes it ${next}` : 'is refused'}`, () => {
        if (next) assert.equal(nextStatus(status, action), next);
        else {
          const code = allowed[status] ? 'TRANSITION_REFUSED' : 'SESSION_ENDED';
          assert.equal(
            codeOf(() => nextStatus(status, action)),
            code,
          );
        }
      });
    }
  }

  it('calls completed, expired and cancelled final, and nothing else', () => {
    assert.deepEqual(statuses.filter(isFinal), ['completed', 'expired', 'cancelled']);
  });

  it('no sequence of actions leaves a final status, or the table', () => {
    fc.assert(
      fc.property(fc.constantFrom(...statuses), fc.array(fc.constantFrom(...actions)), (first, sequence) => {
        let status = first;
        for (const action of sequence) {
          const before = status;
          const code = codeOf(() => (status = nextStatus(status, action)));
          if (isFinal(before)) {
            assert.equal(code, 'SESSION_ENDED');
            assert.equal(status, before);
          }
          assert(statuses.includes(status));
        }
      }),
    );
  });
});
