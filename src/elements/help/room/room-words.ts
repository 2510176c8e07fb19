/** Every text of a room in one language; those of devices are a preflight's. */
export interface RoomWords {
  title: string;
  /** Before anything is asked: what the browser will. */
  intro: string;
  join: string;
  /** Before the address of a room elsewhere. */
  linkText: string;
  /** Of the browser's question: the call goes without. */
  skip: string;
  leave: string;
  tryAgain: string;
  /** In a page whose call has moved to another one. */
  bringHere: string;
  shareScreen: string;
  devices: string;
  /** The browser lets nothing sound without a press. */
  playSound: string;
  ownPicture: string;
  otherPicture: string;
  states: Record<
    'joining' | 'waiting' | 'connecting' | 'connected' | 'reconnecting' | 'left' | 'elsewhere' | 'ended',
    string
  >;
  quality: Record<'weak' | 'poor', string>;
  otherMuted: string;
  otherUnseen: string;
  failures: Record<'notConnected' | 'unsupported' | 'refused', string>;
}

type Nested = 'states' | 'quality' | 'failures';

/** Words that a page sets in place of the element's own: any of them. What is empty means the default. */
export type OwnRoomWords = Partial<Omit<RoomWords, Nested>> & {
  [Name in Nested]?: Partial<RoomWords[Name]>;
};
