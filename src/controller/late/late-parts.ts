// Everything that a running timer does not need in its first second, in one file to fetch.
export { consoleLogger } from '../logger.js';
export { attach } from './attachment.js';
export { answerStanding, askNow, perform } from './calls.js';
export { validate } from './validation.js';
