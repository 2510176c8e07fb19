import type { Trouble } from '../troubles.js';

/** Why a file is not sent; several codes share one. */
export type FileTrouble =
  Trouble | 'tooLarge' | 'full' | 'type' | 'infected' | 'unreadable' | 'otherTab' | 'over';

/** Every text of the files of a session in one language. */
export interface FilesWords {
  title: string;
  choose: string;
  /** Opens the camera of a phone. */
  photo: string;
  /** Beside the buttons. */
  hint: string;
  /** What stands there while something is dragged over it. */
  drop: string;
  /** How large a file may be. */
  largest: `${string}{size}${string}`;
  /** Which types are taken, where not all are. */
  types: `${string}{types}${string}`;
  /** The type that has no short name of its own. */
  plainText: string;
  loading: string;
  empty: string;
  /** The files could not be read. */
  notLoaded: string;
  tryAgain: string;
  /** The session is over. */
  over: string;
  /** Who has sent it. */
  senders: Record<'own' | 'provider' | 'marketplace', string>;
  /** Below a name. */
  details: `${string}{sender}${string}{time}${string}{size}${string}`;
  /** The name of a button: `Delete: leak.jpg`. */
  named: `${string}{action}${string}{name}${string}`;
  /** What a picture shows: all that is known is its name. */
  picture: `${string}{name}${string}`;
  download: string;
  delete: string;
  /** Asked once `delete` was pressed. */
  deleteQuestion: string;
  keep: string;
  notDeleted: string;
  /** It is not its turn yet. */
  waiting: string;
  /** There is no network. */
  noNetwork: string;
  sending: `${string}{percent}${string}`;
  /** All of it is there; the service looks at it. */
  checking: string;
  cancel: string;
  sendAgain: string;
  /** Puts one away that was not sent. */
  putAway: string;
  /** Said once a file has arrived. */
  sent: `${string}{name}${string}`;
  received: `${string}{name}${string}`;
  troubles: Record<FileTrouble, string>;
}

type Nested = 'senders' | 'troubles';

/** Words that a page sets in place of the element's own: any of them. What is empty means the default. */
export type OwnFilesWords = Partial<Omit<FilesWords, Nested>> & {
  [Name in Nested]?: Partial<FilesWords[Name]>;
};
