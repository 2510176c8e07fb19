// The set-up of a provider's application, for programs without our elements.
export { Setup, type RehearsalState, type SetupSnapshot } from './setup.js';
export type { ApplicationMode, PageCheck, PageFinding, PageReport, SetupApplication } from './answers.js';
export type { SetupOptions } from './setup-options.js';
export { setupSteps, type SetupStep, type StepState } from './setup-steps.js';
export type { Read } from '../dashboard/reading.js';
