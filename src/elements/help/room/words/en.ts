import type { RoomWords } from '../room-words.js';

/** English. */
export const words: RoomWords = {
  title: 'Call',
  intro:
    'Your browser will ask whether this page may use camera and microphone. You can join without them too. Nothing is recorded.',
  join: 'Join the call',
  linkText: 'The call is on a page of its own, which opens in a new tab.',
  skip: 'Join without them',
  leave: 'Leave',
  tryAgain: 'Try again',
  bringHere: 'Continue here',
  shareScreen: 'Share screen',
  devices: 'Devices',
  playSound: 'Turn on the sound',
  ownPicture: 'Your own picture',
  otherPicture: 'Picture of the other side',
  states: {
    joining: 'Joining …',
    waiting: 'Waiting for the other side to join.',
    connecting: 'Connecting …',
    connected: 'You are connected.',
    reconnecting: 'The connection was lost. It is being restored …',
    left: 'The other side has left. If they come back, the call goes on.',
    elsewhere: 'The call goes on in another window of yours.',
    ended: 'The session is over, and so is the call.',
  },
  quality: {
    weak: 'The connection is weak: sound and picture may falter.',
    poor: 'The connection is poor. It helps to turn the camera off.',
  },
  otherMuted: 'The microphone of the other side is off.',
  otherUnseen: 'The other side shows no picture.',
  failures: {
    notConnected: 'No connection came about. Another network may let the call through.',
    unsupported: 'This browser cannot make calls. Please use another one.',
    refused: 'The call cannot be joined at the moment.',
  },
};
