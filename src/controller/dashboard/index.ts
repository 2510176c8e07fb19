// A provider's figures and sessions, for programs without our elements.
export {
  Dashboard,
  type DashboardPart,
  type DashboardSnapshot,
  type SessionList,
  type Timeline,
} from './dashboard.js';
export type {
  FigureAnswer,
  Figures,
  FigureTotal,
  HelpFigures,
  ListedSession,
  PageMetric,
  Running,
  Slot,
  TimelineEntry,
  Waiting,
} from './answers.js';
export type { DashboardOptions } from './dashboard-options.js';
export { usualFilters, type DashboardFilters, type DaySpan, type Interval, type Period } from './filters.js';
export type { Read } from './reading.js';
