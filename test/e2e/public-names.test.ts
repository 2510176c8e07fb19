// The script tag's files, minified as they are, have every name that a page knows, and do what the types promise.
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { before, test } from 'node:test';
import { ReactiveElement } from '@lit/reactive-element';
import type { Browser, Page } from 'playwright-core';
import { SessionController } from '../../src/controller/index.js';
import type { MarketplaceSessionElement } from '../../src/elements/session/marketplace-session.js';
import type { Words } from '../../src/elements/shared/words.js';
import type { OneOrigin } from './one-origin.js';
import { useBrowser, useOneOrigin } from './set-up.js';

let site: OneOrigin;
let browser: Browser;
let page: Page;

useBrowser((opened) => (browser = opened));
const text =
  '<!doctype html><title>Names</title><script type="module" src="/pieces.js"></script>\
<script type="module" src="/live-help.js"></script><script type="module" src="/dashboard.js"></script><script type="module" src="/setup.js"></script>';
const headers = { 'Content-Type': 'text/html' };
useOneOrigin(
  (opened) => (site = opened),
  (path) => (path === '/' ? new Response(text, { headers }) : null),
);
before(async () => {
  page = await browser.newPage();
  await page.goto(site.origin);
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

test('so can those of the elements of live help', async () => {
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string };
  const folder = 'src/elements/help';
  const entries = await readdir(folder, { withFileTypes: true });
  for (const { name } of entries.filter((entry) => entry.isDirectory())) {
    for (const file of (await readdir(`${folder}/${name}/words`)).filter((each) => each !== 'load.ts')) {
      const source = (await import(`../../${folder}/${name}/words/${file.replace('.ts', '.js')}`)) as Record<
        string,
        object
      >;
      const [words] = Object.values(source);
      const namesIn = await page.evaluate(
        async (path) => {
          const module = (await import(path)) as Record<string, object>;
          return Object.keys(Object.values(module)[0]!);
        },
        `/${name}-${file.replace('.ts', '')}-${version}.js`,
      );
      assert.deepEqual(namesIn, Object.keys(words!), `${name}, ${file}`);
    }
  }
});

interface Member {
  name: string;
  kind: 'field' | 'method';
  privacy?: string;
  static?: boolean;
}

interface Declaration {
  tagName?: string;
  members?: Member[];
}

async function elementsOfManifest(): Promise<Required<Declaration>[]> {
  const manifest = JSON.parse(await readFile('custom-elements.json', 'utf8')) as {
    modules: { path: string; declarations: Declaration[] }[];
  };
  return manifest.modules
    .flatMap((module) => module.declarations)
    .filter((declaration): declaration is Required<Declaration> => declaration.tagName !== undefined)
    .map(({ tagName, members = [] }) => ({
      tagName,
      members: members.filter((member) => member.privacy !== 'private' && !member.static),
    }));
}

test('elements and controller have every member that is documented, each of its kind', async () => {
  let count = 0;
  for (const { tagName, members } of await elementsOfManifest()) {
    const wrong = await page.evaluate(
      ([tag, wanted]) => {
        const element = document.createElement(tag) as unknown as Record<string, unknown>;
        return wanted
          .filter(({ name, kind }) =>
            kind === 'method' ? typeof element[name] !== 'function' : !(name in element),
          )
          .map(({ name }) => name);
      },
      [tagName, members] as const,
    );
    assert.deepEqual(wrong, [], tagName);
    count += members.length;
  }
  assert.ok(count > 40, `${count} members were looked at`);
  const members = Object.getOwnPropertyNames(SessionController.prototype);
  const missing = await page.evaluate((wanted) => {
    const { controller } = document.createElement('marketplace-session');
    return wanted.filter((name) => !(name in controller));
  }, members);
  assert.deepEqual(missing, []);
});

test('reactive controllers of a page are called through the life of each element, until they are taken off', async () => {
  for (const { tagName } of await elementsOfManifest()) {
    const called = await page.evaluate(async (tag) => {
      const calls: string[] = [];
      const note = (name: string) => () => calls.push(name);
      const controller = {
        hostConnected: note('hostConnected'),
        hostDisconnected: note('hostDisconnected'),
        hostUpdate: note('hostUpdate'),
        hostUpdated: note('hostUpdated'),
      };
      const element = document.createElement(tag) as HTMLElement & {
        updateComplete: Promise<boolean>;
        addController(added: object): void;
        removeController(removed: object): void;
        requestUpdate(): void;
      };
      element.setAttribute('no-autostart', '');
      element.addController(controller);
      document.body.append(element);
      await element.updateComplete;
      element.remove();
      element.removeController(controller);
      element.requestUpdate();
      await element.updateComplete;
      return calls;
    }, tagName);
    const [first, ...others] = called;
    assert.equal(first, 'hostConnected', tagName);
    assert.equal(others.pop(), 'hostDisconnected', tagName);
    // Updates come in pairs, however many there are.
    assert.ok(others.length >= 2, tagName);
    assert.deepEqual(
      others,
      others.map((_, index) => (index % 2 ? 'hostUpdated' : 'hostUpdate')),
      tagName,
    );
  }
});

test("elements are Lit's, whole: every public name of its base class, and every step of the life of what extends them", async () => {
  const publicNames = (holder: object) =>
    Object.getOwnPropertyNames(holder).filter((name) => !/^_|^.$|^(length|name|prototype)$/.test(name));
  const names = {
    instance: publicNames(ReactiveElement.prototype),
    static: publicNames(ReactiveElement).filter((name) => name !== 'finalized'),
  };
  assert.ok(names.instance.length > 15 && names.static.length > 8, JSON.stringify(names));
  for (const { tagName } of await elementsOfManifest()) {
    const missing = await page.evaluate(
      ([tag, wanted]) => {
        const built = customElements.get(tag)!;
        return [
          ...wanted.instance.filter((name) => !(name in built.prototype)),
          ...wanted.static.filter((name) => !(name in built)),
        ];
      },
      [tagName, names] as const,
    );
    assert.deepEqual(missing, [], tagName);
  }
  const steps = await page.evaluate(async () => {
    const told: string[] = [];
    const Base = customElements.get('marketplace-session') as typeof MarketplaceSessionElement;
    class Own extends Base {
      override noAutostart = true;
      protected override willUpdate() {
        told.push('willUpdate');
      }
      protected override firstUpdated() {
        told.push('firstUpdated');
      }
    }
    Own.addInitializer(() => told.push('initializer'));
    customElements.define('own-session', Own);
    const own = new Own();
    document.body.append(own);
    await own.updateComplete;
    told.push(own.noAutostart ? 'its own value' : 'no value', own.snapshot.state);
    own.remove();
    return told;
  });
  assert.deepEqual(steps, ['initializer', 'willUpdate', 'firstUpdated', 'its own value', 'idle']);
});
