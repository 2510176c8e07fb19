// What the gallery shows of live help. `devices` are a person's camera, microphone and network, `messages` what was written.
import { helperId, requestOf } from './help-service.js';
import { requestGroups } from './request-states.js';
import { roomGroups } from './room-states.js';
import { piece, problem, tag } from './tags.js';

const preflight = (id, title, devices, attributes = {}) => ({
  id: `preflight-${id}`,
  title,
  tags: [piece('preflight', attributes)],
  devices,
  press: ['start-button'],
});

/** A chat beside the tag whose session it belongs to. */
const chat = (id, title, more) => ({
  id: `chat-${id}`,
  title,
  tags: [piece('chat'), tag()],
  capabilities: ['chat'],
  ...more,
});

/** Files beside the tag whose session they belong to. */
const files = (id, title, more) => ({
  id: `files-${id}`,
  title,
  tags: [piece('files'), tag()],
  capabilities: ['files'],
  ...more,
});

const desk = (id, title, told, more) => ({
  id: `desk-${id}`,
  title,
  tags: [['marketplace-helper-desk', { 'helper-id': helperId }, []]],
  help: { desk: told },
  ...more,
});
const offered = (more) => requestOf({ offer: 'offered', ...more });
const claimed = (more) =>
  requestOf({
    status: 'claimed',
    offer: 'accepted',
    version: 2,
    helper_id: helperId,
    session_id: 'ses_1',
    ...more,
  });

const talk = [
  ['customer', 'Hello! The tap in the kitchen drips.'],
  ['provider', 'Hello! Does it drip at the spout, or below the handle?'],
  ['customer', 'At the spout, about once a second. I have turned it as tight as I can.'],
  ['provider', 'Then it is the washer. Have you a spanner of 17 mm?'],
];

const photo = ['customer', 'Leak below the sink.jpg', 'image/jpeg', 2_411_724];
const sheet = ['provider', 'How to change a washer, step by step.pdf', 'application/pdf', 184_320];

