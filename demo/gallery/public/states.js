// What the gallery shows. `answers` are what the service says in place of the usual, `press` the parts that a person
// presses one after the other.

const poorer = (problem) => ({ extend: problem });
const problem = (status, code) => ({ status, body: { code, status, request_id: 'req_gallery' } });

const forMoney = {
  extension_options: [
    { additional_seconds: 900, tokens: null, available: true, money: { amount: 499, currency: 'eur' } },
    { additional_seconds: 1800, tokens: null, available: true, money: { amount: 899, currency: 'eur' } },
  ],
};
const checkout = (session) => ({
  body: { checkout_url: 'https://checkout.example/pay', session, server_time: Date.now() },
});
const tag = (attributes = {}) => ['marketplace-session', attributes];

export const groups = [
  {
    title: 'While time runs',
    states: [
      { id: 'loading', title: 'Checking the session', answers: { validate: 'never' } },
      { id: 'active', title: 'Time runs' },
      { id: 'waiting', title: 'Waiting to start', session: { status: 'waiting', expires_at: null } },
      { id: 'paused', title: 'Paused, and until when', press: ['pause-button'] },
      { id: 'banner', title: 'The first warning does not get in the way', remainingSeconds: 285 },
      { id: 'extended', title: 'Time was added', press: ['extend-button', 'confirm-button'] },
      { id: 'reconnecting', title: 'The marketplace cannot be reached', isCut: true },
      { id: 'offline', title: 'The device is offline', isOffline: true },
    ],
  },
  {
    title: 'Dialogs',
    states: [
      { id: 'dialog', title: 'The last warning', remainingSeconds: 58, isHigh: true },
      { id: 'picker', title: 'How much more time', press: ['extend-button'], isHigh: true },
      {
        id: 'busy',
        title: 'The purchase is under way',
        answers: { extend: 'never' },
        press: ['extend-button', 'confirm-button'],
        isHigh: true,
      },
      {
        id: 'refused',
        title: 'The purchase is refused',
        answers: poorer(problem(402, 'INSUFFICIENT_TOKENS')),
        press: ['extend-button', 'confirm-button'],
        isHigh: true,
      },
      { id: 'money', title: 'Prices in money', session: forMoney, press: ['extend-button'], isHigh: true },
      {
        id: 'pay',
        title: 'The way to the checkout',
        session: forMoney,
        answers: { extend: checkout },
        press: ['extend-button', 'confirm-button'],
        isHigh: true,
      },
      { id: 'ask', title: 'Ending asks first', press: ['end-button'], isHigh: true },
    ],
  },
  {
    title: 'When there is no session',
    states: [
      {
        id: 'ended',
        title: 'Ended, with the bill',
        session: { return_url: 'https://market.example/sessions' },
        isEnded: true,
      },
      { id: 'nothing', title: 'Opened without a session', hasNoToken: true, isMiddle: true },
      ...[
        ['copied', 'A link from another browser', 401, 'SESSION_BOUND_ELSEWHERE'],
        ['superseded', 'Opened again somewhere else', 401, 'TOKEN_SUPERSEDED'],
        ['expired', 'Over already', 401, 'TOKEN_EXPIRED'],
        ['unknown', 'Unknown to the marketplace', 404, 'SESSION_NOT_FOUND'],
        ['origin', 'A page that is not set up', 403, 'ORIGIN_REFUSED'],
        ['busy-service', 'The marketplace fails', 503, 'SERVICE_UNAVAILABLE'],
      ].map(([id, title, status, code]) => ({
        id,
        title,
        answers: { validate: problem(status, code) },
      })),
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
    title: 'Pieces for other places',
    states: [
      ...['text', 'pill', 'ring'].map((shape) => ({
        id: `timer-${shape}`,
        title: `The timer as ${shape}`,
        tags: [['marketplace-session-timer', { shape }], tag({ 'no-timer': '' })],
      })),
      {
        id: 'timer-urgent',
        title: 'The ring, once time is short',
        tags: [['marketplace-session-timer', { shape: 'ring' }], tag({ 'no-timer': '', 'no-warning': '' })],
        remainingSeconds: 290,
      },
      {
        id: 'warning-piece',
        title: 'The warning',
        tags: [['marketplace-session-warning', {}], tag({ 'no-warning': '' })],
        remainingSeconds: 290,
      },
      {
        id: 'extend-piece',
        title: 'The extend button',
        tags: [['marketplace-session-extend', {}], tag({ 'no-extend': '' })],
      },
      {
        id: 'connection-piece',
        title: 'The connection',
        tags: [['marketplace-session-connection', {}], tag({ 'no-connection': '' })],
        isOffline: true,
      },
    ],
  },
];

/** The tags of a state, in the order of the page. */
export const tagsOf = ({ tags = [tag()] }) => tags;

export const findState = (id) =>
  groups.flatMap(({ states }) => states).find((state) => state.id === id) ?? groups[0].states[0];
