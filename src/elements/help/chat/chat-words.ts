/** Every text of a chat in one language. */
export interface ChatWords {
  title: string;
  /** The field's name. */
  write: string;
  send: string;
  /** Who has written. */
  senders: Record<'own' | 'provider' | 'marketplace', string>;
  loading: string;
  /** Nothing was written yet. */
  empty: string;
  sending: string;
  notSent: string;
  sendAgain: string;
  /** Too many in a minute. */
  tooFast: string;
  /** So many that no more fit into the session. */
  full: string;
  /** The session is over. */
  over: string;
  /** Between the sender and the time, for those who hear it: `{sender}, {time}`. */
  heard: `${string}{sender}${string}{time}${string}`;
}

type Nested = 'senders';

/** Words that a page sets in place of the element's own: any of them. What is empty means the default. */
export type OwnChatWords = Partial<Omit<ChatWords, Nested>> & {
  [Name in Nested]?: Partial<ChatWords[Name]>;
};
