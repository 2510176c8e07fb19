// In which engines npm test runs the tests of pages. npm run test:thorough runs the others: CI has all of them in all three.
import { testFiles } from './files.mjs';

/**
 * What engines do each in their own way, and has gone wrong in one of them before: dialogs and focus, storage and tabs,
 * media, pages that make it hard. Chromium runs all; that a change holds in the other two shows by these first.
 */
const everywhere = [
  ...['dialog', 'hostile-page', 'late-files', 'preflight', 'room', 'session'].map(ofElements),
  ...['room', 'tabs'].map(ofController),
];

function ofElements(name) {
  return `test/elements/${name}.test.ts`;
}

function ofController(name) {
  return `test/controller/${name}.test.ts`;
}

export const firstInEachEngine = testFiles.pages.filter((file) => everywhere.includes(file));
export const laterInEachEngine = testFiles.pages.filter((file) => !everywhere.includes(file));
