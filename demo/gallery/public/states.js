// What the gallery shows. `tags` are what a page has written; `session` and `answers` what the service says in place of
// the usual; `press` the parts that a person presses one after the other, `dialog …` those in the dialog.

import { dashboardGroups } from './dashboard-states.js';
import { setupGroups } from './setup-states.js';
import { helpGroups } from './help-states.js';
import { piece, problem, tag, text } from './tags.js';

const forMoney = {
  extension_options: [
    { additional_seconds: 900, tokens: null, available: true, money: { amount: 499, currency: 'eur' } },
    { additional_seconds: 1800, tokens: null, available: true, money: { amount: 899, currency: 'eur' } },
  ],
};
const atItsLimit = {
  extension_options: [900, 1800].map((additional_seconds) => ({
    additional_seconds,
    tokens: additional_seconds / 60,
    available: false,
    unavailable_reason: 'EXTENSION_LIMIT_REACHED',
  })),
};
const nothingOnSale = { extension_options: [], pausable: false };
/** It was sold to start later, and waits for half an hour at most. */
const waiting = {
  status: 'waiting',
  started_at: null,
  expires_at: null,
  waiting_until: Math.floor(Date.now() / 1000) + 1800,
  extension_options: [],
};
/** A pause that the other side has made, for ten minutes at most. */
const pausedBy = (paused_by) => ({
  status: 'paused',
  expires_at: null,
  pause_ends_at: Math.floor(Date.now() / 1000) + 600,
  paused_by,
});
const checkout = (session) => ({
  body: { checkout_url: 'https://checkout.example/pay', session, server_time: Date.now() },
});
const neverStarted = (session) => {
  const bill = { status: 'cancelled', used_seconds: 0, final_cost: 0, tokens_refunded: 60 };
  return {
    body: { ...bill, session: { ...session, ...bill, waiting_until: null }, server_time: Date.now() },
  };
};
const usedUp = (session) => {
  const bill = { status: 'expired', used_seconds: 3600, final_cost: 60, tokens_refunded: 0 };
  return { body: { ...bill, session: { ...session, ...bill, expires_at: null }, server_time: Date.now() } };
};

const buying = ['extend-button', 'confirm-button'];

