import { expect, waitUntil } from '@open-wc/testing';
import { Room, type RoomState } from '../../src/controller/room/index.js';
import { CallStatistics, qualityOf } from '../../src/controller/room/quality.js';
import { signalEvent } from '../../src/protocol/room.js';
import { SessionError } from '../../src/protocol/errors.js';
import type { Participant } from '../../src/protocol/events.js';
import { RoomService, type MemoryLine } from './room-line.js';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const until = (what: () => unknown, message: string) =>
  waitUntil(() => Boolean(what()), message, { timeout: 40_000, interval: 20 });

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

/** Every track that a page was given, and every connection that it made. */
const tracks: MediaStreamTrack[] = [];
const connections: RTCPeerConnection[] = [];
const live = () => tracks.filter(({ readyState }) => readyState === 'live').length;

function watchBrowser(): void {
  const { mediaDevices } = navigator;
  for (const name of ['getUserMedia', 'getDisplayMedia'] as const) {
    const ask = mediaDevices[name].bind(mediaDevices);
    replace(mediaDevices, name, async (constraints: MediaStreamConstraints) => {
      // A screen that nobody has to choose.
      const stream = name === 'getUserMedia' ? await ask(constraints) : madeUpScreen();
      tracks.push(...stream.getTracks());
      return stream;
    });
  }
  const Browsers = RTCPeerConnection;
  replace(
    window,
    'RTCPeerConnection',
    class extends Browsers {
      constructor(configuration?: RTCConfiguration) {
        super(configuration);
        connections.push(this);
      }
    },
  );
}

/** Tells the end of a screen: in Firefox the track of a canvas hears nothing that is made up. */
let screenEnds = new EventTarget();

function madeUpScreen(): MediaStream {
  screenEnds = new EventTarget();
  const canvas = Object.assign(document.createElement('canvas'), { width: 1280, height: 720 });
  const context = canvas.getContext('2d')!;
  let frame = 0;
  const timer = setInterval(() => context.fillRect(0, 0, frame++ % 1280, 720), 30);
  undo.push(() => clearInterval(timer));
  const stream = canvas.captureStream(30);
  const [track] = stream.getTracks();
  track!.addEventListener = screenEnds.addEventListener.bind(screenEnds);
  return stream;
}

/** Firefox counts no frames of made-up devices. */
const countsFrames = !/Firefox/.test(navigator.userAgent);

/** Waits until the picture of the other side comes, and moves. @returns how wide it is. */
async function watch(room: Room): Promise<number> {
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = room.remoteStream!;
  await video.play();
  await until(() => video.videoWidth, 'a picture comes');
  const begunAt = video.currentTime;
  await until(() => video.currentTime > begunAt + 0.3, 'it moves');
  if (countsFrames)
    await until(() => video.getVideoPlaybackQuality().totalVideoFrames > 3, 'frame after frame');
  const { videoWidth } = video;
  video.srcObject = null;
  return videoWidth;
}

/** WebKitGTK is built without calls. */
const describeCalls = typeof RTCPeerConnection === 'function' ? describe : () => {};

