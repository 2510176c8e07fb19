import type { Session } from '../../src/protocol/session.js';
import { PageBackend } from './page-backend.js';
import { SessionPage } from './session-page.js';

/** A state of the tag as a person meets it. */
interface Scene {
  remainingSeconds?: number;
  session?: Partial<Session>;
  arrange?(backend: PageBackend): void;
  act?(page: SessionPage, backend: PageBackend): Promise<unknown>;
  /** The part by which it is known to be there. */
  shows: string;
}

const problem = (status: number, code: string) => () => ({
  status,
  // Longer than anybody waits: no retry comes in between.
  headers: { 'Retry-After': '60' },
  body: { code, status, request_id: 'req_1' },
});
const never = () => new Promise<never>(() => {});

/** What the device knows of its network. */
export async function setOnline(isOnline: boolean): Promise<void> {
  Object.defineProperty(navigator, 'onLine', { configurable: true, get: () => isOnline });
  const element = document.querySelector('marketplace-session');
  // The part that listens may not be there yet.
  for (let tries = 0; tries < 100; tries += 1) {
    window.dispatchEvent(new Event(isOnline ? 'online' : 'offline'));
    if (isOnline || element?.snapshot.connection !== 'online') return;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
}

/** It has not started, and waits for half an hour at most. */
const waiting: Partial<Session> = {
  status: 'waiting',
  started_at: null,
  expires_at: null,
  waiting_until: Math.floor(Date.now() / 1000) + 1800,
  extension_options: [],
};

/** Every state that is drawn. */
export const scenes: Record<string, Scene> = {
  loading: { arrange: ({ answers }) => void (answers.validate = never), shows: 'loading' },
  timer: { shows: 'end-button' },
  banner: { remainingSeconds: 280, shows: 'warning' },
  dialog: { remainingSeconds: 55, shows: 'dialog' },
  picker: { act: (page) => page.press('extend-button'), shows: 'dialog' },
  busy: {
    arrange: ({ answers }) => void (answers.extend = never),
    act: (page) => page.press('extend-button').then(() => page.press('confirm-button')),
    shows: 'dialog',
  },
  refused: {
    arrange: ({ answers }) => void (answers.extend = problem(402, 'INSUFFICIENT_TOKENS')),
    act: async (page) => {
      await page.press('extend-button');
      await page.press('confirm-button');
      await page.until(() => page.text('message'), 'the refusal is there');
    },
    shows: 'message',
  },
  pay: {
    session: {
      extension_options: [
        { additional_seconds: 900, tokens: null, available: true, money: { amount: 499, currency: 'eur' } },
      ],
    },
    arrange: (backend) => {
      backend.answers.extend = () => ({
        body: {
          checkout_url: 'https://checkout.example/pay',
          session: backend.session,
          server_time: Date.now(),
        },
      });
    },
    act: (page) => page.press('extend-button').then(() => page.press('confirm-button')),
    shows: 'pay-link',
  },
  done: {
    act: (page) => page.press('extend-button').then(() => page.press('confirm-button')),
    shows: 'notice',
  },
  ask: { act: (page) => page.press('end-button'), shows: 'dialog' },
  paused: { act: (page) => page.press('pause-button'), shows: 'pause' },
  waiting: { session: waiting, shows: 'waiting' },
  'waiting ask': { session: waiting, act: (page) => page.press('end-button'), shows: 'dialog' },
  cancelled: {
    session: { ...waiting, return_url: 'https://market.example/sessions' },
    arrange: (backend) => {
      backend.answers.complete = () => {
        const bill = { status: 'cancelled' as const, used_seconds: 0, final_cost: 0, tokens_refunded: 60 };
        const session = { ...backend.session, ...bill, waiting_until: null };
        return { body: { ...bill, session, server_time: Date.now() } };
      };
    },
    act: (page) => page.element.end(),
    shows: 'return-link',
  },
  reconnecting: {
    act: async (page, { answers }) => {
      // Neither the heartbeat nor what is asked where heartbeats alone are blocked.
      answers.heartbeat = answers.validate = () => {
        throw new TypeError('Failed to fetch');
      };
      // A heartbeat that is under way may be answered yet: it counts once it has lasted.
      for (let tries = 0, lasted = 0; tries < 100 && lasted < 10; tries += 1) {
        lasted += 1;
        if (page.element.snapshot.connection !== 'reconnecting') {
          lasted = 0;
          await setOnline(false);
          await setOnline(true);
        }
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    },
    shows: 'try-button',
  },
  offline: { act: () => setOnline(false), shows: 'connection' },
  'offline picker': {
    act: (page) => setOnline(false).then(() => page.press('extend-button')),
    shows: 'dialog-status',
  },
  empty: {
    arrange: ({ answers }) => void (answers.validate = problem(404, 'NO_LIVE_SESSION')),
    shows: 'empty',
  },
  error: {
    arrange: ({ answers }) => void (answers.validate = problem(503, 'SERVICE_UNAVAILABLE')),
    shows: 'error',
  },
  'wrong link': {
    arrange: ({ answers }) => void (answers.validate = problem(401, 'TOKEN_KEY_UNKNOWN')),
    shows: 'error',
  },
  ended: {
    session: { return_url: 'https://market.example/sessions' },
    act: (page) => page.element.end(),
    shows: 'return-link',
  },
};

/** Opens a page in one of the states. @param seen a part that is waited for in place of the scene's own. */
export async function openScene(
  name: string,
  attributes: Record<string, string> = {},
  seen?: string,
): Promise<{ page: SessionPage; backend: PageBackend }> {
  const { remainingSeconds = 900, session = {}, arrange, act, shows } = scenes[name]!;
  const backend = new PageBackend(remainingSeconds, session);
  arrange?.(backend);
  const page = await SessionPage.open(backend, { 'no-redirect': '', ...attributes });
  if (act) await page.see('end-button').then(() => act(page, backend));
  await page.see(seen ?? shows);
  return { page, backend };
}

/** Undoes what a scene has done to the browser. */
export function closeScene(backend: PageBackend): void {
  delete (navigator as { onLine?: boolean }).onLine;
  backend.restore();
  sessionStorage.clear();
}
