// What the gallery shows of the room of a session, on the customer's side.
import { piece, problem, tag } from './tags.js';

const room = (id, title, { devices, ...more } = {}) => ({
  id: `room-${id}`,
  title,
  tags: [piece('room'), tag()],
  capabilities: ['room'],
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
      room('devices', 'The devices', { press: ['join-button', 'devices-button'] }),
      room(
        'unavailable',
        'The room cannot be opened',
        joined({ answers: { 'GET room': problem(503, 'ROOM_UNAVAILABLE') } }),
      ),
      room('unsupported', 'A browser without calls', joined({ devices: { network: 'restricted' } })),
      room('link', 'The room is elsewhere', {
        room: { provider: 'jitsi', join_url: 'https://meet.example/handy' },
      }),
      room('ended', 'The session is over', { isEnded: true }),
    ],
  },
];
