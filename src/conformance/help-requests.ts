import type { Answer, Backend, Call, JsonObject } from './backend.js';
import { EventReader, type Frame } from './event-reader.js';
import { expect, expectWhole, shown, Violation } from './expect.js';
import { NotOffered, type Probe, type Row } from './row.js';

/** Helpers who are asked for help: offered to all of them, taken by one. Optional: where there is no `POST /help-categories` they are skipped. */
export const helpRequests: readonly Row[] = [
  {
    name: 'help-offered',
    asks: 'a desk begins with what it shows, and hears within seconds of each request that is offered, as it stands, without an id and what was written, which is read (with a secret key)',
    check: (probe) =>
      withHelpers(probe, async (scene) => {
        const { id, status, offers } = await scene.ask();
        expect(status === 'open', `a request that costs nothing is to be open, and is ${shown(status)}`);
        for (const [number, offer] of offers.entries()) {
          expectWhole(offer.version, 'version of a request', 1);
          expect(!JSON.stringify(offer).includes(asked), 'what was written is to be in no frame');
          const { description } = await scene.helpers[number]!.read(id);
          expect(
            description === asked,
            `who is asked is to read what was written as it is, and reads ${shown(description)}`,
          );
        }
      }),
  },
  {
    name: 'help-claimed-once',
    asks: 'of two who claim at the same time one has it, also when that one claims again; the other reads 409 REQUEST_TAKEN, nothing of who was faster, and loses the offer (with a secret key)',
    check: (probe) =>
      withHelpers(probe, async ({ helpers, ask, read }) => {
        const { id } = await ask();
        const answers = await Promise.all(helpers.map((helper) => helper.answer(id, 'claim')));
        const number = answers.findIndex(({ status }) => status < 300);
        const [won, lost] = [answers[number]!, answers[1 - number]!];
        expect(number >= 0, `one of two is to have it, and neither has: ${shown(answers[0]!.body)}`);
        expectRefusal(lost, 'REQUEST_TAKEN', 'the claim of the slower one');
        const [winner, loser] = [helpers[number]!, helpers[1 - number]!];
        expect(!lost.text.includes(winner.id), 'the slower one is not to be told who was faster');
        const { status, helper_id, session_id } = won.body;
        expect(
          status === 'claimed' && helper_id === winner.id && typeof session_id === 'string',
          `it is to be claimed by ${shown(winner.id)} with a session, and is ${shown(won.body)}`,
        );
        const again = await winner.answer(id, 'claim');
        expect(
          again.status < 300 && again.body.session_id === session_id,
          `a second claim of the same helper is to answer the same, and answers ${again.status} ${shown(again.body)}`,
        );
        await loser.hears(id, 'withdrawn');
        expect((await read(id)).helper_id === winner.id, 'what one helper has is not to become another’s');
      }),
  },
  {
    name: 'help-cancelled',
    asks: 'a request is cancelled until its talk begins, once, however often; nobody takes it any more: 409 REQUEST_CANCELLED (with a secret key)',
    check: (probe) =>
      withHelpers(probe, async ({ helpers: [first, second], ask, cancel }) => {
        for (const isClaimed of [false, true]) {
          const { id } = await ask();
          if (isClaimed) expectTaken(await first.answer(id, 'claim'));
          const [one, again] = [await cancel(id), await cancel(id)];
          expect(one.status === 'cancelled', `status is to be cancelled, and is ${shown(one.status)}`);
          expect(one.version === again.version, 'to cancel it again is to change nothing');
          expectRefusal(await second.answer(id, 'claim'), 'REQUEST_CANCELLED', 'the claim of it');
        }
      }),
  },
  {
    name: 'help-wrong-state',
    asks: 'what does not fit the state of a request is refused with 409 and its code, and changes nothing; one that is given back is open for the others (with a secret key)',
    check: (probe) =>
      withHelpers(probe, async ({ helpers: [first, second], ask, read }) => {
        const { id } = await ask();
        expectTaken(await first.answer(id, 'decline'));
        expectRefusal(await first.answer(id, 'claim'), 'NOT_OFFERED', 'the claim of who has declined');
        expectRefusal(await second.answer(id, 'start'), 'NOT_OFFERED', 'the start of what is not claimed');
        expectTaken(await second.answer(id, 'claim'));
        expectRefusal(await second.answer(id, 'start'), 'CUSTOMER_ABSENT', 'the start without the customer');
        const early = await second.answer(id, 'outcome', { outcome: 'resolved' });
        expectRefusal(early, 'REQUEST_TRANSITION_REFUSED', 'the outcome of what has not begun');
        const { status, helper_id } = await read(id);
        expect(
          status === 'claimed' && helper_id === second.id,
          `what is refused is to change nothing, and it is ${shown(status)} now`,
        );
        expectTaken(await second.answer(id, 'withdraw'));
        const open = await read(id);
        expect(
          open.status === 'open' && open.helper_id === null && open.session_id === null,
          `what is given back is to be open, without helper and session, and is ${shown(open.status)}`,
        );
        expectRefusal(await second.answer(id, 'claim'), 'NOT_OFFERED', 'the claim of who has given it back');
      }),
  },
];

const asked = '<b>Es tropft</b> 💧';
const scope = ['helpers.read', 'helpers.attend', 'help-requests.read', 'help-requests.answer'];
/** Frames that are about something else, at most. */
const mostFrames = 20;

