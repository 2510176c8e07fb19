import { expect } from '@open-wc/testing';
import { brokenLine, type FakeWorld, problem, type SentRequest, settled } from './fake-world.js';
import { checkAndCleanUp, setUpRunning } from './set-up.js';

afterEach(checkAndCleanUp);

/** A stream of live events in the service's hand. */
class Stream {
  #controller!: ReadableStreamDefaultController<Uint8Array>;
  readonly #response = new Response(
    new ReadableStream<Uint8Array>({ start: (controller) => void (this.#controller = controller) }),
    { headers: { 'Content-Type': 'text/event-stream' } },
  );

  /** As `fetch` answers: a stream that is given up breaks off. */
  readonly answer = ({ init }: SentRequest): Response => {
    init.signal!.addEventListener('abort', () => this.#controller.error(init.signal!.reason));
    return this.#response;
  };

  async say(text: string): Promise<void> {
    this.#controller.enqueue(new TextEncoder().encode(text));
    await settled();
  }

  async end(): Promise<void> {
    this.#controller.close();
    await settled();
  }

  async fail(): Promise<void> {
    this.#controller.error(new TypeError('network error'));
    await settled();
  }
}

const offersEvents = ({ backend }: FakeWorld) => (backend.capabilities = ['idempotency', 'events']);
const setUpStream = async () => {
  const stream = new Stream();
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
    const next = new Stream();
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
    const next = new Stream();
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
    world.answer('/events', new Stream().answer);
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
    world.answer('/events', problem('REQUEST_INVALID', 400), new Stream().answer);
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
    world.answer('/events', new Stream().answer);
    await world.pass(10);
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