describeCalls('a room', () => {
  let service: RoomService;
  let rooms: Room[];

  beforeEach(() => {
    service = new RoomService();
    rooms = [];
    tracks.length = connections.length = 0;
    watchBrowser();
  });
  afterEach(() => {
    for (const room of rooms) room.close();
    while (undo.length) undo.pop()!();
  });

  function open(participant: Participant): { room: Room; line: MemoryLine; states: RoomState[] } {
    const line = service.line(participant);
    const room = new Room(line);
    const states: RoomState[] = [];
    room.subscribe(() => states.at(-1) !== room.snapshot.state && states.push(room.snapshot.state));
    rooms.push(room);
    room.open();
    return { room, line, states };
  }
  const are = (state: RoomState, ...some: { room: Room }[]) =>
    until(() => some.every(({ room }) => room.snapshot.state === state), state);

  async function connect() {
    const customer = open('customer');
    const helper = open('provider');
    await are('idle', customer, helper);
    await Promise.all([customer.room.join(), helper.room.join()]);
    await are('connected', customer, helper);
    return { customer, helper };
  }

  it('connects both sides with sound and picture, and lets go of everything when one leaves', async () => {
    const { customer, helper } = await connect();
    expect(customer.states).to.deep.equal([
      ...['closed', 'idle', 'joining', 'checking', 'waiting', 'connecting', 'connected'],
    ]);
    for (const { room } of [customer, helper]) {
      expect(
        room
          .remoteStream!.getTracks()
          .map(({ kind }) => kind)
          .sort(),
      ).to.deep.equal(['audio', 'video']);
      await watch(room);
      await until(
        () => room.snapshot.other?.camera && room.snapshot.other.microphone,
        'the other says what it sends',
      );
    }
    expect(live()).to.equal(4);

    customer.room.leave();
    expect(customer.room.snapshot.state).to.equal('idle');
    await are('left', helper);
    expect(live()).to.equal(2);
    expect(helper.room.remoteStream!.getTracks()).to.have.length(0);
    helper.room.leave();
    expect(live()).to.equal(0);
    expect(connections.every(({ connectionState }) => connectionState === 'closed')).to.equal(true);
    // A sender lets go of its track in a moment of its own.
    await until(
      () => connections.flatMap((one) => one.getSenders()).every(({ track }) => !track),
      'nothing is sent any more',
    );
  });

  it('both look for another way at once: the polite one gives way, and the picture goes on', async () => {
    const { customer, helper } = await connect();
    const video = Object.assign(document.createElement('video'), {
      muted: true,
      srcObject: customer.room.remoteStream!,
    });
    await video.play();
    const before = service.signals.length;
    const failures: unknown[] = [];
    const hear = ({ reason }: PromiseRejectionEvent) => failures.push(reason);
    window.addEventListener('unhandledrejection', hear);
    for (const one of connections) one.restartIce();
    const offers = () =>
      service.signals
        .slice(before)
        .map(({ from, data }) => `${from} ${(data?.description as { type?: string } | undefined)?.type}`);
    await until(() => offers().includes('customer answer'), 'it is described anew');
    expect(
      service.signals.slice(before).some(({ from, type }) => from === 'customer' && type === 'join'),
      'the polite one asks',
    ).to.equal(true);
    expect(offers()).to.not.include('customer offer');
    await until(() => connections.every(({ signalingState }) => signalingState === 'stable'), 'stable');
    await are('connected', customer, helper);
    const { totalVideoFrames } = video.getVideoPlaybackQuality();
    const { currentTime } = video;
    await until(() => video.currentTime > currentTime + 1, 'it goes on');
    if (totalVideoFrames)
      expect(video.getVideoPlaybackQuality().totalVideoFrames).to.be.greaterThan(totalVideoFrames);
    await watch(customer.room);
    expect(connections.length).to.equal(2);
    expect(failures).to.deep.equal([]);
    window.removeEventListener('unhandledrejection', hear);
  });

  it('shows a screen in place of the camera, and the camera again when the browser ends it', async () => {
    const { customer, helper } = await connect();
    const width = await watch(helper.room);
    await customer.room.shareScreen(true);
    await until(() => helper.room.snapshot.other?.screen, 'it is told');
    await until(async () => (await watch(helper.room)) !== width, 'it is seen');
    expect(service.signals.filter(({ type }) => type === 'description')).to.have.length(2);
    customer.room.trackOf('screen')!.stop();
    screenEnds.dispatchEvent(new Event('ended'));
    await until(() => helper.room.snapshot.other?.screen === false, 'it is over');
    expect(customer.room.snapshot.media.screen).to.equal('off');
    await until(async () => (await watch(helper.room)) === width, 'the camera is back');
  });

  it('a camera that ends as soon as it has come is not asked for again and again', async () => {
    const { customer } = await connect();
    await customer.room.setCamera(false);
    let times = 0;
    replace(navigator.mediaDevices, 'getUserMedia', async () => {
      times += 1;
      const stream = madeUpScreen();
      const ends = screenEnds;
      tracks.push(...stream.getTracks());
      setTimeout(() => ends.dispatchEvent(new Event('ended')));
      return stream;
    });
    await customer.room.setCamera(true);
    await until(() => customer.room.snapshot.media.camera === 'in_use', 'it is told');
    expect(times).to.equal(4);
    await pause(300);
    expect(times).to.equal(4);
    expect(customer.room.trackOf('camera')).to.equal(undefined);
  });

  it('mutes without letting the microphone go; a camera that is off is let go', async () => {
    const { customer, helper } = await connect();
    await customer.room.setMicrophone(false);
    expect(customer.room.trackOf('microphone')!.enabled).to.equal(false);
    await customer.room.setCamera(false);
    expect(live()).to.equal(3);
    await until(
      () => helper.room.snapshot.other?.microphone === false && !helper.room.snapshot.other.camera,
      'it is told',
    );
    await Promise.all([customer.room.setMicrophone(true), customer.room.setCamera(true)]);
    await until(
      () => helper.room.snapshot.other?.camera && helper.room.snapshot.other.microphone,
      'both are back',
    );
    await watch(helper.room);
    expect(service.signals.filter(({ type }) => type === 'description')).to.have.length(2);
  });

  it('goes on where the page of the other side is loaded anew, without a word', async () => {
    const { customer, helper } = await connect();
    // It is gone: nothing is told, and its browser lets go.
    customer.line.isOnline = false;
    connections[0]!.close();
    customer.room.close();
    await are('left', helper);
    const next = open('customer');
    await are('idle', next);
    await next.room.join();
    await are('connected', next, helper);
    await watch(helper.room);
  });

  it('finds each other although what was signalled is lost, on either side', async () => {
    service.speed = 10;
    let lost = 0;
    service.loses = ({ type }) => (type === 'join' && lost++ < 2) || (type === 'description' && lost++ < 4);
    await connect();
    expect(lost).to.be.greaterThan(2);
  });

  it('says so where no way is found, lets go of everything, and can be tried again', async () => {
    service.speed = 20;
    service.loses = ({ type }) => type === 'candidate';
    const customer = open('customer');
    const helper = open('provider');
    await are('idle', customer, helper);
    await Promise.all([customer.room.join(), helper.room.join()]);
    const failed = () => [customer, helper].find(({ room }) => room.snapshot.state === 'failed');
    await until(failed, 'one of them gives up');
    const one = failed()!;
    const other = one === customer ? helper : customer;
    expect(one.room.snapshot.code).to.equal('CALL_NOT_CONNECTED');
    other.room.leave();
    expect(live()).to.equal(0);
    service.loses = () => false;
    service.speed = 1;
    await Promise.all([customer.room.join(), helper.room.join()]);
    await are('connected', customer, helper);
  });

  it('waits where the other side is lost, and is found again', async () => {
    service.speed = 10;
    const { customer, helper } = await connect();
    // The network is gone at both ends, for everything.
    const way = connections.find(({ connectionState }) => connectionState === 'connected')!;
    replace(way, 'connectionState', 'disconnected');
    way.dispatchEvent(new Event('connectionstatechange'));
    await until(() => [customer, helper].some(({ states }) => states.includes('reconnecting')), 'it is told');
    await until(() => [customer, helper].some(({ states }) => states.includes('left')), 'it is given up');
    await are('connected', customer, helper);
  });

  for (const [where, hide] of [
    ['in another tab', () => {}],
    // Nothing is heard of it but what the other side says.
    ['on another device', () => replace(window, 'BroadcastChannel', undefined)],
  ] as const)
    for (const side of ['customer', 'provider'] as const)
      it(`the newest page of the ${side} has the call, the older one, ${where}, says so`, async () => {
        hide();
        const { customer, helper } = await connect();
        const [older, other] = side === 'customer' ? [customer, helper] : [helper, customer];
        const newer = open(side);
        await are('idle', newer);
        await newer.room.join();
        await are('elsewhere', older);
        await are('connected', newer, other);
        await until(() => live() === 4, 'the older one has let go');
        // It can be brought back.
        await older.room.join();
        await are('elsewhere', newer);
        await are('connected', older, other);
      });

  it('the newest page keeps the call although the other side still had something to say to the older one', async () => {
    const { customer, helper } = await connect();
    const ways = [...connections];
    service.hear = ({ type, from, data }) => {
      if (type === 'join' && from === 'customer' && (data as { to?: string }).to !== undefined)
        for (const way of ways) way.dispatchEvent(new Event('negotiationneeded'));
    };
    const newer = open('provider');
    await are('idle', newer);
    await newer.room.join();
    await are('elsewhere', helper);
    await are('connected', newer, customer);
    expect(newer.states).not.to.include('elsewhere');
  });

  it('ends with the session, and joins no more', async () => {
    const { customer, helper } = await connect();
    service.end();
    await are('ended', customer, helper);
    expect(live()).to.equal(0);
    const error = await customer.room.join().catch((cause: unknown) => cause);
    expect(error).to.be.instanceOf(SessionError).with.property('code', 'CALL_REFUSED');
  });

  it('ends where the service says that it has, although nobody has told of it', async () => {
    service.speed = 30;
    service.room = { ends_at: Math.floor(Date.now() / 1000) - 3 };
    const { customer, helper } = await connect();
    service.refuse = ({ path }) =>
      path === '/room' ? new SessionError('SESSION_ENDED', { status: 410 }) : undefined;
    await are('ended', customer, helper);
    expect(live()).to.equal(0);
  });

  it('leaves with the page', async () => {
    const { customer, helper } = await connect();
    window.dispatchEvent(new PageTransitionEvent('pagehide'));
    await are('idle', customer, helper);
    expect(live()).to.equal(0);
    expect(service.signals.filter(({ type }) => type === 'leave')).to.have.length(2);
  });

  it('joins with what there is, or to see and hear alone', async () => {
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    const refuse = (constraints: MediaStreamConstraints) =>
      constraints.video ? Promise.reject(new DOMException('', 'NotFoundError')) : ask(constraints);
    replace(navigator.mediaDevices, 'getUserMedia', refuse);
    const customer = open('customer');
    const helper = open('provider');
    await are('idle', customer, helper);
    await customer.room.join();
    expect(customer.room.snapshot.media).to.deep.equal({
      microphone: 'on',
      camera: 'missing',
      screen: 'off',
    });
    await helper.room.join({ media: [] });
    await are('connected', customer, helper);
    await until(() => customer.room.snapshot.other?.microphone === false, 'nothing comes from there');
    expect(helper.room.snapshot.other).to.deep.equal({ microphone: true, camera: false, screen: false });
    expect(live()).to.equal(1);
  });

  it('waits for no answer of the person: the call begins without, and what is granted later is given back', async () => {
    const ask = navigator.mediaDevices.getUserMedia.bind(navigator.mediaDevices);
    let answer = () => {};
    const asked = new Promise<void>((resolve) => (answer = resolve));
    replace(navigator.mediaDevices, 'getUserMedia', (constraints: MediaStreamConstraints) =>
      asked.then(() => ask(constraints)),
    );
    const customer = open('customer');
    await are('idle', customer);
    void customer.room.join();
    await are('checking', customer);
    customer.room.skipQuestion();
    await are('waiting', customer);
    answer();
    await until(() => tracks.length > 0, 'it is granted');
    await until(() => live() === 0, 'it is given back');
    // Nor for one that never comes.
    service.speed = 100;
    const helper = open('provider');
    replace(navigator.mediaDevices, 'getUserMedia', () => new Promise(() => {}));
    await are('idle', helper);
    void helper.room.join();
    await are('connected', customer, helper);
    expect(helper.room.snapshot.media.camera).to.equal('dismissed');
  });

  it('goes elsewhere where the room is: the address is renewed, and is https or none', async () => {
    service.speed = 30;
    let count = 0;
    Object.defineProperty(service, 'room', {
      get: () => ({
        join_url: `https://rooms.example/one?token=${++count}`,
        expires_at: Math.floor(Date.now() / 1000) + 5,
      }),
      configurable: true,
    });
    const { room, states } = open('customer');
    await until(
      () => count > 1 && room.snapshot.joinUrl === `https://rooms.example/one?token=${count}`,
      'renewed',
    );
    expect(states).to.deep.equal(['closed', 'link']);
    await room.join();
    expect(room.snapshot.state).to.equal('link');
    expect(tracks).to.have.length(0);
    Object.defineProperty(service, 'room', {
      value: { join_url: 'javascript:alert(1)' },
      configurable: true,
    });
    const other = open('provider');
    await are('idle', other);
    const error = await other.room.join().catch((cause: unknown) => cause);
    expect(error).to.have.property('code', 'ANSWER_INVALID');
    expect(other.room.snapshot).to.include({ state: 'failed', code: 'ANSWER_INVALID' });
    expect(other.room.snapshot.joinUrl).to.equal(undefined);
  });

  it('says why the service refuses it', async () => {
    const customer = open('customer');
    await are('idle', customer);
    service.refuse = ({ path }) =>
      path === '/signals' ? new SessionError('CREDENTIAL_INSUFFICIENT', { status: 403 }) : undefined;
    await customer.room.join();
    await are('failed', customer);
    expect(customer.room.snapshot.code).to.equal('CREDENTIAL_INSUFFICIENT');
    expect(live()).to.equal(0);
  });

  it('what is no signal, or none that can be used, does no harm', async () => {
    const { customer, helper } = await connect();
    const { connection } = service.signals.find(({ type }) => type === 'description')!.data!;
    const bad: unknown[] = [
      ...[null, 7, 'join', {}, { type: 'join' }, { type: 'shout', sender_id: 'x' }],
      ...[
        {
          type: 'description',
          sender_id: 'x',
          data: { connection, description: { type: 'offer', sdp: 'none' } },
        },
      ],
      ...[{ type: 'description', sender_id: 'x', data: { connection, description: 'none' } }],
      ...[
        { type: 'candidate', sender_id: 'x', data: { connection, candidates: [null, {}, { candidate: 7 }] } },
      ],
      ...[
        { type: 'description', sender_id: 'x', data: [] },
        { type: 'leave', sender_id: 'x' },
      ],
    ];
    for (const data of bad as object[]) service.tell({ type: 'event', event: { name: signalEvent, data } });
    await pause(300);
    await are('connected', customer, helper);
    await watch(customer.room);
  });

  it('tells how good the call is', async () => {
    const { customer } = await connect();
    await until(() => customer.room.snapshot.quality === 'good', 'it is measured');
    const [one] = connections;
    for (const each of connections)
      replace(each, 'getStats', () =>
        Promise.resolve(
          new Map([
            [
              'pair',
              { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.7 },
            ],
          ]),
        ),
      );
    expect(one).to.not.equal(undefined);
    await until(() => customer.room.snapshot.quality === 'poor', 'it is told');
  });
});