interface Scene {
  helpers: readonly [Helper, Helper];
  /** Asks for help, until both have heard of it. @returns the request, and how it stands on each desk. */
  ask(): Promise<{ id: string; status: unknown; offers: JsonObject[] }>;
  cancel(id: string): Promise<JsonObject>;
  /** As the provider's server has it. */
  read(id: string): Promise<JsonObject>;
}

/** Somebody who sits at a desk. */
class Helper {
  readonly id: string;
  readonly #backend: Backend;
  readonly #token: string;
  readonly #desk: EventReader;

  constructor(id: string, backend: Backend, token: string, desk: EventReader) {
    this.id = id;
    this.#backend = backend;
    this.#token = token;
    this.#desk = desk;
  }

  answer(requestId: string, what: string, body?: JsonObject): Promise<Answer> {
    const call: Call = { token: this.#token, ...(body && { body }) };
    return this.#backend.call('POST', `/help-requests/${requestId}/${what}`, call);
  }

  read(requestId: string): Promise<JsonObject> {
    return this.#backend.succeed('GET', `/help-requests/${requestId}`, { token: this.#token });
  }

  /** Reads the desk until a request stands there with that offer. @throws {Violation} where it never does. */
  async hears(requestId: string, offer: string): Promise<JsonObject> {
    for (let count = 0; count < mostFrames; count += 1) {
      const frame = await this.#desk.next();
      expect(
        frame.id === '',
        `a frame of a desk is to have no id, and ${frame.event} has ${shown(frame.id)}`,
      );
      const shownThere = requestsOf(frame).find(({ id }) => id === requestId);
      if (shownThere?.offer === offer) return shownThere;
    }
    throw new Violation(`of ${mostFrames} frames none has the request with the offer ${offer}`);
  }

  leave(): void {
    this.#desk.leave();
  }
}

function requestsOf({ event, data }: Frame): JsonObject[] {
  if (event === 'help_request.changed') return [data.request as JsonObject];
  return event === 'desk.snapshot' && Array.isArray(data.requests) ? (data.requests as JsonObject[]) : [];
}

/** Two helpers at their desks, for what nobody else is asked about. @throws {NotOffered} */
async function withHelpers({ sell, backend, secretKey }: Probe, check: (scene: Scene) => Promise<void>) {
  if (secretKey === undefined)
    throw new NotOffered('no MARKETPLACE_SECRET_KEY speaks for a provider of help');
  const as = (body?: JsonObject): Call => ({ token: secretKey, ...(body && { body }) });
  const skill = `conformance-${crypto.randomUUID()}`;
  const category = { name: 'Conformance', tokens: 0, duration_seconds: 600, skills: [skill] };
  const made = await backend.call('POST', '/help-categories', as(category));
  if ([404, 405, 501].includes(made.status)) throw new NotOffered('it has no help requests');
  expectTaken(made);
  const { session } = await (await sell()).validate();
  const { application_id, user_id } = session as JsonObject;

  const helpers: Helper[] = [];
  const requests: string[] = [];
  const cancel = (id: string) => backend.succeed('POST', `/help-requests/${id}/cancel`, as());
  try {
    for (let count = 0; count < 2; count += 1) helpers.push(await sitDown(backend, secretKey, skill));
    const both = helpers as [Helper, Helper];
    await check({
      helpers: both,
      async ask() {
        const body = { application_id, user_id, category_id: made.body.id, description: asked };
        const headers = { 'Idempotency-Key': crypto.randomUUID() };
        const { id, status } = await backend.succeed('POST', '/help-requests', { ...as(body), headers });
        expect(typeof id === 'string', `a request is to have an id, and has ${shown(id)}`);
        requests.push(id);
        return { id, status, offers: await Promise.all(both.map((helper) => helper.hears(id, 'offered'))) };
      },
      cancel,
      read: (id) => backend.succeed('GET', `/help-requests/${id}`, as()),
    });
  } finally {
    for (const id of requests) await cancel(id).catch(() => {});
    for (const helper of helpers) {
      helper.leave();
      await backend.call('DELETE', `/helpers/${helper.id}`, as()).catch(() => {});
    }
    await backend
      .call('PATCH', `/help-categories/${String(made.body.id)}`, as({ active: false }))
      .catch(() => {});
  }
}

/** A new helper, available and at the desk. */
async function sitDown(backend: Backend, secretKey: string, skill: string): Promise<Helper> {
  const { id } = await backend.succeed('POST', '/helpers', {
    token: secretKey,
    body: { display_name: 'Conformance', skills: [skill] },
  });
  const granted = await backend.succeed('POST', '/access-tokens', {
    token: secretKey,
    body: { subject: { kind: 'helper', id }, scope },
  });
  const token = granted.access_token as string;
  await backend.succeed('PUT', `/helpers/${String(id)}/availability`, {
    token,
    body: { availability: 'available' },
  });
  const desk = await EventReader.open({ backend, path: `/helpers/${String(id)}`, token });
  const { event } = await desk.next();
  expect(event === 'desk.snapshot', `desk.snapshot is to come first, and ${event} comes`);
  return new Helper(id as string, backend, token, desk);
}

function expectTaken({ status, body }: Answer): void {
  expect(status < 300, `it is to be taken, and is refused with ${status} ${shown(body)}`);
}

function expectRefusal({ status, body }: Answer, code: string, what: string): void {
  expect(
    status === 409 && body.code === code,
    `${what} is to be refused with 409 ${code}, and is answered ${status} ${shown(body.code)}`,
  );
}
