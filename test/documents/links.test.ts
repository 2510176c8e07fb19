import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { test } from 'node:test';
import { anchorsOf, documents, linksOf } from '../../tools/documents.js';

test('every link within the documents leads to a file and a heading that are there', () => {
  const dead = documents().flatMap((path) =>
    linksOf(path)
      .filter(
        ({ target, anchor }) =>
          !existsSync(target) || (anchor && target.endsWith('.md') && !anchorsOf(target).has(anchor)),
      )
      .map(({ target, anchor }) => `${path} leads to ${target}${anchor ? `#${anchor}` : ''}`),
  );
  assert.deepEqual(dead, []);
});

test('every document is named by another one', () => {
  const named = new Set(
    documents().flatMap((path) =>
      linksOf(path)
        .filter(({ target }) => target !== path)
        .map(({ target }) => target),
    ),
  );
  // What a person comes to by other ways.
  const isEntry = (path: string) => path === 'README.md' || /^(\.github|examples)\//.test(path);
  assert.deepEqual(
    documents().filter((path) => !named.has(path) && !isEntry(path)),
    [],
  );
});
