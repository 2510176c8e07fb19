// Everything that a running timer does not need in its first second, in one file to fetch.
export { attach, perform } from './run/calls.js';
export { validate } from './token/validation.js';
