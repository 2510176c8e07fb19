import { expect, waitUntil } from '@open-wc/testing';
import type { SessionMessage } from '../../src/protocol/api.js';
import type { MarketplaceChatEventMap, MarketplaceSessionChatElement } from '../../src/live-help.js';
import '../../src/live-help.js';
import { loadChatWords } from '../../src/elements/help/chat/words/load.js';
import { axeFaults } from './axe-faults.js';
import { PageBackend, type Asked } from './page-backend.js';
import { setOnline } from './scenes.js';
import { SessionPage } from './session-page.js';

interface Manifest {
  modules: { declarations: { tagName: string; cssParts: { name: string }[] }[] }[];
}

const pageFetch = window.fetch.bind(window);
const pageSize = 100;

/** The messages of a session in place of a service, and the stream that tells of them. */
class Messages {
  readonly all: SessionMessage[] = [];
  readonly #backend: PageBackend;
  #stream: ReadableStreamDefaultController<Uint8Array> | undefined;

  constructor(backend: PageBackend) {
    this.#backend = backend;
    backend.answers.validate = (asked) => {
      const answer = backend.usual('validate', asked);
      return { body: { ...(answer.body as object), capabilities: ['events', 'chat'] } };
    };
    backend.answers.events = () => ({
      headers: { 'Content-Type': 'text/event-stream' },
      body: new ReadableStream<Uint8Array>({ start: (controller) => void (this.#stream = controller) }),
    });
    backend.answers.messages = (asked) => (asked.method === 'POST' ? this.#post(asked) : this.#list(asked));
  }

  get isHeard(): boolean {
    return this.#stream !== undefined;
  }

  /** Somebody has written. */
  add(
    text: string,
    sent_by: SessionMessage['sent_by'] = 'provider',
    client_id: string = crypto.randomUUID(),
  ) {
    const position = this.all.length + 1;
    const role = sent_by === 'marketplace' ? null : sent_by;
    const message: SessionMessage = {
      ...{
        id: `msg_${position}`,
        session_id: this.#backend.sessionId,
        position,
        sent_by,
        role,
        client_id,
        text,
      },
      participant_id: 'one',
      created_at: Math.floor(Date.now() / 1000),
    };
    this.all.push(message);
    return message;
  }

  /** Tells the page that something was written. */
  tell(): void {
    const { session } = this.#backend;
    const { length: position } = this.all;
    const told = { session_id: session.id, position, session, server_time: Date.now() };
    this.#stream!.enqueue(
      new TextEncoder().encode(`event: message.created\nid: ${position}\ndata: ${JSON.stringify(told)}\n\n`),
    );
  }

  #post({ body }: Asked) {
    const { text, client_id } = body as { text: string; client_id: string };
    const written = this.all.find((one) => one.client_id === client_id);
    return { status: 201, body: written ?? this.add(text, 'customer', client_id) };
  }

  #list({ path }: Asked) {
    const after = Number(new URLSearchParams(path.split('?')[1]).get('after'));
    const messages = this.all.slice(after, after + pageSize);
    return { body: { messages, next_cursor: after + pageSize < this.all.length ? 'more' : null } };
  }
}

describe('marketplace-session-chat', () => {
  let backend: PageBackend;
  let messages: Messages;
  let page: SessionPage;
  let element: MarketplaceSessionChatElement;

  beforeEach(() => {
    backend = new PageBackend(600);
    messages = new Messages(backend);
  });
  afterEach(() => {
    element.remove();
    delete (navigator as { onLine?: boolean }).onLine;
    document.documentElement.removeAttribute('lang');
    backend.restore();
    sessionStorage.clear();
  });

  const until = (what: () => unknown, message: string) =>
    waitUntil(what as () => boolean, message, { timeout: 30_000 });
  const parts = (name: string) => [...element.shadowRoot!.querySelectorAll<HTMLElement>(`[part~="${name}"]`)];
  const part = <T extends HTMLElement = HTMLElement>(name: string) => parts(name)[0] as T | undefined;
  const texts = () => parts('message-text').map(({ textContent }) => textContent);
  const seen = async <T extends HTMLElement = HTMLElement>(name: string): Promise<T> => {
    await until(() => part(name), `${name} is seen`);
    return part<T>(name)!;
  };
  const strike = (key: string, more: KeyboardEventInit = {}) =>
    part('message-field')!.dispatchEvent(
      new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }),
    );
  async function write(text: string): Promise<void> {
    (await seen<HTMLTextAreaElement>('message-field')).value = text;
    part('send-button')!.click();
    await element.updateComplete;
  }
  const posted = () => backend.calls('messages').filter(({ method }) => method === 'POST');
  const read = () => backend.asked.filter(({ path }) => path.includes('/messages?'));
  const told = <T extends keyof MarketplaceChatEventMap>(type: T): string[] => {
    const ids: string[] = [];
    element.addEventListener(type, (event) => ids.push((event as MarketplaceChatEventMap[T]).clientId));
    return ids;
  };

