import type { DeskOptions } from '../../../controller/desk/desk-options.js';
import type { FeatureHost } from '../feature-part.js';
import type { OwnNotificationsWords } from './notifications-words.js';

/** What the late part needs of the element. */
export interface NotificationsHost extends FeatureHost {
  readonly options: DeskOptions | undefined;
  /** Where the desk is, with `{request_id}` in the place of a request's id. */
  readonly deskUrl: string | undefined;
  readonly strings: OwnNotificationsWords;
  readonly updateComplete: Promise<boolean>;
}
