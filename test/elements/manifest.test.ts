import { expect } from '@open-wc/testing';
import { panelStyles } from '../../src/elements/session/panels/styles.js';
import { chatStyles } from '../../src/elements/help/chat/chat-styles.js';
import { dashboardStyles } from '../../src/elements/dashboard/dashboard-styles.js';
import { deskStyles } from '../../src/elements/help/desk/desk-styles.js';
import { filesStyles } from '../../src/elements/help/files/files-styles.js';
import { notificationsStyles } from '../../src/elements/help/notifications/notifications-styles.js';
import { preflightStyles } from '../../src/elements/help/preflight/preflight-styles.js';
import { roomStyles } from '../../src/elements/help/room/room-styles.js';
import { setupStyles } from '../../src/elements/setup/setup-styles.js';
import '../../src/dashboard.js';
import '../../src/live-help.js';
import '../../src/pieces.js';
import '../../src/setup.js';
import { SessionPiece } from '../../src/elements/pieces/session-piece.js';
import { SessionEvent } from '../../src/controller/events.js';
import type { MarketplaceSessionEventMap } from '../../src/elements/session/marketplace-session.js';
import { PageBackend } from './page-backend.js';
import { closeScene, openScene, scenes } from './scenes.js';
import { SessionPage } from './session-page.js';

interface Named {
  name: string;
  type?: { text: string };
  default?: string;
}

interface Tag {
  tagName: string;
  attributes: Named[];
  members: (Named & { kind: string })[];
  events: Named[];
  slots?: Named[];
  cssParts: Named[];
  cssProperties: Named[];
  cssStates: Named[];
  commands: Named[];
}

interface Manifest {
  modules: { declarations: Tag[] }[];
}

const namesOf = (items: readonly Named[] = []) => items.map(({ name }) => name).sort();

/** What stands in a shadow root just now, by an attribute; a dialog that is shut is empty. */
const inside = ({ shadowRoot }: Element, attribute: string, selector: string) =>
  [...shadowRoot!.querySelectorAll(selector)]
    .filter((element) => !element.closest('dialog:not([open])'))
    .flatMap((element) => element.getAttribute(attribute)?.split(' ') ?? '');

/** What was seen of an element in all of its states. */
class Seen {
  readonly parts = new Set<string>();
  readonly slots = new Set<string>();
  readonly states = new Set<string>();

  look(element: Element, tag: Tag): void {
    for (const name of inside(element, 'part', '[part]')) this.parts.add(name);
    for (const name of inside(element, 'name', 'slot')) this.slots.add(name);
    for (const { name } of tag.cssStates) if (element.matches(`:state(${name})`)) this.states.add(name);
  }

  /** Nothing is there that is not described, and nothing is described that is not there. */
  expectAll({ cssParts, slots }: Tag): void {
    expect([...this.parts].sort(), 'parts').to.deep.equal(namesOf(cssParts));
    expect([...this.slots].sort(), 'slots').to.deep.equal(namesOf(slots));
  }
}

const never = () => new Promise<never>(() => {});

