import { expect } from '@open-wc/testing';
import { AccessClient } from '../../src/controller/access/access-client.js';
import { Feed } from '../../src/controller/access/feed.js';
import { FakeStream } from './fake-stream.js';
import { brokenLine, endpoint, FakeWorld, json, problem, settled, type Answer } from './fake-world.js';

const path = '/helpers/maria/events';
const tokenUrl = 'https://app.example/access-token';

/** A feed of whole states, in a world whose service says what the test tells it to. */
class Listening {
  readonly world = new FakeWorld();
  readonly told: string[] = [];
  readonly states: string[] = [];
  given = 0;
  client!: AccessClient;
  feed!: Feed;

  constructor() {
    this.world.answer(
      tokenUrl,
      ...Array.from({ length: 20 }, () => () => json({ access_token: `t-${++this.given}`, expires_in: 600 })),
    );
  }

  async open(...answers: Answer[]): Promise<this> {
    this.world.answer(path, ...answers);
    this.client = new AccessClient({ apiEndpoint: endpoint, accessTokenUrl: tokenUrl }, this.world);
    this.feed = new Feed(
      this.client,
      {
        path,
        onEvent: (type, data) => this.told.push(`${type} ${JSON.stringify(data)}`),
        onState: (state, error) => this.states.push(error ? `${state} ${error.code}` : state),
      },
      this.world,
    );
    await settled();
    return this;
  }

  get asked() {
    return this.world.sent(path);
  }

  close(): void {
    this.feed.close();
    this.client.destroy();
  }
}

let listening: Listening;
beforeEach(() => (listening = new Listening()));
afterEach(async () => {
  listening.close();
  await settled();
  expect(listening.world.delays, 'no timer is left').to.eql([]);
  expect(listening.world.page.listenerCount, 'nobody listens').to.equal(0);
});

describe('a feed', () => {
  it('is heard with the access token, event by event, and told nobody once it is closed', async () => {
    const stream = new FakeStream();
    const { feed, told, states, asked } = await listening.open(stream.answer);
    const [request] = asked;
    expect([request!.headers.get('Authorization'), request!.headers.get('Accept')]).to.eql([
      'Bearer t-1',
      'text/event-stream',
    ]);
    await stream.say('event: desk.snapshot\ndata: {"unread_count":2}\n\nevent: odd\ndata: no json\n\n');
    expect(told).to.eql(['desk.snapshot {"unread_count":2}', 'odd undefined']);
    expect(states).to.eql(['live']);
    feed.close();
    await settled();
    expect(request!.init.signal!.aborted).to.equal(true);
    expect(states).to.eql(['live']);
  });

  it('comes back after a break, behind its last event, in a while that grows, and at once with the network', async () => {
    const [first, second] = [new FakeStream(), new FakeStream()];
    const { world, states } = await listening.open(first.answer, brokenLine(), brokenLine(), second.answer);
    await first.say('id: 7\nevent: one\ndata: 1\n\n');
    await first.fail();
    expect(states).to.eql(['live', 'lost']);
    await world.pass(1);
    expect(listening.asked).to.have.length(2);
    await world.pass(1.9);
    expect(listening.asked, 'twice as long').to.have.length(2);
    await world.pass(0.2);
    expect(listening.asked).to.have.length(3);
    await world.page.tell('online');
    expect(listening.asked.map(({ headers }) => headers.get('Last-Event-ID'))).to.eql([null, '7', '7', '7']);
    expect(states.at(-1)).to.equal('live');
  });

  it('that says nothing for 40 s is broken; one that the page is put away with goes, and is back with it', async () => {
    const streams = [new FakeStream(), new FakeStream(), new FakeStream()];
    const { world, states } = await listening.open(...streams.map(({ answer }) => answer));
    await world.pass(39);
    expect(states).to.eql(['live']);
    await world.pass(4);
    expect(states).to.eql(['live', 'lost', 'live']);
    await world.page.tell('suspended');
    await world.pass(120);
    expect(states.at(-1)).to.equal('lost');
    await world.page.tell('resumed');
    expect(states.at(-1)).to.equal('live');
    expect(listening.asked).to.have.length(3);
  });

  it('goes on with another token where that one is over, and says why where none is to be had', async () => {
    const stream = new FakeStream();
    const { world, states } = await listening.open(
      problem('ACCESS_TOKEN_REVOKED', 401),
      stream.answer,
      problem('ACCESS_TOKEN_EXPIRED', 401),
    );
    expect(states).to.eql(['live']);
    expect(listening.asked.map(({ headers }) => headers.get('Authorization'))).to.eql([
      'Bearer t-1',
      'Bearer t-2',
    ]);
    world.answerAsUsual(tokenUrl);
    world.answer(tokenUrl, problem('SIGNED_OUT', 403));
    await stream.end();
    await world.pass(2);
    expect(states.at(-1)).to.equal('lost ACCESS_TOKEN_REFUSED');
    world.answer(tokenUrl, () => json({ access_token: 't-new', expires_in: 600 }));
    const again = new FakeStream();
    world.answer(path, again.answer);
    listening.feed.retry();
    await settled();
    expect(states.at(-1)).to.equal('live');
  });

  it('that is refused is not asked for until somebody asks again; an id that counts no more is left out', async () => {
    const [first, second] = [new FakeStream(), new FakeStream()];
    const { world, states } = await listening.open(
      problem('HELPER_NOT_FOUND', 404),
      first.answer,
      problem('EVENT_ID_INVALID', 400),
      second.answer,
    );
    expect(states).to.eql(['refused HELPER_NOT_FOUND']);
    await world.pass(600);
    await world.page.tell('shown');
    expect(listening.asked).to.have.length(1);
    listening.feed.retry();
    await settled();
    await first.say('id: 9\n\n');
    await first.end();
    await world.pass(4);
    expect(states.slice(1)).to.eql(['live', 'lost', 'lost', 'live']);
    expect(listening.asked.map(({ headers }) => headers.get('Last-Event-ID'))).to.eql([
      null,
      null,
      '9',
      null,
    ]);
  });

  it('whose end was told is over, and a listener that throws ends nothing', async () => {
    const stream = new FakeStream();
    const { world, states, told } = await listening.open(stream.answer, new Response(null, { status: 204 }));
    await stream.say('id: 3\nevent: end\ndata: {}\n\n');
    await stream.end();
    await world.pass(2);
    expect(states).to.eql(['live', 'lost', 'over']);
    expect(told).to.eql(['end {}']);
    expect(listening.feed.state).to.equal('over');
  });
});