export const groups = [
  {
    title: 'While time runs',
    states: [
      { id: 'loading', title: 'Checking the session', answers: { validate: 'never' } },
      { id: 'active', title: 'Time runs' },
      {
        id: 'long',
        title: 'More than an hour',
        session: { duration_limit_seconds: 7200 },
        remainingSeconds: 5400,
      },
      { id: 'bare', title: 'No pause, nothing on sale', session: nothingOnSale },
      { id: 'waiting', title: 'Waiting to start, and for how long at most', session: waiting },
      { id: 'paused', title: 'Paused, and until when', press: ['pause-button'] },
      { id: 'paused-provider', title: 'Paused by the provider', session: pausedBy('provider') },
      { id: 'paused-marketplace', title: 'Paused by the marketplace', session: pausedBy('marketplace') },
      { id: 'banner', title: 'The first warning does not get in the way', remainingSeconds: 285 },
      { id: 'extended', title: 'Time was added', press: buying },
      { id: 'reconnecting', title: 'The marketplace cannot be reached', isCut: true },
      { id: 'offline', title: 'The device is offline', isOffline: true },
      {
        id: 'ending',
        title: 'The time is up, the bill on its way',
        remainingSeconds: 2,
        answers: { complete: 'never', heartbeat: 'never' },
      },
    ],
  },
  {
    title: 'Dialogs',
    states: [
      { id: 'dialog', title: 'The last warning', remainingSeconds: 58, isHigh: true },
      {
        id: 'dialog-bare',
        title: 'The last warning, with nothing on sale',
        session: nothingOnSale,
        remainingSeconds: 58,
        isHigh: true,
      },
      {
        id: 'dialog-offline',
        title: 'The last warning, offline',
        remainingSeconds: 58,
        isOffline: true,
        isHigh: true,
      },
      {
        id: 'dialog-cut',
        title: 'The last warning, while the marketplace cannot be reached',
        remainingSeconds: 58,
        isCut: true,
        isHigh: true,
      },
      { id: 'picker', title: 'How much more time', press: ['extend-button'], isHigh: true },
      {
        id: 'limit',
        title: 'It cannot be longer',
        session: atItsLimit,
        press: ['extend-button'],
        isHigh: true,
      },
      {
        id: 'busy',
        title: 'The purchase is under way',
        answers: { extend: 'never' },
        press: buying,
        isHigh: true,
      },
      {
        id: 'refused',
        title: 'The purchase is refused',
        answers: { extend: problem(402, 'INSUFFICIENT_TOKENS') },
        press: buying,
        isHigh: true,
      },
      {
        id: 'price',
        title: 'The price has changed meanwhile',
        answers: { extend: problem(409, 'EXTENSION_PRICE_CHANGED') },
        press: buying,
        isHigh: true,
      },
      { id: 'money', title: 'Prices in money', session: forMoney, press: ['extend-button'], isHigh: true },
      {
        id: 'pay',
        title: 'The way to the checkout',
        session: forMoney,
        answers: { extend: checkout },
        press: buying,
        isHigh: true,
      },
      { id: 'ask', title: 'Ending asks first', press: ['end-button'], isHigh: true },
      {
        id: 'ask-waiting',
        title: 'Ending before the start gives all back',
        session: waiting,
        press: ['end-button'],
        isHigh: true,
      },
      {
        id: 'ask-busy',
        title: 'The end is under way',
        answers: { complete: 'never' },
        press: ['end-button', 'dialog end-button'],
        isHigh: true,
      },
    ],
  },
  {
    title: 'When there is no session',
    states: [
      { id: 'ended', title: 'Ended, with the bill', isEnded: true },
      {
        id: 'ended-back',
        title: 'Ended, with the way back',
        tags: [tag({ 'no-redirect': '' })],
        session: { return_url: 'https://ended-back.example/sessions' },
        isEnded: true,
      },
      {
        id: 'time-up',
        title: 'The time is used up',
        remainingSeconds: 2,
        answers: { complete: usedUp, heartbeat: usedUp },
        isFinal: true,
      },
      {
        id: 'cancelled',
        title: 'Never started, and given back in full',
        session: waiting,
        answers: { complete: neverStarted },
        isEnded: true,
      },
      {
        id: 'empty',
        title: 'A customer who is signed in, and has no session',
        answers: { validate: problem(404, 'NO_LIVE_SESSION') },
      },
      { id: 'nothing', title: 'Opened without a session', hasNoToken: true },
      ...[
        ['copied', 'A link from another browser', 401, 'SESSION_BOUND_ELSEWHERE'],
        ['superseded', 'Opened again somewhere else', 401, 'TOKEN_SUPERSEDED'],
        ['expired', 'Over already', 401, 'TOKEN_EXPIRED'],
        ['unknown', 'Unknown to the marketplace', 404, 'SESSION_NOT_FOUND'],
        ['link', 'A link that does not work', 401, 'TOKEN_SIGNATURE_INVALID'],
        ['early', 'Not begun yet', 401, 'TOKEN_NOT_YET_VALID'],
        ['proof', 'A browser that cannot prove itself', 401, 'PROOF_INVALID'],
        ['origin', 'A page that is not set up', 403, 'ORIGIN_REFUSED'],
        ['busy-service', 'The marketplace fails', 503, 'SERVICE_UNAVAILABLE'],
      ].map(([id, title, status, code]) => ({
        id,
        title,
        answers: { validate: problem(status, code) },
      })),
      { id: 'unreachable', title: 'The marketplace cannot be reached', answers: { validate: 'cut' } },
    ],
  },
  {
    title: 'Trying things',
    states: [
      {
        id: 'sandbox',
        title: 'A sandbox in place of a service: it runs, and nothing is sold',
        tags: [tag({ sandbox: 'duration=1200 tokens=500' })],
        hasNoToken: true,
      },
    ],
  },
  {
    title: 'Layouts',
    states: ['inline', 'bar', 'compact', 'floating'].map((layout) => ({
      id: layout,
      title: `layout="${layout}"`,
      tags: [tag({ layout })],
      remainingSeconds: 290,
      isMiddle: layout === 'floating',
    })),
  },
  {
    title: 'Your own texts',
    states: [
      {
        id: 'slots',
        title: 'In place of the words, and something of yours in the bar',
        tags: [
          tag({}, [
            text('span', 'Studio time', 'label'),
            text('span', 'Check out', 'end-label'),
            text('small', 'Room 4'),
          ]),
        ],
      },
      {
        id: 'slots-dialog',
        title: 'A warning of your own',
        tags: [
          tag({}, [
            text('span', 'One minute left for your drawing', 'warning-title'),
            text('span', 'It is saved by itself, also when the time runs out.', 'warning-text'),
          ]),
        ],
        remainingSeconds: 58,
        isHigh: true,
      },
      {
        id: 'fallback',
        title: 'What stands there until the session runs',
        tags: [tag({}, [text('p', 'Getting your room ready…', 'fallback')])],
        answers: { validate: 'never' },
      },
    ],
  },
  {
    title: 'Pieces for other places',
    states: [
      ...['text', 'pill', 'ring'].map((shape) => ({
        id: `timer-${shape}`,
        title: `The timer as ${shape}`,
        tags: [piece('timer', { shape }), tag({ 'no-timer': '' })],
      })),
      ...['text', 'pill', 'ring'].map((shape) => ({
        id: `timer-${shape}-urgent`,
        title: `The ${shape}, once time is short`,
        tags: [piece('timer', { shape }), tag({ 'no-timer': '', 'no-warning': '' })],
        remainingSeconds: 290,
      })),
      {
        id: 'timer-paused',
        title: 'The ring, paused',
        tags: [piece('timer', { shape: 'ring' }), tag({ 'no-timer': '' })],
        press: ['pause-button'],
      },
      {
        id: 'timer-alone',
        title: 'The timer before there is a session',
        tags: [piece('timer', { shape: 'pill' })],
      },
      {
        id: 'warning-piece',
        title: 'The warning',
        tags: [piece('warning'), tag({ 'no-warning': '' })],
        remainingSeconds: 290,
      },
      {
        id: 'warning-piece-dialog',
        title: 'The last warning, by the piece',
        tags: [piece('warning'), tag({ 'no-warning': '' })],
        remainingSeconds: 65,
        isHigh: true,
      },
      {
        id: 'extend-piece',
        title: 'The extend button',
        tags: [piece('extend'), tag({ 'no-extend': '' })],
      },
      {
        id: 'extend-piece-dialog',
        title: 'The extend button, pressed',
        tags: [piece('extend'), tag({ 'no-extend': '' })],
        press: ['extend-button'],
        isHigh: true,
      },
      {
        id: 'connection-piece',
        title: 'The connection, offline',
        tags: [piece('connection'), tag({ 'no-connection': '' })],
        isOffline: true,
      },
      {
        id: 'connection-piece-cut',
        title: 'The connection, while the marketplace cannot be reached',
        tags: [piece('connection'), tag({ 'no-connection': '' })],
        isCut: true,
      },
    ],
  },
  ...helpGroups,
  ...dashboardGroups,
  ...setupGroups,
];

