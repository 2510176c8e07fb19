import type { nothing, TemplateResult } from 'lit/html.js';
import type { DirectiveResult } from 'lit/directive.js';
import type { Connection, PendingCall, SessionSnapshot } from '../../../controller/snapshot.js';
import type { SessionError } from '../../../protocol/errors.js';
import type { ExtensionOption } from '../../../protocol/session.js';
import type { Words } from '../../shared/words.js';
import type { Drawing, SessionAction } from '../panels-host.js';
import type { Formats } from '../../shared/formats.js';

/** What a part of the panels draws. */
export type Content = TemplateResult | DirectiveResult | typeof nothing;

export type DialogMode = 'warning' | 'extend' | 'end' | 'pay';

/** What the panels show, and what they can be asked for: all that a render function gets. */
export interface PanelsView {
  snapshot: SessionSnapshot;
  words: Words;
  formats: Formats;
  draws(what: Drawing): boolean;
  /** What can be bought; empty where extending is not offered. */
  options: readonly ExtensionOption[];
  /** The option that is picked, by its seconds. */
  choice: ExtensionOption | undefined;
  dialog: DialogMode | null;
  /** The connection as it is told: a short blip is not. */
  connection: Connection;
  /** What the service was asked for last. */
  asked: PendingCall | null;
  /** Why the last change was refused, unless it was about another option than the one that is picked now. */
  refusal: SessionError | null;
  /** A line in passing, below the bar. */
  notice: string | null;
  /** Whether the warning stands below the bar. */
  hasWarning: boolean;
  /** Where an extension is paid by money; null where none is. */
  checkout: string | null;
  /** Where the customer may go after the end; null where nowhere. */
  returnAddress: string | null;
  /** Where the marketplace is, for a person without a session; null where nobody knows. */
  marketplace: string | null;
  act(action: SessionAction): void;
  choose(option: ExtensionOption): void;
  /** Buys what is picked. */
  buy(): void;
  confirmEnd(): void;
  /** Closes the dialog; the session goes on. */
  keepGoing(): void;
  dismiss(): void;
  retry(): void;
  /** Asks the service at once how things stand. */
  reconnect(): void;
}

/** Whether nothing can be asked for: a change is under way, or there is no network, over which a charge is never queued. */
export const isBlocked = ({ pending, connection }: SessionSnapshot): boolean =>
  pending !== null || connection === 'offline';

/** Whether the wallet held too few tokens for what is picked. */
export const isShort = ({ refusal }: PanelsView): boolean => refusal?.code === 'INSUFFICIENT_TOKENS';
