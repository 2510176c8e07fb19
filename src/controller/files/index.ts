// What both sides of a session send each other, for programs without our elements.
export { AccessLine, type AccessLineOptions } from '../line/access-line.js';
export { ControllerLine } from '../line/controller-line.js';
export type { LineNews, SessionLine } from '../line/session-line.js';
export { Files, type FilesSnapshot, type ListedFile } from './files.js';
export type { FileUpload } from './uploads.js';
