// A helper's desk and what it tells, for programs without our elements.
export { Desk, type DeskEntry, type DeskSnapshot } from './desk.js';
export type { DeskOptions } from './desk-options.js';
export type { Went } from './desk-state.js';