const pieces = /-(timer|warning|extend|connection)$/;
const dashboard = /-dashboard$/;
const setup = /-setup$/;
const help = /-(preflight|chat|room|files|outcome|help-request|helper-desk|notifications)$/;

/** The scripts that define the tags of a state, of those beside `marketplace-session.js`; that one where none does. */
export function scriptsOf(state) {
  const names = tagsOf(state).map(([name]) => name);
  const has = (pattern) => names.some((name) => pattern.test(name));
  const more = [
    ...[has(pieces) && 'pieces', has(help) && 'live-help'],
    ...[has(dashboard) && 'dashboard', has(setup) && 'setup'],
  ].filter(Boolean);
  return more.length ? more : ['marketplace-session'];
}

/** What a tag needs to know of the service; in a sandbox there is none. */
export const addressesOf = ([name, attributes], endpoint) => ({
  ...(name === 'marketplace-session' && !('sandbox' in attributes) && { 'api-endpoint': endpoint }),
  ...(name === 'marketplace-session-preflight' && { 'server-url': endpoint }),
  ...((/^marketplace-(help|notifications|session-outcome|dashboard|setup)/.test(name) ||
    attributes['session-id']) && {
    'server-url': endpoint,
    'access-token-url': '/access-token',
  }),
});

/** The tags of a state, in the order of the page. */
export const tagsOf = ({ tags = [tag()] }) => tags;

export const findState = (id) =>
  groups.flatMap(({ states }) => states).find((state) => state.id === id) ?? groups[0].states[0];

/** What a page writes on each of its tags for a theme, a language and a direction. */
export const dressOf = ({ theme, lang, dir }) =>
  Object.fromEntries(Object.entries({ theme, lang, dir }).filter(([, value]) => value));

/** How a state comes about, in words. */
export function storyOf({
  devices,
  call,
  messages,
  write,
  remainingSeconds,
  session,
  answers,
  press,
  isOffline,
  isCut,
  isEnded,
  hasNoToken,
}) {
  const said = Object.entries(answers ?? {}).map(([call, answer]) => {
    const code = answer.body?.code;
    const what =
      answer === 'never' ? 'is not answered' : answer === 'cut' ? 'does not arrive' : `is answered ${code}`;
    return typeof answer === 'function' ? `${call} is answered in its own way` : `${call} ${what}`;
  });
  const parts = [
    hasNoToken && 'no session token',
    remainingSeconds && `${remainingSeconds} seconds left`,
    session && `the service says ${JSON.stringify(session)}`,
    said.length > 0 && said.join(', '),
    devices &&
      Object.entries(devices)
        .map(([name, found]) => `${name}: ${found}`)
        .join(', '),
    call && 'the other side is in the call',
    messages && `${messages.length} messages were written before`,
    write && `written and sent: “${write}”`,
    isCut && 'heartbeats do not arrive',
    isOffline && 'the device has no network',
    press && `pressed: ${press.join(', ')}`,
    isEnded && 'end() was called',
  ].filter(Boolean);
  return parts.length ? `Seen with: ${parts.join('; ')}.` : '';
}
