import type { ChatWords } from '../chat-words.js';

/** English. */
export const words: ChatWords = {
  title: 'Messages',
  write: 'Your message',
  send: 'Send',
  senders: { own: 'You', provider: 'Provider', marketplace: 'Marketplace' },
  loading: 'Reading what was written …',
  empty: 'Nothing was written yet.',
  sending: 'Sending …',
  notSent: 'Not sent.',
  sendAgain: 'Send again',
  tooFast: 'You write very fast. Wait a moment, and send it again.',
  full: 'No more messages fit into this session.',
  over: 'The session is over. What was written stays readable here.',
  heard: '{sender}, {time}',
};
