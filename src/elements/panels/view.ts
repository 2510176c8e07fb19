import type { ExtensionOption } from '../../protocol/session.js';
import type { SessionSnapshot } from '../../controller/snapshot.js';
import type { SessionAction } from '../panels-host.js';
import type { PanelStrings } from './strings.js';

export type DialogMode = 'warning' | 'extend' | 'end';

/** What the panels show, and what they can be asked for: all that a render function gets. */
export interface PanelsView {
  snapshot: SessionSnapshot;
  strings: PanelStrings;
  locale: string | undefined;
  /** What can be bought; empty where extending is not offered. */
  options: readonly ExtensionOption[];
  /** The option that is picked, by its seconds. */
  choice: ExtensionOption | undefined;
  dialog: DialogMode | null;
  /** Whether this device has no network at all. */
  isOffline: boolean;
  /** A line in passing, below the bar. */
  notice: string | null;
  /** Whether the warning stands below the bar. */
  hasWarning: boolean;
  /** Where the customer may go after the end; null where nowhere. */
  returnAddress: string | null;
  act(action: SessionAction): void;
  choose(option: ExtensionOption): void;
  /** Buys what is picked. */
  confirmExtend(): void;
  confirmEnd(): void;
  /** Closes the dialog; the session goes on. */
  keepGoing(): void;
  dismiss(): void;
  retry(): void;
}