export const helpGroups = [
  {
    title: 'Before a talk',
    states: [
      { id: 'preflight', title: 'Nothing is asked yet', tags: [piece('preflight')] },
      preflight('asking', 'The browser asks', { camera: 'asking', microphone: 'asking', network: 'asking' }),
      preflight('ok', 'Everything works'),
      preflight('denied', 'The person has not allowed it', { camera: 'denied', microphone: 'denied' }),
      preflight('dismissed', 'The question was closed', { camera: 'dismissed', microphone: 'dismissed' }),
      preflight('blocked', 'The page around does not pass it on', {
        camera: 'blocked',
        microphone: 'blocked',
      }),
      preflight('missing', 'There is no camera, which is not required', { camera: 'missing' }),
      preflight(
        'required',
        'There is no camera, which is required',
        { camera: 'missing' },
        { require: 'camera microphone' },
      ),
      preflight('in-use', 'Another program has it', { microphone: 'in_use' }),
      preflight('insecure', 'A page without https', { camera: 'insecure', microphone: 'insecure' }),
      preflight('unsupported', 'A browser that cannot', { camera: 'unsupported', microphone: 'unsupported' }),
      preflight('silent', 'Nothing is heard', { microphone: 'silent' }),
      preflight('unmeasured', 'It cannot be measured', { microphone: 'unmeasured' }),
      preflight('slow', 'A slow connection', { network: 'slow' }),
      preflight('restricted', 'A network that may not let calls through', { network: 'restricted' }),
      preflight('unreachable', 'The service cannot be reached', { network: 'unreachable' }),
      preflight('sound', 'Sound alone', {}, { checks: 'microphone speaker' }),
    ],
  },
  {
    title: 'A chat',
    states: [
      chat('loading', 'What was written is on its way', { answers: { 'GET messages': 'never' } }),
      chat('empty', 'Nothing was written yet'),
      chat('talk', 'A talk', { messages: talk }),
      chat('waiting', 'Before the session starts', {
        messages: talk.slice(0, 1),
        session: { status: 'waiting', started_at: null, expires_at: null, extension_options: [] },
      }),
      chat('sending', 'A message is on its way', {
        messages: talk.slice(0, 2),
        answers: { 'POST messages': 'never' },
        write: talk[2][1],
      }),
      chat('failed', 'A message did not get through', {
        messages: talk.slice(0, 2),
        answers: { 'POST messages': problem(429, 'MESSAGE_LIMIT_REACHED') },
        write: talk[2][1],
      }),
      chat('ended', 'Once the session is over', { messages: talk, isEnded: true }),
    ],
  },
  {
    title: 'Files',
    states: [
      files('loading', 'What is there is on its way', { answers: { 'GET files': 'never' } }),
      files('empty', 'Nothing was sent yet'),
      files('types', 'Some types are taken alone', {
        limits: { accepted_types: ['image/jpeg', 'image/png', 'application/pdf', 'text/plain'] },
      }),
      files('list', 'A photo and a sheet', { files: [photo, sheet] }),
      files('sending', 'One is on its way', { files: [sheet], send: [photo.slice(1)], upload: 0.4 }),
      files('checking', 'One is looked at by the service', { send: [photo.slice(1)], upload: 1 }),
      files('waiting', 'There is no network', { send: [photo.slice(1)], upload: 'cut' }),
      files('large', 'One is too large, and one is empty', {
        limits: { max_file_bytes: 1_048_576 },
        send: [photo.slice(1), ['notes.txt', 'text/plain', 0]],
      }),
      files('infected', 'Something harmful was found', {
        send: [['setup.zip', 'application/zip', 51_200]],
        upload: problem(422, 'FILE_INFECTED'),
      }),
      files('full', 'No more fits', {
        files: [sheet],
        send: [['more.pdf', 'application/pdf', 51_200]],
        upload: problem(409, 'FILE_QUOTA_REACHED'),
      }),
      files('delete', 'One is to be deleted', { files: [photo], press: ['delete-button'] }),
      files('unread', 'They could not be read', {
        answers: { 'GET files': problem(400, 'REQUEST_INVALID') },
      }),
      files('ended', 'Once the session is over', { files: [photo, sheet], isEnded: true }),
    ],
  },
  {
    title: 'A helper’s desk',
    states: [
      desk('connecting', 'It is being opened', {}, { answers: { events: 'never' } }),
      desk(
        'refused',
        'Nobody is signed in',
        {},
        { answers: { 'access-token': problem(401, 'CREDENTIAL_MISSING') } },
      ),
      desk('offline', 'Offline', { availability: 'offline' }),
      desk('away', 'Away', { availability: 'away' }),
      desk('available', 'Available, and nothing to do', {}),
      desk('offers', 'Two people ask for help', {
        requests: [offered(), offered({ category: 'wall', since: 12 })],
      }),
      desk('taken', 'Somebody was faster', {
        requests: [offered()],
        later: [requestOf({ status: 'claimed', offer: 'withdrawn', version: 2 })],
      }),
      desk(
        'unreached',
        'The service was not reached',
        { requests: [offered()] },
        { answers: { claim: 'cut' }, press: ['claim-button'] },
      ),
      desk('claimed', 'One is the helper’s, and its time to join runs', { active: 1, requests: [claimed()] }),
      desk('absent', 'The helper is there, the customer is not', {
        active: 1,
        requests: [claimed({ due: -1 })],
      }),
      desk('busy', 'As many as the helper takes at a time', {
        active: 2,
        requests: [
          claimed(),
          claimed({ category: 'wall', status: 'in_progress' }),
          offered({ category: 'quick' }),
        ],
      }),
      desk('outcome', 'A talk is over, and nothing was said of it', {
        requests: [claimed({ status: 'completed', version: 4 })],
      }),
      desk('talk', 'The talk runs', {
        active: 1,
        requests: [claimed({ status: 'in_progress', version: 3 })],
      }),
    ],
  },
  ...requestGroups,
  ...roomGroups,
];
