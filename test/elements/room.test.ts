import { expect, waitUntil } from '@open-wc/testing';
import { Room } from '../../src/controller/room/index.js';
import type { MarketplaceRoomEventMap, MarketplaceSessionRoomElement } from '../../src/live-help.js';
import '../../src/live-help.js';
import { loadRoomWords } from '../../src/elements/help/room/words/load.js';
import type { RoomAnswer, SignalFrame, SignalRequest } from '../../src/protocol/room.js';
import { RoomService } from '../controller/room-line.js';
import { axeFaults } from './axe-faults.js';
import { PageBackend } from './page-backend.js';
import { SessionPage } from './session-page.js';

interface Manifest {
  modules: {
    declarations: {
      tagName: string;
      cssParts: { name: string }[];
      cssStates: { name: string }[];
      slots: { name: string }[];
    }[];
  }[];
}

const pageFetch = window.fetch.bind(window);
const hasCalls = typeof RTCPeerConnection === 'function';
const undo: (() => void)[] = [];
function replace<T extends object>(owner: T, name: string, value: unknown): void {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { configurable: true, writable: true, value });
  undo.push(() => {
    if (before) Object.defineProperty(owner, name, before);
    else delete (owner as Record<string, unknown>)[name];
  });
}

describe('marketplace-session-room', () => {
  let backend: PageBackend;
  let service: RoomService;
  let page: SessionPage | undefined;
  let element: MarketplaceSessionRoomElement;
  let other: Room | undefined;
  let stream: ReadableStreamDefaultController<Uint8Array> | undefined;
  let tracks: MediaStreamTrack[];
  const live = () => tracks.filter(({ readyState }) => readyState === 'live').length;

  beforeEach(() => {
    backend = new PageBackend(600);
    service = new RoomService();
    [page, other, stream, tracks] = [undefined, undefined, undefined, []];
    backend.answers.validate = (asked) => {
      const answer = backend.usual('validate', asked);
      return { body: { ...(answer.body as object), capabilities: ['events', 'room'] } };
    };
    backend.answers.events = () => ({
      headers: { 'Content-Type': 'text/event-stream' },
      body: new ReadableStream<Uint8Array>({ start: (controller) => void (stream = controller) }),
    });
    backend.answers.room = () => ({ body: service.answer('customer') });
    backend.answers.signals = ({ body }) => {
      service.signal('customer', body as unknown as SignalRequest);
      return { status: 204, body: undefined };
    };
    service.hear = (frame) => frame.from === 'provider' && tell('session.signal', frame);
    const { mediaDevices } = navigator as Partial<Navigator>;
    if (!mediaDevices) return;
    const ask = mediaDevices.getUserMedia.bind(mediaDevices);
    replace(mediaDevices, 'getUserMedia', async (constraints: MediaStreamConstraints) => {
      const given = await ask(constraints);
      tracks.push(...given.getTracks());
      return given;
    });
  });
  afterEach(() => {
    element.remove();
    other?.close();
    while (undo.length) undo.pop()!();
    document.documentElement.removeAttribute('lang');
    backend.restore();
    sessionStorage.clear();
    localStorage.removeItem('marketplace-session:devices');
  });

  const tell = (name: string, data: object) =>
    stream?.enqueue(new TextEncoder().encode(`event: ${name}\ndata: ${JSON.stringify(data)}\n\n`));
  const until = (what: () => unknown, message: string) =>
    waitUntil(() => Boolean(what()), message, { timeout: 40_000 });
  const part = <T extends HTMLElement = HTMLElement>(name: string) =>
    element.shadowRoot!.querySelector<T>(`[part~="${name}"]`);
  const textOf = (name: string) => part(name)?.textContent?.trim().replace(/\s+/g, ' ') ?? '';
  const seen = async <T extends HTMLElement = HTMLElement>(name: string): Promise<T> => {
    await until(() => part(name), `${name} is seen`);
    return part<T>(name)!;
  };
  const press = async (name: string) => (await seen(name)).click();
  const is = (state: string) => until(() => element.matches(`:state(room-${state})`), state);
  function heard<T extends keyof MarketplaceRoomEventMap>(type: T): MarketplaceRoomEventMap[T][] {
    const events: MarketplaceRoomEventMap[T][] = [];
    const abort = new AbortController();
    document.addEventListener(type, (event) => events.push(event as MarketplaceRoomEventMap[T]), abort);
    undo.push(() => abort.abort());
    return events;
  }

  async function open(attributes: Record<string, string> = {}): Promise<void> {
    page = await SessionPage.openRunning(backend, { 'no-redirect': '' });
    element = document.createElement('marketplace-session-room');
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    page.element.after(element);
    await seen('room');
  }
  /** The other side comes, as a program without elements. */
  async function otherJoins(): Promise<Room> {
    other = new Room(service.line('provider'));
    other.open();
    await until(() => other!.snapshot.state === 'idle', 'the other side may join');
    await other.join();
    return other;
  }
  async function connect(): Promise<Room> {
    await open();
    await until(() => stream, 'the page listens');
    await press('join-button');
    await is('waiting');
    const room = await otherJoins();
    await is('connected');
    return room;
  }
  const refuse = (name: string) =>
    replace((navigator as Partial<Navigator>).mediaDevices ?? navigator, 'getUserMedia', () =>
      Promise.reject(new DOMException('', name)),
    );
  const faultless = async (state: string) => expect(await axeFaults(element), state).to.deep.equal([]);

  it('draws nothing where the backend has no rooms', async () => {
    delete backend.answers.validate;
    page = await SessionPage.openRunning(backend);
    element = document.createElement('marketplace-session-room');
    page.element.after(element);
    await new Promise((resolve) => setTimeout(resolve, 1000));
    expect(part('room')).to.equal(null);
    expect(backend.calls('room')).to.have.length(0);
  });

  it('asks for nothing before the press, and says what the browser will ask', async () => {
    const joined = heard('room-joined');
    await open();
    await is('idle');
    expect(textOf('room-text')).to.match(/will ask whether this page may use camera and microphone/);
    expect([tracks.length, backend.calls('signals').length, joined.length]).to.deep.equal([0, 0, 0]);
    await faultless('idle');
  });

  if (!hasCalls)
    it('says that this browser makes no calls', async () => {
      await open();
      await press('join-button');
      await is('failed');
      expect(textOf('room-text')).to.equal('This browser cannot make calls. Please use another one.');
      expect(part('retry-button')).to.equal(null);
      await faultless('failed');
    });

  it('a room elsewhere is one link to a tab of its own', async () => {
    service.room = {
      provider: 'jitsi',
      join_url: 'https://rooms.example/one?token=two',
      ice_servers: undefined,
    };
    await open();
    const link = await seen<HTMLAnchorElement>('join-link');
    expect([link.href, link.target, link.rel]).to.deep.equal([
      'https://rooms.example/one?token=two',
      '_blank',
      'noopener',
    ]);
    expect(part('join-button')).to.equal(null);
    await faultless('link');
  });

  it('says why it cannot be joined, and tries again', async () => {
    if (!hasCalls) return;
    const failed = heard('room-failed');
    await open();
    await is('idle');
    backend.answers.room = () => ({ status: 404, body: { code: 'SESSION_NOT_FOUND' } });
    await press('join-button');
    await is('failed');
    expect(textOf('room-text')).to.equal('The call cannot be joined at the moment.');
    expect(failed.map(({ sessionId, code }) => [sessionId, code])).to.deep.equal([
      [backend.sessionId, 'SESSION_NOT_FOUND'],
    ]);
    await until(() => /cannot be joined/.test(textOf('announcement')), 'it is said');
    await faultless('failed');
    backend.answers.room = () => ({ body: service.answer('customer') });
    await press('retry-button');
    await is('waiting');
  });

  it('waits, connects, shows both, and tells the page; then leaves with everything', async () => {
    if (!hasCalls) return;
    const [joined, left, quality] = [heard('room-joined'), heard('room-left'), heard('room-quality')];
    await connect();
    expect(joined.map(({ sessionId }) => sessionId)).to.deep.equal([backend.sessionId]);
    const remote = part<HTMLVideoElement>('remote-video')!;
    const own = await seen<HTMLVideoElement>('own-video');
    await until(() => remote.videoWidth && own.videoWidth, 'both are seen');
    expect(remote.hasAttribute('data-empty')).to.equal(false);
    // A browser may want a press of its own for sound.
    expect([own.muted, remote.muted]).to.deep.equal([true, part('sound-button') !== null]);
    expect(remote.offsetWidth * remote.offsetHeight).to.be.greaterThan(
      4 * own.offsetWidth * own.offsetHeight,
    );
    await until(() => textOf('announcement') === 'You are connected.', 'it is said');
    await until(() => quality.length, 'how good it is');
    expect(quality[0]!.quality).to.be.oneOf(['good', 'weak', 'poor']);
    await faultless('connected');
    await press('leave-button');
    await is('idle');
    expect(left.map(({ reason }) => reason)).to.deep.equal(['left']);
    await until(() => other!.snapshot.state === 'left', 'the other side knows');
    other!.close();
    expect(live()).to.equal(0);
  });

  it('each button says what is on, and the other side sees it', async () => {
    if (!hasCalls) return;
    const room = await connect();
    const pressed = (name: string) => part(name)!.getAttribute('aria-pressed');
    await until(
      () => pressed('microphone-button') === 'true' && pressed('camera-button') === 'true',
      'both on',
    );
    await press('microphone-button');
    await press('camera-button');
    await until(() => room.snapshot.other?.microphone === false && !room.snapshot.other.camera, 'both off');
    expect([pressed('microphone-button'), pressed('camera-button')]).to.deep.equal(['false', 'false']);
    expect(part('own-video')).to.equal(null);
    await room.setMicrophone(false);
    await until(() => textOf('stage-text') === 'The microphone of the other side is off.', 'muted');
    await room.setCamera(false);
    await until(() => textOf('stage-text') === 'The other side shows no picture.', 'no picture');
    await press('devices-button');
    expect((await seen('devices')).querySelectorAll('select')).to.have.length(3);
    expect(part('devices-button')!.getAttribute('aria-expanded')).to.equal('true');
    await faultless('without pictures, and with the menus of devices');
    room.leave();
    await is('left');
    await until(() => /has left/.test(textOf('announcement')), 'it is said');
    await faultless('left');
  });

  it('says that the way is bad once, and that it was lost', async () => {
    if (!hasCalls) return;
    const connections: RTCPeerConnection[] = [];
    const Connection = RTCPeerConnection;
    replace(
      window,
      'RTCPeerConnection',
      class extends Connection {
        constructor(configuration?: RTCConfiguration) {
          super(configuration);
          connections.push(this);
        }
        override getStats() {
          const pair = {
            type: 'candidate-pair',
            nominated: true,
            state: 'succeeded',
            currentRoundTripTime: 0.7,
          };
          return Promise.resolve(new Map([['pair', pair]]) as unknown as RTCStatsReport);
        }
      },
    );
    const quality = heard('room-quality');
    await connect();
    await is('poor');
    expect(quality.map((event) => event.quality)).to.deep.equal(['poor']);
    await until(() => /connection is poor/.test(textOf('announcement')), 'it is said');
    await faultless('poor');
    replace(connections[0]!, 'connectionState', 'disconnected');
    connections[0]!.dispatchEvent(new Event('connectionstatechange'));
    await is('reconnecting');
    expect(textOf('room-text')).to.match(/being restored/);
    await faultless('reconnecting');
  });

  it('joins with what there is, and says what is missing', async () => {
    if (!hasCalls) return;
    refuse('NotFoundError');
    await open();
    await press('join-button');
    await is('waiting');
    const advice = [...element.shadowRoot!.querySelectorAll('[part=device-text]')].map(
      ({ textContent }) => textContent,
    );
    expect(advice).to.deep.equal([
      'Microphone: None was found. Plug one in, and try again.',
      'Camera: None was found. Plug one in, and try again.',
    ]);
    await faultless('waiting without devices');
  });

  it('while the browser asks, one can join without, or leave', async () => {
    if (!hasCalls) return;
    replace(navigator.mediaDevices, 'getUserMedia', () => new Promise(() => {}));
    await open();
    const button = await seen('join-button');
    button.focus();
    button.click();
    await is('checking');
    await until(() => element.shadowRoot!.activeElement === part('room-title'), 'the heading has the focus');
    await faultless('checking');
    await press('skip-button');
    await is('waiting');
    await press('leave-button');
    await press('join-button');
    await is('checking');
    await press('leave-button');
    await is('idle');
  });

  it('another page of the person has it, and it can be brought back', async () => {
    if (!hasCalls) return;
    const left = heard('room-left');
    await open({ media: '' });
    await press('join-button');
    await is('waiting');
    const name = `marketplace-session:room:${backend.sessionId}:customer`;
    const tab = new BroadcastChannel(name);
    tab.postMessage({ joined: 'newer' });
    await is('elsewhere');
    tab.close();
    expect(left.map(({ reason }) => reason)).to.deep.equal(['elsewhere']);
    await faultless('elsewhere');
    await press('here-button');
    await is('waiting');
  });

  it('ends with the session, and lets go of everything', async () => {
    if (!hasCalls) return;
    const left = heard('room-left');
    await open();
    await press('join-button');
    await is('waiting');
    await until(() => live() === 2, 'camera and microphone are on');
    void page!.element.controller.end();
    await is('ended');
    expect(live()).to.equal(0);
    expect(left.map(({ reason }) => reason)).to.deep.equal(['ended']);
    expect(textOf('room-text')).to.equal('The session is over, and so is the call.');
    await faultless('ended');
  });

  for (const [way, leave] of Object.entries<() => void>({
    'the element is removed': () => void element.remove(),
    'the page leaves': () => void window.dispatchEvent(new PageTransitionEvent('pagehide')),
  }))
    it(`lets go of everything when ${way}, but not when it is moved`, async () => {
      if (!hasCalls) return;
      await open();
      await press('join-button');
      await is('waiting');
      await until(() => live() === 2, 'camera and microphone are on');
      const place = element.parentElement!;
      place.prepend(element);
      await new Promise((resolve) => setTimeout(resolve, 100));
      expect(live()).to.equal(2);
      leave();
      await until(() => live() === 0, 'all is let go');
      await until(() => service.signals.at(-1)?.type === 'leave', 'the other side is told');
    });

  it('in the page of a helper it attends the session by an access token', async () => {
    if (!hasCalls) return;
    const attended: string[] = [];
    const usualFetch = window.fetch;
    replace(window, 'fetch', async (input: string, init: RequestInit) => {
      const url = new URL(input, location.href);
      const authorization = new Headers(init?.headers).get('Authorization');
      if (url.pathname === '/access-token')
        return Response.json({ access_token: 'of-maria', expires_in: 600 });
      if (!url.pathname.startsWith('/api/v1/sessions/ses%201/')) return usualFetch(input, init);
      attended.push(`${init.method} ${url.pathname.split('/').at(-1)} ${authorization}`);
      if (url.pathname.endsWith('/room'))
        return Response.json(service.answer('provider') satisfies RoomAnswer);
      if (url.pathname.endsWith('/events'))
        return new Response(
          new ReadableStream<Uint8Array>({ start: (controller) => void (stream = controller) }),
          { headers: { 'Content-Type': 'text/event-stream' } },
        );
      service.signal('provider', JSON.parse(init.body as string) as SignalRequest);
      return new Response(null, { status: 204 });
    });
    service.hear = (frame: SignalFrame) => frame.from === 'customer' && tell('session.signal', frame);
    element = document.createElement('marketplace-session-room');
    element.sessionId = 'ses 1';
    element.serverUrl = '/api/v1';
    element.accessTokenUrl = '/access-token';
    document.body.append(element);
    await press('join-button');
    await is('waiting');
    other = new Room(service.line('customer'));
    other.open();
    await until(() => other!.snapshot.state === 'idle', 'the customer may join');
    await other.join();
    await is('connected');
    expect([...new Set(attended)].sort()).to.deep.equal([
      'GET events Bearer of-maria',
      'POST room Bearer of-maria',
      'POST signals Bearer of-maria',
    ]);
    tell('session.ended', { session_id: 'ses 1' });
    await is('ended');
    expect(live()).to.equal(2);
  });

  it('speaks the language around it, in its direction, and in words of the page', async () => {
    document.documentElement.lang = 'ar';
    await open();
    await until(() => textOf('join-button') === 'الانضمام إلى المكالمة', 'Arabic');
    expect(part('session')!.dir).to.equal('rtl');
    element.roomStrings = { join: 'Los', states: { waiting: 'Gleich.' } };
    await until(() => textOf('join-button') === 'Los', 'words of the page');
  });

  it('has every word in every language', async () => {
    const keys = (of: object): string[] =>
      Object.entries(of).flatMap(([name, value]: [string, unknown]) => {
        if (typeof value === 'object') return keys(value as object).map((key) => `${name}.${key}`);
        expect(value, name).to.be.a('string').and.not.equal('');
        return name;
      });
    const english = keys((await loadRoomWords('en')).words);
    for (const code of ['de', 'fr', 'es', 'pt', 'cy', 'ja', 'ar']) {
      const { code: loaded, words } = await loadRoomWords(code);
      expect(loaded).to.equal(code);
      expect(keys(words)).to.deep.equal(english);
    }
    element = document.createElement('marketplace-session-room');
  });

  it('fits into 320 px, with buttons that are easy to hit', async () => {
    if (!hasCalls) return;
    await open();
    element.style.cssText = 'width: 320px; box-sizing: border-box';
    await press('join-button');
    await is('waiting');
    await press('devices-button');
    await seen('devices');
    expect(part('room')!.scrollWidth).to.be.at.most(320);
    for (const button of element.shadowRoot!.querySelectorAll('button')) {
      const { height, right } = button.getBoundingClientRect();
      expect(height).to.be.at.least(44);
      expect(right).to.be.at.most(element.getBoundingClientRect().right);
    }
  });

  it('draws every part, slot and state that custom-elements.json names, and no other', async () => {
    if (!hasCalls) return;
    const manifest = (await (await pageFetch('/custom-elements.json')).json()) as Manifest;
    const { cssParts, cssStates, slots } = manifest.modules
      .flatMap(({ declarations }) => declarations)
      .find(({ tagName }) => tagName === 'marketplace-session-room')!;
    const [parts, states, places] = [new Set<string>(), new Set<string>(), new Set<string>()];
    const look = () => {
      for (const drawn of element.shadowRoot!.querySelectorAll('[part]'))
        for (const name of drawn.getAttribute('part')!.split(' ')) parts.add(name);
      for (const { name } of element.shadowRoot!.querySelectorAll('slot')) places.add(name);
      for (const { name } of cssStates) if (element.matches(`:state(${name})`)) states.add(name);
    };
    const reach = async (state: string) => {
      await is(state);
      look();
    };
    // Nothing sounds without a press: the picture goes without, until there is one.
    const { play } = HTMLMediaElement.prototype;
    let isPressed = false;
    replace(HTMLMediaElement.prototype, 'play', function (this: HTMLMediaElement) {
      if (this.muted) return play.call(this);
      return isPressed ? Promise.resolve() : Promise.reject(new DOMException('', 'NotAllowedError'));
    });
    const room = await connect();
    look();
    await seen('sound-button');
    const remote = await seen<HTMLVideoElement>('remote-video');
    await until(() => remote.muted && !remote.paused, 'the picture runs');
    isPressed = true;
    await press('sound-button');
    await until(() => !part('sound-button') && !remote.muted, 'it sounds');
    await press('devices-button');
    await seen('devices');
    look();
    await room.setMicrophone(false);
    await seen('stage-text');
    look();
    room.leave();
    await reach('left');
    await press('leave-button');
    await reach('idle');
    replace(navigator.mediaDevices, 'getUserMedia', () => new Promise(() => {}));
    await press('join-button');
    await reach('checking');
    refuse('NotFoundError');
    await press('leave-button');
    await press('join-button');
    await reach('waiting');
    await seen('device-text');
    look();
    const tab = new BroadcastChannel(`marketplace-session:room:${backend.sessionId}:customer`);
    tab.postMessage({ joined: 'newer' });
    tab.close();
    await reach('elsewhere');
    backend.answers.room = () => ({ status: 404, body: { code: 'SESSION_NOT_FOUND' } });
    await press('here-button');
    await reach('failed');
    service.room = { join_url: 'https://rooms.example/one' };
    backend.answers.room = () => ({ body: service.answer('customer') });
    await press('retry-button');
    await reach('link');
    const namesOf = (items: { name: string }[]) => items.map(({ name }) => name).sort();
    expect([...parts].sort(), 'parts').to.deep.equal(namesOf(cssParts));
    expect([...places].sort(), 'slots').to.deep.equal(namesOf(slots));
    const others = namesOf(cssStates).filter((name) => !states.has(name));
    // Those of a moment, of a call that goes badly, and of the session beside it.
    expect(others.filter((name) => name.startsWith('room-'))).to.deep.equal(
      [
        ...['room-connecting', 'room-ended', 'room-joining', 'room-poor', 'room-reconnecting', 'room-weak'],
      ].filter((name) => !states.has(name)),
    );
  });
});
