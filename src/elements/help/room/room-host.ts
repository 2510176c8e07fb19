import type { JoinOptions } from '../../../controller/room/room.js';
import type { SessionController } from '../../../controller/session-controller.js';
import type { Language } from '../../shared/language.js';
import type { Attended } from '../line-keeper.js';
import type { OwnRoomWords } from './room-words.js';

/** What the late part needs of the element. */
export interface RoomHost extends HTMLElement {
  readonly language: Language;
  readonly roomStrings: OwnRoomWords;
  /** Around everything that is drawn. */
  readonly whole: HTMLElement;
  readonly controller: SessionController | undefined;
  readonly attended: Attended | undefined;
  readonly joinOptions: JoinOptions;
  requestUpdate(): void;
  wear(styles: string): void;
  /** Tells `:state(…)` selectors. */
  showRoom(...states: string[]): void;
}
