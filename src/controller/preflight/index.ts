// Looks whether a person can be seen, heard and reached, for programs without our elements.
export { Preflight, type PreflightOptions, type PreflightSnapshot } from './preflight.js';
export type { CaptureKind, CheckName, CheckState } from './check-state.js';
export type { Device, DeviceKind } from './chosen-devices.js';
