// What the gallery shows of the room of a session, on the customer's side.
import { piece, problem, tag } from './tags.js';

const room = (id, title, { devices, ...more } = {}) => ({
  id: `room-${id}`,
  title,
  tags: [piece('room'), tag()],
  capabilities: ['room', 'events'],
  devices: { network: 'calls', ...devices },
  ...more,
});
const joined = (more) => ({ press: ['join-button'], ...more });

export const roomGroups = [
  {
    title: 'A room',
    states: [
      room('idle', 'Nobody has joined'),
      room('checking', 'The browser asks', joined({ devices: { camera: 'asking', microphone: 'asking' } })),
      room('waiting', 'The other side is not there', joined()),
      room(
        'denied',
        'Camera and microphone are not allowed',
        joined({ devices: { camera: 'denied', microphone: 'denied' } }),
      ),
      room('connecting', 'A way is looked for', joined({ call: { isAlone: true } })),
      room('connected', 'A call', joined({ call: {} })),
      room('muted', 'The microphone of the other side is off', joined({ call: { microphone: false } })),
      room('unseen', 'The camera of the other side is off', joined({ call: { camera: false } })),
      room('screen', 'The other side shows its screen', joined({ call: { screen: true } })),
      room('sharing', 'The own screen is shown, with the microphone off', {
        press: ['join-button', 'screen-button', 'microphone-button'],
        call: {},
      }),
      room('silenced', 'The browser wants a press before anything sounds', {
        ...joined({ call: {} }),
        devices: { sound: 'silenced' },
      }),
      room('weak', 'The connection is weak', joined({ call: { roundTripSeconds: 0.4 } })),
      room('poor', 'The connection is poor', joined({ call: { roundTripSeconds: 0.9 } })),
      room('reconnecting', 'The connection was lost', joined({ call: { turn: 'loses' } })),
      room('left', 'The other side has left', joined({ call: { turn: 'leaves' } })),
      room('back', 'The other side was gone, and is back', joined({ call: { turn: 'returns' } })),
      room('elsewhere', 'Another tab has the call', joined({ call: { turn: 'moves' } })),
      room('helper', 'The helper’s side', {
        ...joined({ call: { side: 'customer' } }),
        tags: [piece('room', { 'session-id': 'ses_1' })],
      }),
      room('devices', 'The devices', { press: ['join-button', 'devices-button'] }),
      room(
        'unavailable',
        'The room cannot be opened',
        joined({ answers: { 'POST room': problem(503, 'ROOM_UNAVAILABLE') } }),
      ),
      room('unsupported', 'A browser without calls', joined({ devices: { network: 'restricted' } })),
      room('link', 'The room is elsewhere', {
        room: { provider: 'jitsi', join_url: 'https://meet.example/handy' },
      }),
      room('ended', 'The session is over', { isEnded: true }),
    ],
  },
];
