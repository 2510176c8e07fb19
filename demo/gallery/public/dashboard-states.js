// What the gallery shows of a provider's dashboard.
import { problem } from './tags.js';

const attributes = {
  'provider-id': 'lantern',
  'application-ids': 'sketch margin',
  'attention-url': '#{kind}',
};

const dashboard = (id, title, told, more) => ({
  id: `dashboard-${id}`,
  title,
  tags: [['marketplace-dashboard', attributes, []]],
  dashboard: told,
  ...more,
});

export const dashboardGroups = [
  {
    title: 'A provider’s dashboard',
    states: [
      dashboard('connecting', 'It is being opened', {}, { answers: { lantern: 'never', events: 'never' } }),
      dashboard(
        'refused',
        'Nobody is signed in',
        {},
        { answers: { 'access-token': problem(401, 'CREDENTIAL_MISSING') } },
      ),
      dashboard(
        'loading',
        'Its cards are being read',
        {},
        {
          answers: { analytics: 'never', stats: 'never', attention: 'never', sessions: 'never' },
        },
      ),
      dashboard('empty', 'Nothing was sold yet', { isEmpty: true }),
      dashboard('week', 'A week', {}),
      dashboard('money', 'Two currencies', { currencies: ['eur', 'usd'] }),
      dashboard('waiting', 'Much waits for somebody', {
        waiting: { exceptions_open: 2, help_requests_missed: 1, disputes_open: 1 },
      }),
      dashboard(
        'failed',
        'Some of it could not be read',
        {},
        { answers: { stats: problem(400, 'REQUEST_INVALID'), analytics: problem(400, 'REQUEST_INVALID') } },
      ),
      dashboard('stale', 'It may be old', {}, { answers: { events: problem(503, 'SERVICE_ERROR') } }),
      dashboard('timeline', 'What has happened to a session', {}, { press: ['timeline-button'] }),
    ],
  },
];
