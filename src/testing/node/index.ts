export { serveSandbox, type ServedSandbox, type ServeSandboxOptions } from './serve-sandbox.js';
