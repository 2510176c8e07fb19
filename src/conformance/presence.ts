import type { JsonObject } from './backend.js';
import { EventReader, type Frame } from './event-reader.js';
import { expect, expectWhole, shown } from './expect.js';
import { NotOffered, type Probe, type Row } from './row.js';
import type { SoldSession } from './sold-session.js';

/** So long a side without a stream may be thought to be there, ms. */
const lostWithinMs = 60_000;

/** Whether the other side of a session is there: the customer's page, the provider's server. */
export const presence: readonly Row[] = [
  {
    name: 'presence-joined',
    asks: 'each side finds the other in its snapshot, or hears that it has joined, and nothing of itself (where capabilities names presence)',
    async check(probe) {
      const { sold, listen, leave } = await bothSides(probe);
      try {
        const provider = await listen('provider');
        expectOthers(await snapshotOf(provider), []);
        const customer = await listen('customer');
        await expectNews(provider, 'joined', 'customer');
        const others = othersOf(await snapshotOf(customer));
        // A snapshot may be newer than its id: then it is followed by what it knows already.
        if (others.length === 0) await expectNews(customer, 'joined', 'provider');
        const secondTab = await listen('customer');
        expectOthers(await snapshotOf(secondTab), [['provider', 'present']]);
        // Whatever a side heard of itself would stand before this.
        await sold.extend();
        for (const reader of [provider, secondTab]) await expectEvent(reader, 'session.extended');
      } finally {
        leave();
      }
    },
  },
  {
    name: 'presence-lost-and-back',
    asks: 'a side that leaves is lost within a minute, and back when it comes; a page that is loaded again is neither; Last-Event-ID replays it (where capabilities names presence)',
    async check(probe) {
      const { sold, listen, leave } = await bothSides(probe);
      try {
        const provider = await listen('provider');
        await snapshotOf(provider);
        const page = await listen('customer');
        const joined = await expectNews(provider, 'joined', 'customer');
        page.leave();
        const loadedAgain = await listen('customer');
        await sold.extend();
        const extended = await expectEvent(provider, 'session.extended');
        loadedAgain.leave();
        await expectNews(provider, 'lost', 'customer', lostWithinMs);
        const absent = await listen('provider');
        expectOthers(await snapshotOf(absent), [['customer', 'lost']]);
        await listen('customer');
        await expectNews(provider, 'back', 'customer');
        const replayed = await listen('provider', joined.id);
        expect((await replayed.next()).id === extended.id, 'what follows the Last-Event-ID is to come first');
        await expectNews(replayed, 'lost', 'customer');
        await expectNews(replayed, 'back', 'customer');
      } finally {
        leave();
      }
    },
  },
];

type Side = 'customer' | 'provider';

/** A session that both sides can listen to. @throws {NotOffered} */
async function bothSides({ sell, secretKey }: Probe) {
  const sold: SoldSession = await sell();
  const { capabilities } = await sold.validate();
  const isOffered = Array.isArray(capabilities) && capabilities.includes('presence');
  if (!isOffered) throw new NotOffered('capabilities does not name presence');
  if (secretKey === undefined) throw new NotOffered('it takes MARKETPLACE_SECRET_KEY to be the other side');
  const readers: EventReader[] = [];
  return {
    sold,
    async listen(side: Side, lastId?: string) {
      const as = side === 'provider' ? secretKey : sold.token;
      const after = lastId === undefined ? {} : { lastId };
      const reader = await EventReader.open(sold, { as, withPresence: true, ...after });
      readers.push(reader);
      return reader;
    },
    leave: () => readers.forEach((reader) => reader.leave()),
  };
}

async function expectEvent(reader: EventReader, type: string, waitMs?: number): Promise<Frame> {
  const frame = await reader.next(waitMs);
  expect(frame.event === type, `${type} is to come, and ${frame.event} ${shown(frame.data)} comes`);
  return frame;
}

async function expectNews(reader: EventReader, what: string, side: Side, waitMs?: number): Promise<Frame> {
  const frame = await expectEvent(reader, `participant.${what}`, waitMs);
  const { participant } = frame.data;
  expect(participant === side, `${frame.event} is to be of the ${side}, and is of ${shown(participant)}`);
  expectPerson(frame.data, frame.event);
  return frame;
}

/** A backend that knows sides only leaves both out. */
function expectPerson({ participant, role, participant_id: id }: JsonObject, where: string): void {
  if (role === undefined && id === undefined) return;
  const roles: readonly unknown[] | undefined = rolesOf[participant as Side];
  expect(
    roles?.includes(role) === true,
    `role of ${where} is ${shown(role)}, and participant ${shown(participant)}`,
  );
  expect(typeof id === 'string' && id !== '', `participant_id of ${where} is ${shown(id)}, and no id`);
}
const rolesOf = { customer: ['customer'], provider: ['provider', 'helper'] } as const;

const snapshotOf = (reader: EventReader) => expectEvent(reader, 'session.snapshot');

/** Who is in a snapshot beside the reader, and whether they are there. */
function othersOf({ data }: Frame): [participant: unknown, state: unknown][] {
  expect(Array.isArray(data.presence), `presence of a snapshot is ${shown(data.presence)}, and no list`);
  return (data.presence as JsonObject[]).map((other) => {
    const { participant, state, since } = other;
    expectWhole(since, 'since of a presence', 1);
    expectPerson(other, 'a presence');
    return [participant, state];
  });
}

function expectOthers(snapshot: Frame, wanted: [Side, 'present' | 'lost'][]): void {
  const others = othersOf(snapshot);
  const isRight = shown(others) === shown(wanted);
  expect(isRight, `presence of the snapshot is to be ${shown(wanted)}, and is ${shown(others)}`);
}
