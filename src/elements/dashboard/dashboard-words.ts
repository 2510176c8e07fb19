import type { Interval, Period } from '../../controller/dashboard/filters.js';
import type { SessionStatus } from '../../protocol/session.js';

/** Every text of a dashboard in one language. */
export interface DashboardWords {
  title: string;
  loading: string;
  filters: {
    period: string;
    from: string;
    to: string;
    interval: string;
    timeZone: string;
    application: string;
    status: string;
    customer: string;
  };
  periods: Record<Period, string>;
  intervals: Record<Interval, string>;
  /** The first choice of applications and of states. */
  all: string;
  statuses: Record<SessionStatus, string>;
  cards: {
    running: string;
    earned: string;
    attention: string;
    sessions: string;
    refunded: string;
    users: string;
    average: string;
    extensions: string;
    warnings: string;
    help: string;
  };
  /** The span of a card that has none. */
  now: string;
  paused: `${string}{count}${string}`;
  notStarted: `${string}{count}${string}`;
  /** Of figures that no application has of its own. */
  allApplications: string;
  /** The time before: `{value}`, with `{change}` in per cent. */
  before: `${string}{value}${string}`;
  changed: `${string}{value}${string}{change}${string}`;
  estimated: string;
  /** `{duration}` */
  added: `${string}{duration}${string}`;
  /** Of how many warnings. */
  ofWarnings: `${string}{count}${string}`;
  completed: `${string}{count}${string}`;
  /** `{duration}` */
  usualWait: `${string}{duration}${string}`;
  /** Help requests are counted over 31 days at most. */
  last31: string;
  empty: string;
  nothingWaits: string;
  attention: Record<AttentionName, string>;
  stale: `${string}{time}${string}`;
  failed: string;
  showRows: string;
  charts: { sessions: string; tokens: string; money: `${string}{currency}${string}` };
  chartHint: string;
  /** A day or an hour that is not over. */
  unfinished: `${string}{date}${string}`;
  timeBefore: string;
  table: string;
  /** `{label}: {value}` */
  pair: `${string}{label}${string}{value}${string}`;
  columns: Record<
    'time' | 'value' | 'sold' | 'application' | 'customer' | 'status' | 'used' | 'tokens',
    string
  >;
  history: string;
  /** Of the list: sold within the period, or not over yet. */
  soldWithin: string;
  notOver: string;
  more: string;
  csv: string;
  csvMade: string;
  timeline: string;
  timelineOf: `${string}{session}${string}`;
  incomplete: string;
  close: string;
  /** What pages counted. */
  metrics: string;
  noMetrics: string;
  /** One of it, to choose. */
  metric: string;
  metricNames: Record<MetricName | 'errors', string>;
  /** By types of events; others are named as they are. */
  events: Record<string, string>;
  connectionLost: string;
  reconnected: string;
  refused: string;
  tryNow: string;
}

/** Of docs/analytics.md. */
export const metricNames = [
  'pages',
  'ready_ms',
  'hidden_seconds',
  'warnings',
  'extend_requests',
  'extensions',
  'answered',
  'answered_after_ms',
  'reconnects',
  'offline_seconds',
] as const;
export type MetricName = (typeof metricNames)[number];

export const attentionNames = [
  'exceptions_open',
  'webhook_endpoints_failing',
  'help_requests_open',
  'help_requests_missed',
  'authorizations_lapsing',
  'disputes_open',
  'disputes_lost',
] as const;
export type AttentionName = (typeof attentionNames)[number];

type Nested = {
  [Name in keyof DashboardWords]: DashboardWords[Name] extends string ? never : Name;
}[keyof DashboardWords];

/** Words that a page sets in place of the element's own: any of them. What is empty means the default. */
export type OwnDashboardWords = Partial<Omit<DashboardWords, Nested>> & {
  [Name in Nested]?: Partial<DashboardWords[Name]>;
};
