import type { SetupOptions } from '../../controller/setup/setup-options.js';
import type { FeatureHost } from '../help/feature-part.js';
import type { OwnSetupWords } from './setup-words.js';

/** What the late part needs of the element. */
export interface SetupHost extends FeatureHost {
  readonly options: SetupOptions | undefined;
  /** Before the names of what the page's address keeps; undefined: it keeps nothing. */
  readonly addressPrefix: string | undefined;
  readonly strings: OwnSetupWords;
  readonly updateComplete: Promise<boolean>;
}
