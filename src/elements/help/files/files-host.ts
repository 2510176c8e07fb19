import type { SessionController } from '../../../controller/session-controller.js';
import type { Language } from '../../shared/language.js';
import type { Attended } from '../line-keeper.js';
import type { OwnFilesWords } from './files-words.js';

/** What the late part needs of the element. */
export interface FilesHost extends HTMLElement {
  readonly language: Language;
  readonly filesStrings: OwnFilesWords;
  /** Around everything that is drawn. */
  readonly whole: HTMLElement;
  readonly controller: SessionController | undefined;
  readonly attended: Attended | undefined;
  requestUpdate(): void;
  wear(styles: string): void;
}
