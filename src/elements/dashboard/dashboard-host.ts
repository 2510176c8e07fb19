import type { DashboardOptions } from '../../controller/dashboard/dashboard-options.js';
import type { FeatureHost } from '../help/feature-part.js';
import type { OwnDashboardWords } from './dashboard-words.js';

/** What the late part needs of the element. */
export interface DashboardHost extends FeatureHost {
  readonly options: DashboardOptions | undefined;
  /** Before the names of filters in the page's address; undefined: they do not stand there. */
  readonly addressPrefix: string | undefined;
  /** Where what waits is listed, with `{kind}`. */
  readonly attentionUrl: string | undefined;
  readonly strings: OwnDashboardWords;
}
