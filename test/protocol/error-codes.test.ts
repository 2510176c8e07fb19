import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { errorCodes, type ErrorDescription } from '../../src/protocol/error-codes.js';
import { SessionError } from '../../src/protocol/errors.js';

const rows = Object.entries<ErrorDescription>(errorCodes);

describe('error codes', () => {
  for (const [code, { status, title, action, retryable }] of rows) {
    it(`${code} says what happened and what to do, a sentence each`, () => {
      assert.match(code, /^[A-Z]+(_[A-Z0-9]+)*$/);
      for (const text of [title, action]) {
        assert.match(text, /^[A-Z/].{8,}\.$/s);
        assert(!/\n|\. [A-Z]/.test(text), `one sentence: ${text}`);
      }
      assert.notEqual(title, action);
      assert(status === 0 || (status >= 400 && status < 600));
      if (status >= 500) assert.equal(retryable, true);
    });
  }

  it('has a title of its own for each code', () => {
    assert.equal(new Set(rows.map(([, { title }]) => title)).size, rows.length);
  });
});

describe('SessionError', () => {
  it('carries code, message and details', () => {
    const cause = new Error('cause');
    const error = new SessionError('RATE_LIMITED', {
      message: 'Slow down.',
      status: 429,
      retryAfterSeconds: 7,
      cause,
    });
    assert(error instanceof Error);
    assert.deepEqual(
      [error.name, error.code, error.message, error.status, error.retryAfterSeconds, error.cause],
      ['SessionError', 'RATE_LIMITED', 'Slow down.', 429, 7, cause],
    );
  });

  it('is called by its code where nothing else is said', () => {
    assert.equal(new SessionError('TIMED_OUT').message, 'TIMED_OUT');
    assert.equal(new SessionError('TIMED_OUT').status, undefined);
  });
});
