import './quick-minutes.js';
import { expect, waitUntil } from '@open-wc/testing';
import type {
  MarketplacePreflightEventMap,
  MarketplaceSessionPreflightElement,
} from '../../src/live-help.js';
import '../../src/live-help.js';
import { loadPreflightWords } from '../../src/elements/help/preflight/words/load.js';
import { axeFaults } from './axe-faults.js';
import { scriptAddress } from './framed-page.js';

type Check = 'camera' | 'microphone' | 'speaker' | 'network';
interface Manifest {
  modules: {
    declarations: { tagName: string; cssParts: { name: string }[]; cssStates: { name: string }[] }[];
  }[];
}
type Ask = typeof navigator.mediaDevices.getUserMedia;

const never = () => new Promise<never>(() => {});
const refusal = (name: string) => Promise.reject(new DOMException('', name));
const pageFetch = window.fetch.bind(window);
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

/** Puts something in the place of what a browser has, until the test is over. */
const undo: (() => void)[] = [];
function replace<T extends object>(owner: T, name: string, value: unknown): void {
  const before = Object.getOwnPropertyDescriptor(owner, name);
  Object.defineProperty(owner, name, { configurable: true, writable: true, value });
  undo.push(() => {
    if (before) Object.defineProperty(owner, name, before);
    else delete (owner as Record<string, unknown>)[name];
  });
}

