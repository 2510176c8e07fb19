// In which engines npm test runs the tests of pages. npm run test:thorough runs the others: CI has all of them in all three.
import { testFiles } from './files.mjs';

/**
 * What is ours alone, and the same everywhere: Chromium is enough. Whatever an engine does in its own way is asked of all
 * three: dialogs, focus, storage, streams, media, tabs, layout, and pages that make it hard.
 */
const ours = [
  // Rules, tables, words and their forms.
  ...['axe', 'manifest', 'own-words', 'own-language', 'languages', 'prices'].map(ofElements),
  // What is told to a page, and what a backend's answer becomes.
  ...['event-details', 'event-types', 'warning', 'extension', 'checkout', 'final-loss'].map(ofElements),
  ...['errors', 'blocked-requests', 'help-request', 'help-desk', 'notifications', 'outcome'].map(ofElements),
  // Whole numbers, orders and lists, over clocks and lines of the tests.
  ...['countdown', 'heartbeat', 'listeners', 'outbox', 'two-sessions', 'warnings'].map(ofController),
  ...['answers', 'access', 'desk-state'].map(ofController),
];

function ofElements(name) {
  return `test/elements/${name}.test.ts`;
}

function ofController(name) {
  return `test/controller/${name}.test.ts`;
}

export const sameInEachEngine = testFiles.pages.filter((file) => ours.includes(file));
export const ofTheEngine = testFiles.pages.filter((file) => !ours.includes(file));
