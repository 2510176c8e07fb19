// The script tag's files shorten names that only they say to each other: never one that a page knows.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { after, before, test } from 'node:test';
import type { Browser, Page } from 'playwright-core';
import { SessionController } from '../../src/controller/index.js';
import type { Words } from '../../src/elements/words.js';
import { launchChromium } from './chromium.js';
import { openOneOrigin, type OneOrigin } from './one-origin.js';

let site: OneOrigin;
let browser: Browser;
let page: Page;

before(async () => {
  const text = '<!doctype html><title>Names</title><script type="module" src="/pieces.js"></script>';
  const headers = { 'Content-Type': 'text/html' };
  site = await openOneOrigin((path) => (path === '/' ? new Response(text, { headers }) : null));
  browser = await launchChromium();
  page = await browser.newPage();
  await page.goto(site.origin);
});
after(async () => {
  await browser?.close();
  await site?.close();
});

test('every string can be replaced with the script tag too: its words have the names of the documentation', async () => {
  for (const file of (await readdir('dist/cdn')).filter((name) => /^..-.*\.js$/.test(name))) {
    const source = `../../src/elements/languages/${file.slice(0, 2)}.js`;
    const { words } = (await import(source)) as { words: Words };
    const namesIn = await page.evaluate(async (path) => {
      const module = (await import(path)) as Record<string, Words>;
      const [built] = Object.values(module);
      return [built!, built!.errors, built!.refusals].map((texts) => Object.keys(texts));
    }, `/${file}`);
    assert.deepEqual(
      namesIn,
      [words, words.errors, words.refusals].map((texts) => Object.keys(texts)),
      file,
    );
  }
});

test('elements and controller have every member that is documented', async () => {
  interface Declaration {
    tagName?: string;
    members?: { name: string; privacy?: string }[];
  }
  const manifest = JSON.parse(await readFile('custom-elements.json', 'utf8')) as {
    modules: { declarations: Declaration[] }[];
  };
  const declarations = manifest.modules.flatMap((module) => module.declarations);
  let count = 0;
  for (const { tagName, members = [] } of declarations) {
    if (!tagName) continue;
    const names = members.filter(({ privacy }) => privacy !== 'private').map(({ name }) => name);
    const missing = await page.evaluate(
      ([tag, wanted]) => {
        const element = document.createElement(tag);
        return wanted.filter((name) => !(name in element));
      },
      [tagName, names] as const,
    );
    assert.deepEqual(missing, [], tagName);
    count += names.length;
  }
  assert.ok(count > 40, `${count} members were looked at`);
  const members = Object.getOwnPropertyNames(SessionController.prototype);
  const missing = await page.evaluate((wanted) => {
    const { controller } = document.createElement('marketplace-session');
    return wanted.filter((name) => !(name in controller));
  }, members);
  assert.deepEqual(missing, []);
});