  async function open(): Promise<void> {
    page = await SessionPage.openRunning(backend);
    element = document.createElement('marketplace-session-chat');
    page.element.after(element);
    await seen('chat');
    await until(() => part('chat-text')?.textContent !== 'Reading what was written …', 'it is read');
  }

  it('draws nothing where the backend offers no messages', async () => {
    delete backend.answers.validate;
    page = await SessionPage.openRunning(backend);
    element = document.createElement('marketplace-session-chat');
    page.element.after(element);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(part('chat')).to.equal(undefined);
    expect(read()).to.have.length(0);
  });

  it('shows what was written before, in order, each text as it is and in its own direction', async () => {
    messages.add('<b>It drips</b>', 'customer');
    messages.add('أين؟');
    messages.add('A refund is under way.', 'marketplace');
    await open();
    await until(() => texts().length === 3, 'all are there');
    expect(texts()).to.deep.equal(['<b>It drips</b>', 'أين؟', 'A refund is under way.']);
    expect(parts('message').map((one) => one.part.contains('own-message'))).to.deep.equal([
      true,
      false,
      false,
    ]);
    expect(parts('message-head').map(({ textContent }) => textContent!.split(',')[0])).to.deep.equal([
      'You',
      'Provider',
      'Marketplace',
    ]);
    expect(parts('message-text').every(({ dir }) => dir === 'auto')).to.equal(true);
    expect(part('messages')!.getAttribute('role')).to.equal('log');
  });

  it('reads page after page', async () => {
    for (let count = 1; count <= 250; count++) messages.add(`${count}`);
    await open();
    await until(() => texts().length === 250, 'all are there');
    expect(texts().at(-1)).to.equal('250');
    const list = part('messages')!;
    expect(list.scrollTop + list.clientHeight).to.be.greaterThan(list.scrollHeight - 40);
  });

  it('sends a message once, empties the field, and tells the page without the words', async () => {
    await open();
    expect(part('chat-text')!.textContent).to.equal('Nothing was written yet.');
    const sent = told('message-sent');
    await write('  It drips.  ');
    await until(() => sent.length === 1, 'it is told');
    expect(texts()).to.deep.equal(['It drips.']);
    expect(posted().map(({ body }) => body)).to.deep.equal([{ text: 'It drips.', client_id: sent[0] }]);
    expect(part<HTMLTextAreaElement>('message-field')!.value).to.equal('');
    expect(part('message-state')).to.equal(undefined);
    await write('   ');
    expect(posted()).to.have.length(1);
  });

  it('Enter sends; with Shift, or while a word is composed, it does not', async () => {
    await open();
    const field = await seen<HTMLTextAreaElement>('message-field');
    field.value = 'one';
    strike('Enter', { shiftKey: true });
    strike('Enter', { isComposing: true });
    expect(posted()).to.have.length(0);
    strike('Enter');
    await until(() => posted().length === 1, 'it is sent');
  });

