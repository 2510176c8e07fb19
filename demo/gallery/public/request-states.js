// What the gallery shows of a request for help: the customer's side of it, what its helper says of the talk, and the helper's bell.
import { helperId, requestOf } from './help-service.js';
import { problem } from './tags.js';

const request = (id, title, own, more = {}) => ({
  id: `request-${id}`,
  title,
  tags: [
    ['marketplace-help-request', { 'request-url': '/help', 'join-url': '/join', ...more.attributes }, []],
  ],
  help: { request: own, ...more.help },
  ...more.state,
});
/** One that has ended is nobody's to find again: a page names it. */
const ended = (id, title, own) =>
  request(`ended-${id}`, title, requestOf({ version: 5, ...own }), {
    attributes: { 'request-id': 'req_leak' },
  });
const ofMira = { helper_id: helperId, helper_name: 'Mira', session_id: 'ses_1' };
const claimed = () => requestOf({ status: 'claimed', version: 2, ...ofMira });
const talked = { ...ofMira, used_seconds: 605, final_cost: 21 };
const pressed = (more) => ({ state: { press: ['ask-button'], ...more } });

const outcome = (id, title, own, more) => ({
  id: `outcome-${id}`,
  title,
  tags: [['marketplace-session-outcome', { 'request-id': 'req_leak' }, []]],
  help: { request: requestOf({ version: 4, ...ofMira, ...own }) },
  ...more,
});
const over = { status: 'completed', ...talked };

const told = (type, minutes, isRead = true, request_id = 'req_leak') => ({
  ...{ type, request_id, created_at: Math.floor(Date.now() / 1000) - 60 * minutes },
  read_at: isRead ? Math.floor(Date.now() / 1000) : null,
});
const listOf = (list) => ({
  notifications: list.map((one, index) => ({ id: list.length - index, ...one })),
  next_cursor: null,
});
const bell = (id, title, { unread = 0, list = [], requests = [] }, more) => ({
  id: `bell-${id}`,
  title,
  tags: [['marketplace-notifications', { 'helper-id': helperId }, []]],
  help: { desk: { unread, requests, notifications: listOf(list) } },
  ...more,
});
const opened = { press: ['bell-button'], isHigh: true };
const day = [
  told('offered', 1, false),
  told('request_cancelled', 14, false, 'req_wall'),
  told('claim_missed', 50),
  told('set_away', 75, true, null),
];

export const requestGroups = [
  {
    title: 'Asking for help',
    states: [
      request('loading', 'It is looked whether there is a request', undefined, {
        state: { answers: { 'GET help-requests': 'never' } },
      }),
      request('form', 'The form', undefined),
      request('one', 'One thing can be asked for', undefined, {
        attributes: {
          categories: JSON.stringify([
            {
              id: 'leak',
              name: 'Something drips or leaks',
              amount: 1500,
              currency: 'eur',
              duration_seconds: 900,
            },
          ]),
        },
      }),
      request('nothing', 'Nothing can be asked for', undefined, { attributes: { categories: '[]' } }),
      request('unreachable', 'The service cannot be reached', undefined, {
        state: { answers: { 'GET help-categories': 'cut', 'GET help-requests': 'cut' } },
      }),
      request('signed-out', 'Nobody is signed in', undefined, {
        state: { answers: { 'access-token': problem(401, 'CREDENTIAL_MISSING') } },
      }),
      request('asking', 'It is on its way', undefined, pressed({ answers: { 'POST help': 'never' } })),
      request(
        'tokens',
        'Too few tokens',
        undefined,
        pressed({ answers: { 'POST help': problem(402, 'INSUFFICIENT_TOKENS') } }),
      ),
      request(
        'paying',
        'It has to be paid',
        requestOf({
          ...{ status: 'awaiting_payment', offered_count: 0, tokens: null, amount: 1500, currency: 'eur' },
          ...{ payment_status: 'pending', checkout_url: 'https://checkout.example/' },
        }),
      ),
      request('waiting', 'Helpers are asked', requestOf({ since: 130 })),
      request('nobody', 'Nobody is free', requestOf({ offered_count: 0 })),
      request('cut', 'The connection is interrupted', requestOf(), { state: { answers: { events: 'cut' } } }),
      request('check', 'Camera and microphone can be looked at meanwhile', requestOf(), {
        attributes: { checks: 'camera microphone network' },
      }),
      request('claimed', 'A helper has taken it', claimed()),
      request('check-first', 'The check has to pass before joining', claimed(), {
        attributes: { checks: 'camera microphone', require: 'microphone' },
      }),
      request('join-failed', 'The way into the session did not open', claimed(), {
        state: { answers: { join: problem(503, 'SERVICE_UNAVAILABLE') }, press: ['join-button'] },
      }),
      request('running', 'The talk runs', requestOf({ status: 'in_progress', version: 3, ...ofMira })),
      ended('talk', 'The talk is over', over),
      ended('nobody', 'Nobody was free', { status: 'expired', reason: 'nobody_free' }),
      ended('cancelled', 'The customer has given it up', { status: 'cancelled', reason: 'requested' }),
      ended('absent', 'The customer did not come', { status: 'cancelled', reason: 'customer_absent' }),
      ended('unpaid', 'It was not paid', { status: 'expired', reason: 'payment_failed' }),
      ended('called-off', 'The talk was called off', { status: 'cancelled', reason: 'session_cancelled' }),
    ],
  },
  {
    title: 'How a talk ended',
    states: [
      outcome('loading', 'It is looked how the talk stands', {}, { answers: { 'GET req_leak': 'never' } }),
      outcome('early', 'The talk is not over', { status: 'in_progress' }),
      outcome('form', 'Nothing was said of it', over),
      outcome('missing', 'It was sent without a choice', over, { press: ['submit-button'] }),
      outcome('sending', 'It is on its way', over, {
        press: ['option', 'submit-button'],
        answers: { outcome: 'never' },
      }),
      outcome('unreached', 'It did not get through', over, {
        press: ['option', 'submit-button'],
        answers: { outcome: 'cut' },
      }),
      outcome('given', 'It is recorded', {
        ...over,
        outcome: 'in_person',
        notes: 'The pipe behind the wall.',
      }),
      outcome('void', 'No talk came of it', { status: 'cancelled', reason: 'requested' }),
      outcome('gone', 'It was somebody else’s', over, {
        answers: { 'GET req_leak': problem(404, 'HELP_REQUEST_NOT_FOUND') },
      }),
    ],
  },
  {
    title: 'A helper’s bell',
    states: [
      bell('none', 'Nothing is unread', {}),
      bell('some', 'Three are unread', { unread: 3 }),
      bell('many', 'More than nine are unread', { unread: 12 }),
      bell(
        'list',
        'What the helper was told',
        { unread: 2, list: day, requests: [requestOf({ offer: 'offered' })] },
        opened,
      ),
      bell('empty', 'Nothing was told yet', {}, opened),
      bell(
        'loading',
        'The list is on its way',
        { unread: 2 },
        { ...opened, answers: { notifications: 'never' } },
      ),
      bell(
        'failed',
        'The list could not be read',
        { unread: 2 },
        { ...opened, answers: { notifications: 'cut' } },
      ),
    ],
  },
];
