import { expect } from '@open-wc/testing';
import { FakeStream } from './fake-stream.js';
import { brokenLine, type FakeWorld, htmlPage, problem, settled } from './fake-world.js';
import { checkAndCleanUp, setUpRunning } from './set-up.js';

afterEach(checkAndCleanUp);

const offersEvents = ({ backend }: FakeWorld) => (backend.capabilities = ['idempotency', 'events']);
const setUpStream = async () => {
  const stream = new FakeStream();
  const setup = await setUpRunning({}, (world) => {
    offersEvents(world);
    world.answer('/events', stream.answer);
  });
  await settled();
  return { ...setup, stream };
};

const event = (world: FakeWorld, id: number) =>
  `id: ${id}\nevent: session.extended\ndata: ${JSON.stringify({ type: 'session.extended', ...world.backend.state() })}\n\n`;
const lastEventId = (world: FakeWorld) => world.sent('/events').at(-1)!.headers.get('Last-Event-ID');

describe('live events', () => {
  it('are asked for where the backend offers them, and nowhere else', async () => {
    const { world } = await setUpStream();
    const [request] = world.sent('/events');
    expect(request!.method).to.equal('GET');
    expect(request!.headers.get('Accept')).to.equal('text/event-stream');
    const plain = await setUpRunning();
    await plain.world.pass(60);
    expect(plain.world.sent('/events')).to.have.length(0);
  });

  it('change the page as they come, also in pieces', async () => {
    const { world, controller, told, stream } = await setUpStream();
    world.backend.extend(900);
    const text = event(world, 7);
    await stream.say(text.slice(0, 40));
    expect(told('extend')).to.have.length(0);
    await stream.say(text.slice(40));
    expect(told('extend')).to.deep.equal([{ additionalSeconds: 900, tokens: 15, remainingSeconds: 4500 }]);
    expect(controller.session!.duration_limit_seconds).to.equal(4500);
    await stream.say(': still here\n\n');
    expect(told('extend')).to.have.length(1);
  });

  it('go on behind the last one after a break, spread over seconds', async () => {
    const { world, told, stream } = await setUpStream();
    await stream.say(event(world, 7));
    const next = new FakeStream();
    world.answer('/events', next.answer);
    await stream.fail();
    expect(world.sent('/events')).to.have.length(1);
    await world.pass(9);
    expect(lastEventId(world)).to.equal('7');
    world.backend.extend(900);
    await next.say(event(world, 8));
    await next.say(event(world, 8));
    expect(told('extend')).to.have.length(1);
  });

  it('that were missed come after a break in their order', async () => {
    const { world, events, stream } = await setUpStream();
    await stream.say(event(world, 7));
    const next = new FakeStream();
    world.answer('/events', next.answer);
    await stream.fail();
    const before = events.length;
    const missed: string[] = [];
    world.backend.extend(900);
    missed.push(event(world, 8));
    world.serverNow += 1000;
    const { session, ...rest } = world.backend.state();
    const paused = { ...session, status: 'paused', expires_at: null };
    missed.push(`id: 9\ndata: ${JSON.stringify({ ...rest, session: paused })}\n\n`);
    world.serverNow += 1000;
    missed.push(event(world, 10));
    await world.pass(9);
    await next.say(missed.join(''));
    const told = events.slice(before).map(({ type }) => type);
    expect(told.filter((type) => /^(extend|pause|resume)$/.test(type))).to.deep.equal([
      'extend',
      'pause',
      'resume',
    ]);
  });

  it('of another session, an older one, and what is no event change nothing', async () => {
    const { world, controller, told, stream } = await setUpStream();
    const { session, server_time } = world.backend.state();
    const say = (data: object) => stream.say(`id: 1\ndata: ${JSON.stringify(data)}\n\n`);
    await say({ session: { ...session, id: 'another', duration_limit_seconds: 1 }, server_time });
    await say({ session: { ...session, duration_limit_seconds: 1 }, server_time: server_time - 1000 });
    await say({});
    await stream.say('event: nothing\n\n');
    expect(controller.session!.duration_limit_seconds).to.equal(3600);
    expect(told('extend')).to.have.length(0);
  });

  it('that tell whether the other side is there change nothing, and are gone on from', async () => {
    const { world, controller, stream } = await setUpStream();
    const before = controller.snapshot;
    const data = { type: 'participant.joined', participant: 'provider', ...world.backend.state() };
    await stream.say(`id: 9\nevent: participant.joined\ndata: ${JSON.stringify(data)}\n\n`);
    expect(controller.snapshot).to.equal(before);
    world.answer('/events', new FakeStream().answer);
    await stream.fail();
    await world.pass(9);
    expect(lastEventId(world)).to.equal('9');
  });

  it('are not asked for again where the service does not offer them, or has told all', async () => {
    for (const answer of [problem('ROUTE_NOT_FOUND', 404), new Response(null, { status: 204 })]) {
      const { world } = await setUpRunning({}, (prepared) => {
        offersEvents(prepared);
        prepared.answer('/events', answer);
      });
      await world.pass(200);
      expect(world.sent('/events')).to.have.length(1);
    }
  });

  it('begin anew where the service knows nothing of the last one', async () => {
    const { world, stream } = await setUpStream();
    await stream.say(event(world, 7));
    world.answer('/events', problem('REQUEST_INVALID', 400), new FakeStream().answer);
    await stream.end();
    await world.pass(8);
    expect(lastEventId(world)).to.equal('7');
    await world.pass(16);
    expect(lastEventId(world)).to.equal(null);
  });

  it('that fail are asked for ever more rarely, and at once when the network is back', async () => {
    const { world } = await setUpRunning({}, (prepared) => {
      offersEvents(prepared);
      prepared.answer('/events', ...Array.from({ length: 50 }, brokenLine));
    });
    await world.pass(300);
    const failed = world.sent('/events').length;
    expect(failed).to.be.within(5, 14);
    await world.page.tell('offline');
    await world.pass(120);
    expect(world.sent('/events')).to.have.length(failed);
    await world.page.tell('online');
    await settled();
    expect(world.sent('/events')).to.have.length(failed + 1);
  });

  it('that say nothing for 40 s are asked for anew: the service says something every 15', async () => {
    const { world, stream } = await setUpStream();
    await world.pass(30);
    await stream.say(': still here\n\n');
    await world.pass(39);
    expect(world.sent('/events')).to.have.length(1);
    world.answer('/events', new FakeStream().answer);
    await world.pass(10);
    expect(world.sent('/events')).to.have.length(2);
  });

  const passedOver: Record<string, string> = {
    'data that is no JSON': 'event: ping\ndata: still here\n\n',
    'data that is null': 'data: null\n\n',
    'an event of a type that nobody knows': 'event: session.praised\nid: 8\ndata: {"stars":5}\n\n',
    'a session that makes no sense':
      'data: {"session":{"id":"session-1","status":"bent"},"server_time":9e15}\n\n',
    'no data, and no id that counts': 'id: 1\0\nevent: nothing\n\n',
  };
  for (const [name, text] of Object.entries(passedOver))
    it(`behind ${name} are not lost, in one piece with it and in the next`, async () => {
      const { world, told, stream } = await setUpStream();
      world.backend.extend(900);
      await stream.say(text + event(world, 9));
      expect(told('extend')).to.have.length(1);
      await stream.say(text);
      world.backend.extend(1800);
      await stream.say(event(world, 10));
      expect(told('extend')).to.have.length(2);
      expect(world.sent('/events')).to.have.length(1);
    });

  it('come with a separator in their data that JSON leaves as it is, and with any line ends, cut anywhere', async () => {
    const { world, controller, stream } = await setUpStream();
    const data = JSON.stringify({ ...world.backend.state(), note: 'a\u2028b\u2029c' });
    world.backend.extend(900);
    const { session, server_time } = world.backend.state();
    const rest = [`{"session":${JSON.stringify(session)},`, `"server_time":${server_time}}`];
    const text = `\uFEFF: hello\r\rid: 5\r\ndata: ${data}\r\n\r\nid: 6\rdata: ${rest.join('\rdata: ')}\r\r`;
    for (const byte of new TextEncoder().encode(text)) stream.sayByte(byte);
    await stream.say('\n');
    expect(controller.session!.duration_limit_seconds).to.equal(4500);
    world.answer('/events', new FakeStream().answer);
    await stream.fail();
    await world.pass(9);
    expect(lastEventId(world)).to.equal('6');
  });

  it('that break off after good service are asked for as soon as after the first break, however often', async () => {
    const { world, stream } = await setUpStream();
    let last = stream;
    for (let streams = 2; streams < 8; streams++) {
      await last.say(': still here\n\n');
      await world.pass(20);
      const next = new FakeStream();
      world.answer('/events', next.answer);
      await last.fail();
      await world.pass(8);
      expect(world.sent('/events')).to.have.length(streams);
      last = next;
    }
  });

  it('that never told anything are asked for ever more rarely, also where the line broke later', async () => {
    const { world, stream } = await setUpStream();
    world.answer('/events', ...Array.from({ length: 50 }, () => htmlPage()));
    await stream.fail();
    await world.pass(300);
    expect(world.sent('/events').length).to.be.within(5, 14);
  });

  it('are asked for no sooner than the service wants its readers back', async () => {
    const { world, stream } = await setUpStream();
    await stream.say('retry: 30000\n\n');
    world.answer('/events', new FakeStream().answer);
    await stream.end();
    await world.pass(30);
    expect(world.sent('/events')).to.have.length(1);
    await world.pass(8);
    expect(world.sent('/events')).to.have.length(2);
  });

  it('end with the session', async () => {
    const { world, controller } = await setUpStream();
    await controller.end();
    await world.pass(100);
    expect(world.sent('/events')).to.have.length(1);
    expect(world.sent('/events')[0]!.init.signal!.aborted).to.equal(true);
  });
});