describe('how good a call is', () => {
  it('follows from what was lost, and how long there and back took', () => {
    expect(qualityOf({ lossRatio: 0.01, roundTripMs: undefined })).to.equal('good');
    expect(qualityOf({ lossRatio: 0.05, roundTripMs: 20 })).to.equal('weak');
    expect(qualityOf({ lossRatio: 0, roundTripMs: 301 })).to.equal('weak');
    expect(qualityOf({ lossRatio: 0.2, roundTripMs: 20 })).to.equal('poor');
    expect(qualityOf({ lossRatio: 0, roundTripMs: 601 })).to.equal('poor');
  });

  it('is measured since the last look', () => {
    const statistics = new CallStatistics();
    const report = (packetsLost: number, packetsReceived: number, fractionLost = 0) => [
      { type: 'inbound-rtp', packetsLost, packetsReceived },
      { type: 'remote-inbound-rtp', fractionLost },
      { type: 'candidate-pair', nominated: true, state: 'succeeded', currentRoundTripTime: 0.05 },
      { type: 'candidate-pair', nominated: false, state: 'succeeded', currentRoundTripTime: 5 },
    ];
    expect(statistics.sample(report(10, 90))).to.deep.equal({ lossRatio: 0.1, roundTripMs: 50 });
    expect(statistics.sample(report(10, 190)).lossRatio).to.equal(0);
    // Those that came late.
    expect(statistics.sample(report(5, 290)).lossRatio).to.equal(0);
    expect(statistics.sample(report(5, 290, 0.3)).lossRatio).to.equal(0.3);
  });
});
