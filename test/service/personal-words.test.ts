// A whole talk with a word of its own in every field that people write in: each word stands where it is read, and nowhere else.
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { sql } from 'kysely';
import { providerEventTypes } from '../../src/protocol/webhooks.js';
import { jsonLogger } from '../../src/service/index.js';
import { describeOnEachDatabase } from './databases.js';
import { expectOk, startTestService, until, type Answer, type Json, type TestService } from './fixtures.js';
import { FrameReader, HelpScene, type HelpRequestAnswer } from './help-desk.js';
import { heldNews, secretKey, signatureOf, webhookSecret } from './stripe-events.js';
import { StripeServer } from './stripe-server.js';
import { WebhookReceiver } from './webhook-receiver.js';

/** One for each field: no other text holds them, also where it is encoded. */
const words = {
  customerName: 'Zaqcustomername',
  customerEmail: 'zaqcustomeremail@example.com',
  customerMetadata: 'Zaqcustomermetadata',
  helperName: 'Zaqhelpername',
  description: 'Zaqdescription',
  message: 'Zaqmessage',
  answer: 'Zaqanswer',
  fileName: 'Zaqfilename',
  fileContent: 'Zaqfilecontent',
  notes: 'Zaqnotes',
  refused: 'Zaqrefused',
};
type Field = keyof typeof words;
const isIn = (text: string) => (field: Field) => text.toLowerCase().includes(words[field].toLowerCase());
const wordsIn = (text: string): Field[] => (Object.keys(words) as Field[]).filter(isIn(text)).sort();

/** Where each word may stand in the database. */
const columns: Record<string, Field[]> = {
  'customers.name': ['customerName'],
  'customers.email': ['customerEmail'],
  'customers.metadata': ['customerMetadata'],
  'helpers.display_name': ['helperName'],
  'help_requests.description': ['description'],
  'help_requests.notes': ['notes'],
  'messages.text': ['answer', 'message'],
  'files.name': ['fileName'],
};

