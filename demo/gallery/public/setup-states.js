// What the gallery shows of the set-up of an application.
import { problem } from './tags.js';

const setup = (id, title, told, more) => ({
  id: `setup-${id}`,
  title,
  tags: [['marketplace-setup', { 'application-id': 'sketch' }, []]],
  setup: told,
  ...more,
});

export const setupGroups = [
  {
    title: 'The set-up of an application',
    states: [
      setup('loading', 'It is being opened', {}, { answers: { sketch: 'never' } }),
      setup(
        'missing',
        'The marketplace does not know it',
        {},
        { answers: { sketch: problem(404, 'APPLICATION_NOT_FOUND') } },
      ),
      setup('page', 'Its page is not known yet', { launch_url: null, allowed_origins: [] }),
      setup('key', 'A key that is shown once', {}, { press: ['key-button'] }),
      setup('code', 'Code for the page', {}, { press: ['next-button'] }),
      setup(
        'checks',
        'The page was looked at',
        { findings: true },
        { press: ['next-button', 'next-button', 'check-button'] },
      ),
      setup(
        'rehearsal',
        'A rehearsal is prepared',
        {},
        { press: ['next-button', 'next-button', 'next-button', 'rehearse-button'] },
      ),
      setup('live', 'It is for customers', { mode: 'live' }),
    ],
  },
];
