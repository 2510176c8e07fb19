import type { SessionController } from '../../../controller/session-controller.js';
import type { Language } from '../../shared/language.js';
import type { Attended } from '../line-keeper.js';
import type { OwnChatWords } from './chat-words.js';

/** What the late part needs of the element. */
export interface ChatHost extends HTMLElement {
  readonly language: Language;
  readonly chatStrings: OwnChatWords;
  /** Around everything that is drawn. */
  readonly whole: HTMLElement;
  readonly controller: SessionController | undefined;
  readonly attended: Attended | undefined;
  requestUpdate(): void;
  wear(styles: string): void;
}