describeOnEachDatabase('What people write in a talk', (source) => {
  const logged: string[] = [];
  /** Every answer, by what was asked. */
  const answered: { what: string; status: number; text: string; headers: string }[] = [];
  const lines: string[] = [];
  let stripe: StripeServer;
  let receiver: WebhookReceiver;
  let absent: WebhookReceiver;
  let service: TestService;
  let scene: HelpScene;
  const opened: { leave(): void }[] = [];
  before(async () => {
    [stripe, receiver, absent] = await Promise.all([
      StripeServer.start(),
      WebhookReceiver.start(),
      WebhookReceiver.start(),
    ]);
    const started = await startTestService({
      database: await source.create(),
      logger: jsonLogger((line) => void logged.push(line)),
      webhooks: { allowedHosts: [receiver.host, absent.host] },
      stripe: { secretKey, webhookSecret, apiUrl: stripe.url },
    });
    const call: TestService['call'] = async <T>(...[method, path, sent]: Parameters<TestService['call']>) => {
      const answer = await started.call<T>(method, path, sent);
      const headers = JSON.stringify([...answer.headers]);
      const { status, body } = answer;
      answered.push({ what: `${method} ${path}`, status, text: JSON.stringify(body), headers });
      return answer;
    };
    service = { ...started, call };
    absent.answer = 500;
    scene = await HelpScene.open(service, { tokens: null, amount: 2_500, currency: 'eur' });
  });
  after(async () => {
    for (const one of opened) one.leave();
    await service.close();
    await Promise.all([stripe.stop(), receiver.stop(), absent.stop()]);
  });

  const listen = async (path: string, token: string) => {
    const reader = await FrameReader.open(`${service.url}/api/v1${path}`, token);
    opened.push({
      leave() {
        reader.leave();
        lines.push(...reader.lines);
      },
    });
  };
  const refused = async (answer: Promise<Answer<Json>>, status: number) => {
    const { body, status: was } = await answer;
    assert.equal(was, status, JSON.stringify(body));
  };

  test('is read by those who may read it, and stands in no log, metric, webhook, event, entry, address or refusal', async () => {
    const { application, providerId } = scene;
    const as = application.secretKey;
    // One of them is not there: what fails is logged.
    for (const { url } of [receiver, absent])
      expectOk(
        await service.call('POST', '/webhook-endpoints', { as, body: { url, events: providerEventTypes } }),
      );
    const userId = `user-${crypto.randomUUID()}`;
    expectOk(
      await service.call('POST', '/customers', {
        body: {
          ...{ id: userId, name: words.customerName, email: words.customerEmail },
          metadata: { note: words.customerMetadata },
        },
      }),
    );
    const [maria, igor] = [await scene.helper({ display_name: words.helperName }), await scene.helper()];
    const desk = await scene.desk(maria);
    opened.push({
      leave() {
        desk.leave();
        lines.push(...desk.reader.lines);
      },
    });

    await refused(scene.ask(userId, { description: words.refused.repeat(200) }), 422);
    await refused(scene.ask(userId, { description: `${words.refused}\u0000` }), 422);
    await refused(scene.ask(userId, { category_id: words.refused }), 404);
    const key = crypto.randomUUID();
    const asked = expectOk(
      await scene.ask(userId, { description: words.description }, key),
    ) as unknown as Json & {
      id: string;
      checkout_url: string;
    };
    await refused(scene.ask(userId, { description: words.refused }, key), 422);
    const customer = await scene.tokenOf('customer', userId);
    await listen(`/help-requests/${asked.id}/events`, customer);
    const paid = JSON.stringify(heldNews(stripe.pay(asked.checkout_url), 'amount_capturable_updated'));
    const headers = { 'Stripe-Signature': signatureOf(paid, Math.floor(Date.now() / 1000)) };
    expectOk(await service.call('POST', '/api/v1/webhooks/stripe', { as: null, body: paid, headers }));
    await until(() => desk.isOffered(asked.id));
    const { session_id } = expectOk(await scene.answer(maria, asked.id, 'claim'));
    await refused(scene.answer(igor, asked.id, 'claim'), 404);

    const session = `/sessions/${session_id!}`;
    const launched = expectOk(
      await service.call<Record<string, string>>('POST', `${session}/launch`, { as }),
    );
    const page = launched.session_token!;
    await listen(`${session}/events`, page);
    await listen(`${session}/events`, maria.token);
    await scene.untilStatus(asked.id, 'in_progress');
    const talkingSince = Date.now();
    const write = (by: string, text: string, client_id: string = crypto.randomUUID()) =>
      service.call<Json>('POST', `${session}/messages`, { as: by, body: { text, client_id } });
    expectOk(await write(page, words.message));
    expectOk(await write(maria.token, words.answer));
    await refused(write(page, words.refused.repeat(500)), 422);
    await refused(write(page, words.refused, words.refused.repeat(20)), 422);
    const send = (name: string) =>
      service.call<Json>('POST', `${session}/files`, {
        as: page,
        body: words.fileContent,
        headers: { 'X-File-Name': encodeURIComponent(name), 'Content-Type': 'application/octet-stream' },
      });
    const { url } = expectOk(await send(`${words.fileName} ü.txt`)) as { url: string };
    await refused(send(`${words.refused}\u0000`.repeat(99)), 422);
    const signal = { type: 'candidate', sender_id: 'page', data: { candidate: 'host' } };
    await service.call('POST', `${session}/signals`, { as: page, body: signal });
    const joining = expectOk(await service.call('POST', `${session}/room`, { as: page }));
    assert.deepEqual(wordsIn(JSON.stringify(joining) + url + JSON.stringify(launched)), []);

    // A talk of less than a second costs nothing, and nothing would be captured.
    await until(() => Date.now() > talkingSince + 1_100);
    expectOk(await service.call('POST', `${session}/end`, { as: page }));
    const outcome = (body: Json) => scene.answer(maria, asked.id, 'outcome', body);
    await refused(outcome({ outcome: words.refused }), 422);
    expectOk(await outcome({ outcome: 'resolved', notes: words.notes }));
    await refused(outcome({ outcome: 'unresolved', notes: words.refused }), 409);
    await refused(write(page, words.refused), 410);
    await until(async () => ((await scene.read(asked.id)) as Json).payment_status === 'captured');
    for (const type of [
      'help_request.outcome_recorded',
      'payment.captured',
      'session.ended',
      'message.created',
      'file.created',
    ])
      await until(() => receiver.types.includes(type));
    const stats = await service.call('GET', `/providers/${providerId}/help-stats`, { as });
    assert.equal(expectOk(stats).requests, 1);
    const audit = JSON.stringify(expectOk(await service.call('GET', '/audit-entries?limit=100')));
    const metrics = await (await fetch(`${service.url}/metrics`)).text();
    for (const one of opened.splice(0)) one.leave();

    const received = receiver.received.map(
      ({ path, body, headers: sent }) => path + body + JSON.stringify(sent),
    );
    const asks = stripe.requests.map((one) => decodeURIComponent(JSON.stringify(one)));
    for (const [place, texts] of Object.entries({
      logged,
      lines,
      received,
      asks,
      audit: [audit],
      metrics: [metrics],
    })) {
      assert.ok(texts.length > 0 && texts.every((text) => text !== undefined), place);
      for (const text of texts) assert.deepEqual(wordsIn(text), [], `${place}: ${text}`);
    }
    for (const { what, status, text, headers: given } of answered) {
      assert.deepEqual(wordsIn(what + given), [], what);
      if (status >= 400) assert.deepEqual(wordsIn(text), [], `${what}: ${text}`);
    }
  });

  test('stands in the database in its own columns alone', async () => {
    const { kysely } = service.database;
    const { rows: tables } = await sql<{ name: string }>`
      select table_name as name from information_schema.tables where table_schema = current_schema()`.execute(
      kysely,
    );
    const found: Record<string, Field[]> = {};
    for (const { name } of tables) {
      const { rows } = await sql<{ row: Json }>`select to_jsonb(t) as row from ${sql.table(name)} t`.execute(
        kysely,
      );
      for (const [column, value] of rows.flatMap(({ row }) => Object.entries(row))) {
        const held = wordsIn(JSON.stringify(value) + bytesOf(value));
        if (held.length > 0)
          found[`${name}.${column}`] = [...new Set([...(found[`${name}.${column}`] ?? []), ...held])].sort();
      }
    }
    assert.deepEqual(found, columns);
  });

  test('is read by those who may: a customer no notes, another helper nothing', async () => {
    const { body } = await service.call<{ requests: HelpRequestAnswer[] }>('GET', '/help-requests', {
      as: scene.application.secretKey,
    });
    const [{ id }] = body.requests as [HelpRequestAnswer];
    const read = async (as: string) =>
      wordsIn(JSON.stringify((await service.call('GET', `/help-requests/${id}`, { as })).body));
    const { rows } = await sql<{ id: string }>`select id from customers`.execute(service.database.kysely);
    assert.deepEqual(await read(scene.application.secretKey), ['description', 'helperName', 'notes']);
    assert.deepEqual(await read(await scene.tokenOf('customer', rows[0]!.id)), ['description', 'helperName']);
    assert.deepEqual(await read((await scene.helper()).token), []);
  });
});

/** What is kept as bytes comes as hex. */
const bytesOf = (value: unknown): string =>
  typeof value === 'string' && value.startsWith('\\x')
    ? Buffer.from(value.slice(2), 'hex').toString('latin1')
    : '';