  it('keeps what could not be sent, and sends it again by the same name', async () => {
    await open();
    const usual = backend.answers.messages!;
    backend.answers.messages = (asked) =>
      asked.method === 'POST' ? { status: 400, body: { code: 'REQUEST_INVALID' } } : usual(asked);
    await write('It drips.');
    await until(() => part('message-state')?.textContent === 'Not sent.', 'it is said');
    expect(part('message-state')!.role).to.equal('alert');
    backend.answers.messages = usual;
    (await seen('send-again-button')).click();
    await until(() => !part('message-state'), 'it is sent');
    const names = posted().map(({ body }) => body.client_id);
    expect(names[0]).to.equal(names[1]);
    expect(texts()).to.deep.equal(['It drips.']);
  });

  it('says that somebody writes too fast, and that no more fit', async () => {
    await open();
    const usual = backend.answers.messages!;
    const refuse = (status: number, code: string) => {
      backend.answers.messages = (asked) =>
        asked.method === 'POST' ? { status, headers: { 'Retry-After': '60' }, body: { code } } : usual(asked);
    };
    refuse(429, 'RATE_LIMITED');
    await write('one');
    await until(() => /very fast/.test(part('message-state')?.textContent ?? ''), 'too fast');
    refuse(409, 'MESSAGE_LIMIT_REACHED');
    await write('two');
    await until(() => /No more messages fit/.test(parts('message-state')[1]?.textContent ?? ''), 'full');
  });

  it('what failed for want of a network goes by itself once it is back, and what was missed is read', async () => {
    await open();
    setOnline(false);
    await until(() => page.element.snapshot.connection === 'offline', 'the page is offline');
    await write('It drips.');
    await until(() => part('message-state')?.textContent === 'Not sent.', 'it is said');
    messages.add('Are you there?');
    setOnline(true);
    await page.askUntil(() => texts().length === 2 && !part('message-state'), 'both are there');
    expect(texts()).to.deep.equal(['Are you there?', 'It drips.']);
    expect(messages.all).to.have.length(2);
  });

  it('shows at once what the other side writes, and tells the page', async () => {
    await open();
    const received = told('message-received');
    await until(() => messages.isHeard, 'the page listens');
    const { client_id } = messages.add('Where does it drip?');
    messages.tell();
    await until(() => texts().length === 1, 'it is shown');
    expect(received).to.deep.equal([client_id]);
    // The answer to an own message may come before one that was written earlier is known.
    messages.add('Hello?');
    await write('Under the sink.');
    await until(() => texts().length === 3, 'all are there');
    expect(texts()).to.deep.equal(['Where does it drip?', 'Hello?', 'Under the sink.']);
  });

  it('hears nothing any more once it has left the page, and reads what was missed when it is back', async () => {
    await open();
    await until(() => messages.isHeard, 'the page listens');
    const place = element.parentElement!;
    // It leaves while an answer is on its way.
    const usual = backend.answers.messages!;
    let arrive = () => {};
    const arrived = new Promise<void>((resolve) => (arrive = resolve));
    backend.answers.messages = (asked) => arrived.then(() => usual(asked));
    const asked = read().length;
    messages.tell();
    await until(() => read().length > asked, 'it asks');
    element.remove();
    // Not moved: it stays away.
    await new Promise((resolve) => setTimeout(resolve, 100));
    arrive();
    backend.answers.messages = usual;
    const before = read().length;
    messages.add('Are you there?');
    messages.tell();
    await page.until(() => backend.calls('heartbeat').length > 0, 'the page goes on');
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(read()).to.have.length(before);
    place.append(element);
    await until(() => texts().length === 1, 'it is read');
  });

  it('who reads further up stays there', async () => {
    for (let count = 1; count <= 50; count++) messages.add(`Line ${count}`);
    await open();
    await until(() => messages.isHeard && texts().length === 50, 'all are there');
    const list = part('messages')!;
    list.scrollTop = 0;
    messages.add('the last');
    messages.tell();
    await until(() => texts().length === 51, 'it is there');
    expect(list.scrollTop).to.equal(0);
  });

