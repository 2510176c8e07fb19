// A helper's desk and what it tells, for programs without our elements.
export { Alerts, type AlertsOptions, type AlertsSnapshot, type AlertState } from './alerts.js';
export { Desk, type DeskEntry, type DeskSnapshot } from './desk.js';
export { Notifications, type DeskNotification, type NotificationsSnapshot } from './notifications.js';
export type { DeskOptions } from './desk-options.js';
export type { Went } from './desk-state.js';
