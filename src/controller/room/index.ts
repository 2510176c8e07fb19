// The call of a session, for programs without our elements.
export { AccessLine, type AccessLineOptions } from '../line/access-line.js';
export { ControllerLine } from '../line/controller-line.js';
export { Room, type JoinOptions, type RoomSnapshot, type RoomState } from './room.js';
export type { CallState } from './call.js';
export type { DeviceState, MediaKind } from './local-media.js';
export type { SentMedia } from './peer.js';
export type { CallQuality } from './quality.js';
export type { LineNews, SessionLine } from '../line/session-line.js';
export type { Signal } from './wire.js';