  it('what could not be read is read with the next news', async () => {
    const usual = backend.answers.messages!;
    backend.answers.messages = () => ({ status: 400, body: { code: 'REQUEST_INVALID' } });
    page = await SessionPage.openRunning(backend);
    element = document.createElement('marketplace-session-chat');
    page.element.after(element);
    await until(() => read().length > 0 && messages.isHeard, 'it was asked for');
    backend.answers.messages = usual;
    messages.add('one');
    messages.tell();
    await until(() => texts().length === 1, 'it is there');
  });

  it('what could not be read at first is read after a pause, although there is no news', async () => {
    messages.add('one');
    const usual = backend.answers.messages!;
    let tries = 0;
    backend.answers.messages = (asked) =>
      ++tries > 1 ? usual(asked) : { status: 400, body: { code: 'REQUEST_INVALID' } };
    page = await SessionPage.openRunning(backend);
    element = document.createElement('marketplace-session-chat');
    page.element.after(element);
    await until(() => texts().length === 1, 'it is there');
  });

  it('after the end it can be read, and says that nothing can be written', async () => {
    messages.add('Good-bye.');
    await open();
    page.element.noRedirect = true;
    void page.element.controller.end();
    await until(() => page.element.snapshot.state === 'ended', 'the end');
    await until(() => /^The session is over/.test(part('chat-text')?.textContent ?? ''), 'it is said');
    expect(part('message-form')).to.equal(undefined);
    expect(texts()).to.deep.equal(['Good-bye.']);
  });

  it('speaks the language around it, in its direction, and in words of the page', async () => {
    document.documentElement.lang = 'ar';
    await open();
    await until(() => part('send-button')?.textContent === 'إرسال', 'Arabic');
    expect(part('session')!.dir).to.equal('rtl');
    element.chatStrings = { send: 'Los', senders: { provider: 'Maria' } };
    await until(() => part('send-button')?.textContent === 'Los', 'words of the page');
  });

  it('has every word in every language', async () => {
    const keys = (of: object): string[] =>
      Object.entries(of).flatMap(([name, value]: [string, unknown]) => {
        if (typeof value === 'object') return keys(value as object).map((key) => `${name}.${key}`);
        expect(value, name).to.be.a('string').and.not.equal('');
        return name;
      });
    const english = keys((await loadChatWords('en')).words);
    for (const code of ['de', 'fr', 'es', 'pt', 'cy', 'ja', 'ar']) {
      const { code: loaded, words } = await loadChatWords(code);
      expect(loaded).to.equal(code);
      expect(keys(words)).to.deep.equal(english);
    }
    element = document.createElement('marketplace-session-chat');
  });

  it('draws every part that custom-elements.json names, and no other; axe finds nothing', async () => {
    const manifest = (await (await pageFetch('/custom-elements.json')).json()) as Manifest;
    const { cssParts } = manifest.modules
      .flatMap(({ declarations }) => declarations)
      .find(({ tagName }) => tagName === 'marketplace-session-chat')!;
    await open();
    const names = new Set<string>();
    const look = () => {
      for (const drawn of element.shadowRoot!.querySelectorAll('[part]'))
        for (const name of drawn.getAttribute('part')!.split(' ')) names.add(name);
    };
    look();
    messages.add('Where does it drip?');
    const usual = backend.answers.messages!;
    backend.answers.messages = (asked) =>
      asked.method === 'POST' ? { status: 400, body: { code: 'REQUEST_INVALID' } } : usual(asked);
    await until(() => messages.isHeard, 'the page listens');
    messages.tell();
    await write('Under the sink.');
    await seen('send-again-button');
    await until(() => part('other-message'), 'both have written');
    look();
    expect([...names].sort()).to.deep.equal(cssParts.map(({ name }) => name).sort());
    expect(await axeFaults(element)).to.deep.equal([]);
  });
});
