// What both sides of a session write to each other, for programs without our elements.
export { AccessLine, type AccessLineOptions } from '../line/access-line.js';
export { ControllerLine } from '../line/controller-line.js';
export type { LineNews, SessionLine } from '../line/session-line.js';
export { Chat, maxMessageLength, type ChatMessage, type ChatSnapshot } from './chat.js';
