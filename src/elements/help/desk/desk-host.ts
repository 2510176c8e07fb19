import type { DeskOptions } from '../../../controller/desk/desk-options.js';
import type { FeatureHost } from '../feature-part.js';
import type { OwnDeskWords } from './desk-words.js';

/** What the late part needs of the element. */
export interface DeskHost extends FeatureHost {
  readonly options: DeskOptions | undefined;
  /** Where a session is opened, with `{session_id}` and `{request_id}` in the places of ids. */
  readonly sessionUrl: string | undefined;
  readonly strings: OwnDeskWords;
}