describe('custom-elements.json, which the reference and the data for editors are made of', () => {
  const tags = new Map<string, Tag>();
  let backend: PageBackend | undefined;
  before(async () => {
    const manifest = (await (await fetch('/custom-elements.json')).json()) as Manifest;
    for (const tag of manifest.modules.flatMap(({ declarations }) => declarations))
      tags.set(tag.tagName, tag);
  });
  afterEach(() => {
    if (backend) closeScene(backend);
    backend = undefined;
  });

  async function open(...scene: Parameters<typeof openScene>): Promise<SessionPage> {
    const opened = await openScene(...scene);
    ({ backend } = opened);
    return opened.page;
  }

  it('names every part, slot and state of the tag, and none that is not there', async function () {
    this.timeout(240_000);
    const tag = tags.get('marketplace-session')!;
    const seen = new Seen();
    for (const scene of Object.keys(scenes)) {
      const { element } = await open(scene);
      seen.look(element, tag);
      element.remove();
      closeScene(backend!);
    }
    const idle = document.createElement('marketplace-session');
    idle.noAutostart = true;
    document.body.append(idle);
    await idle.updateComplete;
    seen.look(idle, tag);
    idle.remove();
    const inSandbox = document.createElement('marketplace-session');
    inSandbox.setAttribute('sandbox', '');
    document.body.append(inSandbox);
    await new SessionPage(inSandbox).see('sandbox');
    seen.look(inSandbox, tag);
    inSandbox.remove();
    backend = new PageBackend(2);
    for (const call of ['complete', 'end', 'heartbeat']) backend.answers[call] = never;
    const page = await SessionPage.open(backend);
    await page.until(() => page.element.matches(':state(ending)'), 'the time is up');
    seen.look(page.element, tag);
    seen.expectAll(tag);
    expect([...seen.states].sort(), 'states').to.deep.equal(namesOf(tag.cssStates));
  });

  it('names every attribute, property and custom property, with its default', () => {
    const css = [...tags].map(([tagName, tag]) => {
      const { observedAttributes, sheets } = customElements.get(tagName) as unknown as {
        observedAttributes: string[];
        sheets: string[];
      };
      expect(namesOf(tag.attributes), tagName).to.deep.equal([...observedAttributes].sort());
      const element = document.createElement(tagName);
      for (const { name } of tag.members) expect(name in element, `${tagName}.${name}`).to.equal(true);
      const text = [
        ...sheets,
        panelStyles,
        chatStyles,
        dashboardStyles,
        deskStyles,
        filesStyles,
        notificationsStyles,
        preflightStyles,
        roomStyles,
        setupStyles,
      ]
        .join('')
        .replace(/\s+/g, ' ');
      for (const property of tag.cssProperties)
        // One without a default follows from others.
        expect(text, tagName).to.contain(`var(${property.name}, ${property.default ?? ''}`);
      return text;
    });
    const used = css.join('').matchAll(/--marketplace-session-[\w-]+/g);
    const described = [...tags.values()].flatMap(({ cssProperties }) => namesOf(cssProperties));
    expect([...new Set([...used].map(([name]) => name))].sort()).to.deep.equal(
      [...new Set(described)].sort(),
    );
  });

  it('names every command, and each is obeyed', async () => {
    const page = await open('timer');
    const { element } = page;
    const obeyed: Record<string, () => unknown> = {
      '--extend': () => page.inDialog('options'),
      '--pause': () => element.snapshot.state === 'paused',
      '--resume': () => element.snapshot.state === 'active',
      '--end': () => page.dialog.open && page.inDialog('end-button'),
    };
    const { commands } = tags.get('marketplace-session')!;
    expect(namesOf(commands)).to.deep.equal(Object.keys(obeyed).sort());
    for (const [command, isObeyed] of Object.entries(obeyed)) {
      element.dispatchEvent(Object.assign(new Event('command'), { command }));
      await page.until(isObeyed, command);
      page.inDialog('keep-button')?.click();
      await element.updateComplete;
    }
  });

  it('names every event that the tag tells, with a type', () => {
    // Whole, or it does not compile.
    const told = Object.keys({
      'session-ready': true,
      'session-empty': true,
      'session-statechange': true,
      'session-start': true,
      'session-warning': true,
      'session-extend-request': true,
      'session-checkout': true,
      'session-extend': true,
      'session-pause': true,
      'session-resume': true,
      'session-connection': true,
      'session-end-request': true,
      'session-complete': true,
      'session-end': true,
      'session-redirect': true,
      'session-error': true,
    } satisfies Record<keyof MarketplaceSessionEventMap, true>);
    const { events } = tags.get('marketplace-session')!;
    expect(namesOf(events)).to.deep.equal(told.sort());
    const element = document.createElement('marketplace-session');
    element.noWarning = true;
    const heard: string[] = [];
    for (const name of told) element.addEventListener(name, ({ type }) => heard.push(type));
    for (const name of [...told, 'session-tick'])
      element.controller.dispatchEvent(new SessionEvent(name.replace('session-', ''), {}));
    expect(heard).to.deep.equal(told);
    for (const { name, type } of events) expect(type!.text).to.equal(`HTMLElementEventMap['${name}']`);
  });

  describe('of a piece: every part, slot and state', () => {
    let piece: HTMLElement;
    let page: SessionPage;
    let seen: Seen;
    let tag: Tag;
    beforeEach(() => (seen = new Seen()));
    afterEach(() => piece.remove());

    /** A piece beside the tag, in a state before anybody has pressed anything. */
    async function openPiece(name: string, scene: string, attributes: Record<string, string>): Promise<void> {
      if (backend) closeScene(backend);
      piece?.remove();
      page?.element.remove();
      const { remainingSeconds = 900, session, arrange } = scenes[scene]!;
      backend = new PageBackend(remainingSeconds, session);
      arrange?.(backend);
      tag = tags.get(name)!;
      piece = document.createElement(name);
      document.body.append(piece);
      page = await SessionPage.open(backend, { 'no-redirect': '', ...attributes });
    }

    /** Waits for a part of the piece, and looks at it. */
    async function see(part: string): Promise<HTMLElement> {
      const found = () => page.part(part, piece.shadowRoot!);
      await page.until(found, `the part ${part} is seen`);
      seen.look(piece, tag);
      return found()!;
    }
    const press = async (part: string) => (await see(part)).click();

    it('marketplace-session-timer', async () => {
      await openPiece('marketplace-session-timer', 'timer', { 'no-timer': '' });
      piece.setAttribute('shape', 'ring');
      await see('ring');
      seen.expectAll(tag);
      const tagStates = namesOf(tags.get('marketplace-session')!.cssStates);
      for (const { tagName, cssStates } of tags.values())
        if (customElements.get(tagName)!.prototype instanceof SessionPiece)
          // Beside those of a feature, which has a test of its own.
          expect(
            namesOf(cssStates).filter((state) => !state.startsWith('room-')),
            tagName,
          ).to.deep.equal(tagStates);
    });

    it('marketplace-session-connection', async () => {
      await openPiece('marketplace-session-connection', 'timer', { 'no-connection': '' });
      await page.see('end-button');
      await scenes.reconnecting!.act!(page, backend!);
      await see('try-button');
      seen.expectAll(tag);
    });

    it('marketplace-session-extend', async () => {
      const open = (scene: string) => openPiece('marketplace-session-extend', scene, { 'no-extend': '' });
      await open('refused');
      await press('extend-button');
      await press('confirm-button');
      await see('message');
      await scenes.reconnecting!.act!(page, backend!);
      await see('try-button');
      await open('pay');
      await press('extend-button');
      await press('confirm-button');
      await see('pay-link');
      await open('timer');
      // Where no element runs the session, the piece itself tells what was bought.
      piece.remove();
      piece = Object.assign(document.createElement('marketplace-session-extend'), {
        session: page.element.controller,
      });
      document.body.append(piece);
      await press('extend-button');
      await press('confirm-button');
      await see('dismiss-button');
      seen.expectAll(tag);
    });

    it('marketplace-session-warning', async () => {
      const open = (scene: string) =>
        openPiece('marketplace-session-warning', scene, { 'no-warning': '', 'no-extend': '' });
      await open('banner');
      await press('add-button');
      await see('top-up-link');
      await open('pay');
      backend!.session = { ...backend!.session, expires_at: Math.floor(Date.now() / 1000) + 55 };
      await page.askUntil(() => page.part('confirm-button', piece.shadowRoot!), 'the dialog is there');
      await press('confirm-button');
      await see('pay-link');
      await open('dialog');
      await see('confirm-button');
      await scenes.reconnecting!.act!(page, backend!);
      await see('try-button');
      await press('end-button');
      await page.until(
        () => piece.shadowRoot!.querySelector('slot[name=end-title]'),
        'the question is there',
      );
      await see('keep-button');
      seen.expectAll(tag);
    });
  });
});
