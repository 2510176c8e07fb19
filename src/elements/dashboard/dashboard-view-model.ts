import type { DashboardPart, DashboardSnapshot } from '../../controller/dashboard/dashboard.js';
import type { DashboardFilters } from '../../controller/dashboard/filters.js';
import type { Read } from '../../controller/dashboard/reading.js';
import type { SessionStatus } from '../../protocol/session.js';
import type { Formats } from '../shared/formats.js';
import type { Words } from '../shared/words.js';
import type { DashboardFormats } from './dashboard-formats.js';
import type { DashboardWords } from './dashboard-words.js';

/** What a dashboard is drawn from, and what a person can do there. */
export interface DashboardView {
  words: DashboardWords;
  common: Words;
  formats: Formats;
  /** By the clocks of the time zone. */
  own: DashboardFormats;
  snapshot: DashboardSnapshot;
  /** What is told of the connection: not each blip. */
  notice: 'lost' | 'refused' | undefined;
  periodName: string;
  /** That of the browser. */
  ownTimeZone: string;
  isExporting: boolean;
  /** Of a chart, px. */
  chartWidth: number;
  isRightToLeft: boolean;
  /** The column of a chart that is read out. */
  cursors: ReadonlyMap<string, number>;
  moveTo(chart: string, column: number | undefined): void;
  /** What pages counted, by the name that is shown; the first one where it is none. */
  metric: string | undefined;
  chooseMetric(name: string): void;
  isStale(read: Read<unknown>): boolean;
  filter(changes: Partial<DashboardFilters>): void;
  showRows(status: SessionStatus | undefined): void;
  attentionAddress(kind: string): string | undefined;
  attend(event: Event, kind: string, count: number): void;
  retry(part: DashboardPart): void;
  readMore(): void;
  exportCsv(): void;
  open(sessionId: string): void;
  close(): void;
  tryNow(): void;
}