describe('marketplace-session-preflight', () => {
  let element: MarketplaceSessionPreflightElement;
  /** Every track that a page was given. */
  const given: MediaStreamTrack[] = [];
  const live = () => given.filter(({ readyState }) => readyState === 'live').length;
  /** Tells the end of a track: in Firefox one of a canvas hears nothing that is made up. */
  const ending = new Map<MediaStreamTrack, EventTarget>();
  const unplug = (track: MediaStreamTrack) => {
    track.stop();
    ending.get(track)!.dispatchEvent(new Event('ended'));
  };
  /** What each question asked for. */
  let asked: string[];
  /** WebKitGTK has neither a camera nor a microphone; the others have made-up ones. */
  const hasDevices = !/AppleWebKit/.test(navigator.userAgent) || /Chrome/.test(navigator.userAgent);

  /** Devices of a made-up kind: a picture that moves and a tone. */
  function madeUpStream({ video, audio }: MediaStreamConstraints): MediaStream {
    const tracks: MediaStreamTrack[] = [];
    if (video) {
      const canvas = document.createElement('canvas');
      const context = canvas.getContext('2d')!;
      let frame = 0;
      const timer = setInterval(() => context.fillRect(0, 0, frame++ % 100, 10), 30);
      undo.push(() => clearInterval(timer));
      tracks.push(...canvas.captureStream(30).getTracks());
    }
    if (audio) {
      const context = new AudioContext();
      const place = context.createMediaStreamDestination();
      const tone = context.createOscillator();
      tone.connect(place);
      tone.start();
      undo.push(() => void context.close());
      tracks.push(...place.stream.getTracks());
    }
    return new MediaStream(tracks);
  }

  /** Answers the questions for devices in place of the browser. */
  function answer(how: (kinds: string, constraints: MediaStreamConstraints) => Promise<MediaStream>): void {
    const ask: Ask = async (constraints = {}) => {
      const kinds = Object.keys(constraints).sort().join(' ');
      asked.push(kinds);
      const stream = await how(kinds, constraints);
      for (const track of stream.getTracks()) {
        given.push(track);
        const ends = new EventTarget();
        ending.set(track, ends);
        track.addEventListener = ends.addEventListener.bind(ends);
      }
      return stream;
    };
    if (!navigator.mediaDevices) replace(navigator, 'mediaDevices', new EventTarget());
    replace(navigator.mediaDevices, 'getUserMedia', ask);
  }
  const grant = (_: string, constraints: MediaStreamConstraints) =>
    Promise.resolve(madeUpStream(constraints));
  const permission = (state: PermissionState) =>
    replace(navigator.permissions, 'query', () => Promise.resolve({ state }));

  function add(attributes: Record<string, string> = {}): MarketplaceSessionPreflightElement {
    element = document.createElement('marketplace-session-preflight');
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
    (document.querySelector('main') ?? document.body).append(element);
    return element;
  }
  const find = <T extends HTMLElement = HTMLElement>(selector: string) =>
    element.shadowRoot!.querySelector<T>(selector);
  const part = <T extends HTMLElement = HTMLElement>(name: string) => find<T>(`[part~="${name}"]`);
  const textOf = (name: string) => part(name)?.textContent?.trim().replace(/\s+/g, ' ') ?? '';
  const adviceOf = (check: Check) => find(`[part~=${check}] [part=check-advice]`)?.textContent ?? '';
  const verdictOf = (check: Check) => find(`[part~=${check}] [part=check-verdict]`)?.textContent ?? '';
  const until = (what: () => unknown, message: string) =>
    waitUntil(what as () => boolean, message, { timeout: 30_000 });
  const seen = async (name: string) => {
    await until(() => part(name), `${name} is seen`);
    return part(name)!;
  };
  const press = async (name: string) => (await seen(name)).click();
  const pressIn = (check: Check, name: string) => find(`[part~=${check}] [part~="${name}"]`)!.click();

  /** Opened, started, and known of every check but the speaker. */
  async function open(attributes: Record<string, string> = {}): Promise<void> {
    add(attributes);
    await press('start-button');
    await until(
      () => find('[part~=check]') && !find('[part~=check][data-look=asking]'),
      'every check is done',
    );
  }
  function heard<T extends keyof MarketplacePreflightEventMap>(type: T): MarketplacePreflightEventMap[T][] {
    const events: MarketplacePreflightEventMap[T][] = [];
    const abort = new AbortController();
    document.addEventListener(type, (event) => events.push(event as MarketplacePreflightEventMap[T]), abort);
    undo.push(() => abort.abort());
    return events;
  }

  beforeEach(() => {
    asked = [];
    given.length = 0;
    replace(window, 'fetch', () => Promise.resolve(new Response('')));
  });
  afterEach(() => {
    element.remove();
    for (const end of undo.splice(0).reverse()) end();
    expect(live(), 'tracks that are live').to.equal(0);
    document.documentElement.removeAttribute('lang');
    localStorage.clear();
  });

  it('asks for nothing before a press, and says before what the browser will ask', async () => {
    answer(grant);
    add();
    await seen('start-button');
    await pause(300);
    expect(asked).to.deep.equal([]);
    expect(textOf('preflight-text')).to.contain('Your browser will ask');
    expect(element.matches(':state(idle)')).to.equal(true);
  });

  it('with real devices: shows the picture, hears, lists devices, and goes on with their ids', async () => {
    if (!hasDevices) return (answer(grant), void add());
    const events = heard('preflight-passed');
    await open({ require: 'camera microphone network' });
    await until(() => element.passed, 'everything passes');
    expect(element.matches(':state(passed)')).to.equal(true);
    expect(adviceOf('camera')).to.equal('You can be seen.');
    const video = part<HTMLVideoElement>('preview')!;
    await until(() => video.videoWidth > 0 && video.currentTime > 0, 'the picture moves');
    expect(getComputedStyle(video).transform).to.match(/^matrix\(-1,/);
    const [track] = (video.srcObject as MediaStream).getTracks();
    const { deviceId } = track!.getSettings();
    await press('continue-button');
    expect(events).to.have.length(1);
    expect(events[0]!.cameraId).to.equal(deviceId);
    expect(track!.readyState).to.equal('ended');
    expect(JSON.stringify(events[0])).to.not.contain('Fake');
  });

  describe('says of each device what is wrong, and the way out', () => {
    const cases: [state: string, name: string, permission: PermissionState, advice: RegExp][] = [
      ['denied', 'NotAllowedError', 'denied', /^It is not allowed here\./],
      ['dismissed', 'NotAllowedError', 'prompt', /^The question was closed\./],
      ['missing', 'NotFoundError', 'granted', /^None was found\./],
      ['missing', 'OverconstrainedError', 'granted', /^None was found\./],
      ['in_use', 'NotReadableError', 'granted', /^It gives nothing/],
      ['in_use', 'AbortError', 'granted', /^It gives nothing/],
      ['unsupported', 'TypeError', 'granted', /^This browser cannot/],
    ];
    for (const [state, name, allowed, advice] of cases)
      it(`${name}, permission ${allowed}: ${state}`, async () => {
        answer(() => refusal(name));
        permission(allowed);
        const events = heard('preflight-failed');
        await open({ require: 'microphone' });
        expect(adviceOf('microphone')).to.match(advice);
        expect(adviceOf('camera'))
          .to.match(advice)
          .and.match(/You can go on without it\.$/);
        expect(events.map(({ check, checkState }) => [check, checkState])).to.deep.equal([
          ['microphone', state],
        ]);
        expect(element.matches(':state(failed)')).to.equal(true);
        expect(asked).to.deep.equal(['audio video', 'video', 'audio']);
        // It comes back.
        answer(grant);
        pressIn('microphone', 'recheck-button');
        await until(() => element.passed, 'it passes now');
      });

    it('blocked by the policy of the page around', async () => {
      answer(() => refusal('NotAllowedError'));
      permission('denied');
      replace(document, 'featurePolicy', { allowsFeature: () => false });
      await open();
      expect(adviceOf('camera')).to.match(/^The page around does not pass it on\./);
    });

    it('a page that is not secure, and a browser without devices', async () => {
      replace(window, 'isSecureContext', false);
      await open();
      expect(adviceOf('microphone')).to.match(/^Browsers allow it only on secure pages/);
      replace(window, 'isSecureContext', true);
      replace(navigator, 'mediaDevices', undefined);
      pressIn('microphone', 'recheck-button');
      await until(() => /^This browser cannot/.test(adviceOf('microphone')), 'unsupported');
    });

    it('a camera without a picture, and a microphone that is on but cannot be heard', async function () {
      this.timeout(60_000);
      // The tone of the test is made before.
      const stream = madeUpStream({ audio: true });
      replace(
        window,
        'AudioContext',
        class {
          resume = never;
          close = () => Promise.resolve();
        },
      );
      answer((_, { video, audio }) =>
        Promise.resolve(
          new MediaStream([
            ...(video ? document.createElement('canvas').captureStream(0).getTracks() : []),
            ...(audio ? stream.clone().getTracks() : []),
          ]),
        ),
      );
      await open({ checks: 'camera microphone', require: 'microphone' });
      expect(adviceOf('microphone')).to.match(/^It is on\./);
      expect(verdictOf('camera')).to.equal('Does not work');
      expect(element.passed).to.equal(true);
    });
  });

  describe('of a microphone', () => {
    /** What it hears, from 0 to 1; null where a browser cannot take it in. */
    let level: number | null;
    beforeEach(() => {
      level = 0;
      const stream = madeUpStream({ audio: true });
      class Sound {
        state = 'running';
        resume = () => Promise.resolve();
        close = () => Promise.resolve();
        createAnalyser = () => ({ getFloatTimeDomainData: (samples: Float32Array) => samples.fill(level!) });
        createMediaStreamSource() {
          if (level === null) throw new DOMException('', 'NotSupportedError');
          return { connect() {} };
        }
      }
      replace(window, 'AudioContext', Sound);
      answer(() => Promise.resolve(stream.clone()));
    });

    it('that nothing was heard is said, and is no failure; it works once something is', async () => {
      await open({ checks: 'microphone', require: 'microphone' });
      expect(adviceOf('microphone')).to.match(/^Nothing is heard/);
      expect(element.passed).to.equal(true);
      level = 0.4;
      await until(() => adviceOf('microphone') === 'You can be heard.', 'it is heard');
    });

    it('whose sound a browser takes in nowhere it is known that it is on', async () => {
      level = null;
      await open({ checks: 'microphone', require: 'microphone' });
      expect(adviceOf('microphone')).to.match(/^It is on\./);
      expect(element.passed).to.equal(true);
    });
  });

  it('in a frame that passes nothing on it is blocked, as the browser itself has it', async () => {
    if (!hasDevices) return (answer(grant), void add());
    const frame = document.createElement('iframe');
    frame.allow = "camera 'none'; microphone 'none'";
    frame.src = '/test/elements/empty.html';
    const loaded = new Promise((resolve) => frame.addEventListener('load', resolve, { once: true }));
    document.body.append(frame);
    undo.push(() => frame.remove());
    await loaded;
    const inside = frame.contentDocument!;
    element = inside.createElement('marketplace-session-preflight');
    element.setAttribute('checks', 'camera microphone');
    inside.body.append(element);
    const script = inside.createElement('script');
    script.type = 'module';
    script.src = scriptAddress().replace('marketplace-session.js', 'live-help.js');
    inside.head.append(script);
    await until(() => element.shadowRoot && part('start-button'), 'it is there');
    await press('start-button');
    for (const check of ['camera', 'microphone'] as const)
      await until(() => /^The page around does not pass it on\./.test(adviceOf(check)), `${check}: blocked`);
  });

  it('one that is refused hides no other', async () => {
    permission('denied');
    answer((kinds, constraints) =>
      /video/.test(kinds) ? refusal('NotAllowedError') : grant(kinds, constraints),
    );
    await open();
    expect(verdictOf('camera')).to.equal('Does not work');
    expect(adviceOf('microphone')).to.match(/^(You can be heard|It is on|Nothing is heard)/);
    expect(element.passed).to.equal(true);
  });

  describe('leaves no track alive', () => {
    const ways: Record<string, () => void | Promise<void>> = {
      'turned off': () => press('stop-button'),
      'gone on': () => press('continue-button'),
      'taken out of the page': () => element.remove(),
      'the page leaves': () => void window.dispatchEvent(new PageTransitionEvent('pagehide')),
      'one was asked for anew, then turned off': async () => {
        answer(() => refusal('NotReadableError'));
        const [camera] = given.filter(({ kind }) => kind === 'video');
        unplug(camera!);
        await until(() => verdictOf('camera') === 'Does not work', 'it has gone');
        answer(grant);
        pressIn('camera', 'recheck-button');
        await until(() => live() === 2, 'it is back');
        element.stop();
      },
      'looked at anew, then turned off': async () => {
        await element.start();
        element.stop();
      },
      'hidden for a minute': async () => {
        replace(document, 'hidden', true);
        document.dispatchEvent(new Event('visibilitychange'));
        await pause(300);
      },
    };
    for (const [way, leave] of Object.entries(ways))
      it(way, async () => {
        answer(grant);
        await open({ require: 'microphone' });
        expect(live()).to.equal(2);
        await leave();
        await until(() => live() === 0, 'every track is stopped');
      });

    it('not even one that is granted after it was turned off', async () => {
      let allow = () => {};
      answer(async (kinds, constraints) => {
        await new Promise<void>((resolve) => (allow = resolve));
        return grant(kinds, constraints);
      });
      add();
      await press('start-button');
      await press('stop-button');
      await seen('start-button');
      allow();
      await pause(100);
      expect(given).to.have.length(2);
      expect(live()).to.equal(0);
    });
  });

  it('waits for no promise that a browser does not keep', async () => {
    answer(grant);
    replace(navigator.mediaDevices, 'enumerateDevices', never);
    replace(
      window,
      'RTCPeerConnection',
      class extends EventTarget {
        createDataChannel() {}
        setLocalDescription = never;
        close() {}
      },
    );
    await open();
    expect(verdictOf('network')).to.equal('Works, with a limit');
    answer(never);
    await press('stop-button');
    await press('start-button');
    await until(() => /answer the question/.test(adviceOf('camera')), 'it says what it waits for');
    await press('stop-button');
    await seen('start-button');
  });

  it('a device that goes is replaced, and one that is no longer allowed is told', async () => {
    answer(grant);
    await open();
    permission('denied');
    const [camera] = given.filter(({ kind }) => kind === 'video');
    unplug(camera!);
    await until(() => live() === 2 && verdictOf('camera') === 'Works', 'another one took its place');
    answer(() => refusal('NotAllowedError'));
    const last = given.filter(({ kind, readyState }) => kind === 'video' && readyState === 'live').at(-1)!;
    unplug(last);
    await until(() => /not allowed here/.test(adviceOf('camera')), 'it is told');
  });

  it('a device that goes as soon as it has come is not asked for again and again', async () => {
    answer(async (kinds, constraints) => {
      const stream = await grant(kinds, constraints);
      for (const track of stream.getVideoTracks()) setTimeout(() => unplug(track));
      return stream;
    });
    await open({ checks: 'camera' });
    await until(() => verdictOf('camera') === 'Does not work', 'it is told');
    const times = asked.length;
    expect(times).to.be.within(2, 6);
    await pause(500);
    expect(asked).to.have.length(times);
    answer(grant);
    pressIn('camera', 'recheck-button');
    await until(() => verdictOf('camera') === 'Works', 'it works');
  });

  it('lets a device be chosen, and takes it first the next time', async () => {
    const devices = ['one', 'two'].flatMap((id) => [
      { kind: 'audioinput', deviceId: `mic-${id}`, label: `Microphone ${id}` },
      { kind: 'audiooutput', deviceId: `out-${id}`, label: `Speaker ${id}` },
    ]);
    const wanted: unknown[] = [];
    answer((kinds, constraints) => {
      wanted.push((constraints.audio as MediaTrackConstraints).deviceId);
      return grant(kinds, constraints);
    });
    replace(navigator.mediaDevices, 'enumerateDevices', () => Promise.resolve(devices));
    await open({ checks: 'microphone', require: 'microphone' });
    const menu = (await seen('device-choice')) as HTMLSelectElement;
    expect([...menu.options].map(({ text }) => text)).to.deep.equal([
      'As set in the system',
      'Microphone one',
      'Microphone two',
    ]);
    menu.value = 'mic-two';
    menu.dispatchEvent(new Event('change'));
    await until(() => wanted.length === 2 && live() === 1, 'the other one is taken');
    expect(wanted).to.deep.equal([undefined, { ideal: 'mic-two' }]);
    await press('stop-button');
    await press('start-button');
    await until(() => wanted.length === 3 && live() === 1, 'taken again');
    expect(wanted[2]).to.deep.equal({ ideal: 'mic-two' });
  });

  describe('the connection', () => {
    const measure = (attributes: Record<string, string> = {}) =>
      open({ checks: 'network', require: 'network', ...attributes });

    it('is measured to the service, whatever it answers, and good', async () => {
      const addresses: unknown[] = [];
      replace(window, 'fetch', (address: string) => {
        addresses.push(address);
        return Promise.resolve(new Response('', { status: 404 }));
      });
      await measure({ 'server-url': 'https://market.example/api/v1' });
      expect([...new Set(addresses)]).to.deep.equal(['https://market.example/api/v1/healthz']);
      expect(adviceOf('network')).to.equal('It is good enough for a call.');
    });

    it('is slow', async () => {
      replace(window, 'fetch', () => pause(350).then(() => new Response('')));
      await measure();
      expect(adviceOf('network')).to.match(/^It is slow/);
      expect(element.passed).to.equal(true);
    });

    it('is not there, and comes back', async () => {
      replace(window, 'fetch', () => Promise.reject(new TypeError('gone')));
      await measure();
      expect(adviceOf('network')).to.match(/^The service cannot be reached/);
      expect(element.passed).to.equal(false);
      replace(window, 'fetch', () => Promise.resolve(new Response('')));
      pressIn('network', 'recheck-button');
      await until(() => element.passed, 'it is back');
    });

    it('lets no call through: the relay does not answer', async () => {
      add({ checks: 'network', require: 'network' });
      element.iceServers = [{ urls: 'turn:127.0.0.1:1', username: 'one', credential: 'two' }];
      await press('start-button');
      // WebKitGTK knows no calls between browsers, and nothing of them can be measured.
      const advice = 'RTCPeerConnection' in window ? /may not let calls through/ : /good enough/;
      await until(() => advice.test(adviceOf('network')), 'restricted');
      expect(element.passed).to.equal(true);
    });
  });

  describe('the speaker', () => {
    it('passes once the tone was heard, and helps where it was not', async () => {
      replace(window, 'AudioContext', MadeUpContext);
      add({ checks: 'speaker', require: 'speaker' });
      await press('start-button');
      await press('tone-button');
      await press('unheard-button');
      await until(() => /Turn up the volume/.test(adviceOf('speaker')), 'advice');
      await press('tone-button');
      await press('heard-button');
      await until(() => adviceOf('speaker') === 'You hear us.', 'heard');
      expect(element.passed).to.equal(true);
    });

    it('is unmeasured where a browser plays nothing', async () => {
      replace(
        window,
        'AudioContext',
        class {
          resume = never;
          close = () => Promise.resolve();
        },
      );
      add({ checks: 'speaker', require: 'speaker' });
      await press('start-button');
      await press('tone-button');
      await until(() => verdictOf('speaker') === 'Works, with a limit', 'unmeasured');
      expect(part('heard-button')).to.equal(null);
    });
  });

  it('draws every part and state that custom-elements.json names, and no other', async () => {
    const manifest = (await (await pageFetch('/custom-elements.json')).json()) as Manifest;
    const { cssParts, cssStates } = manifest.modules
      .flatMap(({ declarations }) => declarations)
      .find(({ tagName }) => tagName === 'marketplace-session-preflight')!;
    const seenParts = new Set<string>();
    const seenStates = new Set<string>();
    const look = () => {
      for (const drawn of element.shadowRoot!.querySelectorAll('[part]'))
        for (const name of drawn.getAttribute('part')!.split(' ')) seenParts.add(name);
      for (const { name } of cssStates) if (element.matches(`:state(${name})`)) seenStates.add(name);
    };
    const list = ['one', 'two'].map((id) => ({ kind: 'audioinput', deviceId: id, label: id }));
    const tracks = madeUpStream({ video: true, audio: true });
    answer(() => Promise.resolve(new MediaStream(tracks.clone().getTracks())));
    replace(navigator.mediaDevices, 'enumerateDevices', () => Promise.resolve(list));
    replace(window, 'AudioContext', MadeUpContext);
    add({ require: 'camera microphone network' });
    await seen('start-button');
    look();
    await press('start-button');
    await until(() => element.matches(':state(checking)'), 'it is looked at');
    look();
    await until(() => element.passed && part('device-choice'), 'all is well');
    await press('tone-button');
    await seen('heard-button');
    look();
    await press('stop-button');
    answer(() => refusal('NotFoundError'));
    await press('start-button');
    await until(() => element.matches(':state(failed)') && part('recheck-button'), 'nothing is');
    look();
    const namesOf = (items: { name: string }[]) => items.map(({ name }) => name).sort();
    expect([...seenParts].sort(), 'parts').to.deep.equal(namesOf(cssParts));
    expect([...seenStates].sort(), 'states').to.deep.equal(namesOf(cssStates));
  });

  it('lets nobody go on before what is required passes, and says so', async () => {
    answer(() => refusal('NotFoundError'));
    const events = heard('preflight-passed');
    await open();
    expect((await seen('continue-button')).getAttribute('aria-disabled')).to.equal('true');
    await press('continue-button');
    await until(() => /does not work yet/.test(textOf('announcement')), 'it is said');
    expect(events).to.have.length(0);
  });

  it('keeps the focus where the pressed button has gone', async () => {
    answer(grant);
    add();
    const button = await seen('start-button');
    button.focus();
    button.click();
    await seen('stop-button');
    await until(() => element.shadowRoot!.activeElement === part('preflight-title'), 'the heading has it');
  });

  it('speaks the language around it, in its direction, and in words of the page', async () => {
    answer(grant);
    document.documentElement.lang = 'ar';
    add();
    await until(() => textOf('start-button') === 'افحص الآن', 'Arabic');
    expect(part('session')!.dir).to.equal('rtl');
    document.documentElement.lang = 'de';
    await until(() => textOf('start-button') === 'Jetzt prüfen', 'German');
    element.strings = { start: 'Los' };
    await until(() => textOf('start-button') === 'Los', 'words of the page');
  });

  it('has every word in every language', async () => {
    const keys = (of: object): string[] =>
      Object.entries(of).flatMap(([name, value]: [string, unknown]) => {
        if (typeof value === 'object') return keys(value as object).map((key) => `${name}.${key}`);
        expect(value, name).to.be.a('string').and.not.equal('');
        return name;
      });
    const english = keys((await loadPreflightWords('en')).words);
    for (const code of ['de', 'fr', 'es', 'pt', 'cy', 'ja', 'ar']) {
      const { code: loaded, words } = await loadPreflightWords(code);
      expect(loaded).to.equal(code);
      expect(keys(words)).to.deep.equal(english);
    }
  });

  it('axe finds nothing, before, while it asks, when all is well and when nothing is', async () => {
    answer(grant);
    add();
    await seen('start-button');
    expect(await axeFaults(element)).to.deep.equal([]);
    await press('start-button');
    await until(() => element.passed, 'all is well');
    expect(await axeFaults(element)).to.deep.equal([]);
    await press('stop-button');
    answer(() => refusal('NotFoundError'));
    await press('start-button');
    await until(() => element.matches(':state(failed)'), 'nothing is');
    expect(await axeFaults(element)).to.deep.equal([]);
  });
});

/** Sound that is over at once, where nobody has a way out for it; what comes in is loud. */
class MadeUpContext {
  state = 'running';
  currentTime = 0;
  destination = {};
  resume = () => Promise.resolve();
  close = () => Promise.resolve();
  createGain = () => ({
    gain: { setValueAtTime() {}, linearRampToValueAtTime() {} },
    connect: () => this.destination,
  });
  createAnalyser = () => ({
    fftSize: 0,
    getFloatTimeDomainData: (samples: Float32Array) => void samples.fill(0.5),
  });
  createMediaStreamSource = () => ({ connect() {} });
  createOscillator = () =>
    Object.assign(new EventTarget(), {
      frequency: { value: 0 },
      connect: (next: unknown) => next,
      start() {},
      stop(this: EventTarget) {
        setTimeout(() => this.dispatchEvent(new Event('ended')), 10);
      },
    });
}
