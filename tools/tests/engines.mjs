// In which engines npm test runs the tests of pages. npm run test:thorough runs the others: CI has all of them in all three.
import { testFiles } from './files.mjs';

/** Elements that go by what each engine does in its own way. */
const elements = ['errors', 'property-values', 'session'];

/** Pictures that are coded and decoded cost the most of all. */
const media = 'test/controller/room.test.ts';

const isFirst = (file) =>
  (file.startsWith('test/controller/') && file !== media) ||
  elements.some((name) => file === `test/elements/${name}.test.ts`);

export const firstInEachEngine = testFiles.pages.filter(isFirst);
export const laterInEachEngine = testFiles.pages.filter((file) => !isFirst(file));
