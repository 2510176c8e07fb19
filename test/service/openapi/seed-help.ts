import { sql } from 'kysely';
import { expectOk, type TestService } from '../fixtures.js';
import type { KnownValues } from './arbitrary-request.js';

/** As long as tests run. */
const always = 4_000_000_000_000;

interface Seller {
  secretKey: string;
  known: KnownValues;
}

/** A category of help, a helper who is at the desk, and a request that is offered to him. */
export async function seedHelp(service: TestService, { secretKey: as, known }: Seller): Promise<KnownValues> {
  const category = { name: 'C', tokens: 5, duration_seconds: 600, search_seconds: 3_600 };
  const { id: categoryId } = expectOk(
    await service.call<{ id: string }>('POST', '/help-categories', { as, body: category }),
  );
  const helper = { id: `helper-${crypto.randomUUID()}`, display_name: 'H', max_concurrent: 100 };
  const { id: helperId } = expectOk(
    await service.call<{ id: string }>('POST', '/helpers', { as, body: helper }),
  );
  const body = { availability: 'available' };
  expectOk(await service.call('PUT', `/helpers/${helperId}/availability`, { as, body }));
  await service.database.kysely
    .insertInto('helper_desks')
    .values({ helper_id: helperId, seen_at: always })
    .execute();
  const help = {
    'help-categories/{id}': [categoryId],
    category_id: [categoryId],
    'helpers/{id}': [helperId],
    helper_id: [helperId],
  };
  const requestId = await askForHelp(service, { secretKey: as, known: { ...known, ...help } });
  return { ...help, 'help-requests/{id}': [requestId] };
}

/** A request that is offered to the tenant's helper. @returns its id. */
export async function askForHelp(service: TestService, { secretKey: as, known }: Seller): Promise<string> {
  const [application_id, user_id, category_id] = ['application_id', 'user_id', 'category_id'].map(
    (name) => known[name]![0]!,
  );
  const headers = { 'Idempotency-Key': crypto.randomUUID() };
  const body = { application_id, user_id, category_id };
  const asked = await service.call<{ id: string }>('POST', '/help-requests', { as, headers, body });
  return expectOk(asked).id;
}

/** A request of which that can be asked, such as `withdraw`. @returns its id. */
export async function helpRequestFor(service: TestService, what: string, seller: Seller): Promise<string> {
  const id = await askForHelp(service, seller);
  if (!['withdraw', 'start', 'outcome'].includes(what)) return id;
  const { secretKey: as, known } = seller;
  const body = { helper_id: known.helper_id![0] };
  const claimed = await service.call<{ session_id: string }>('POST', `/help-requests/${id}/claim`, {
    as,
    body,
  });
  const { session_id } = expectOk(claimed);
  if (what === 'start') await attendAsCustomer(service, session_id, known.user_id![0]!);
  if (what === 'outcome')
    for (const action of ['start', 'end'])
      expectOk(await service.call('POST', `/sessions/${session_id}/${action}`, { as }));
  return id;
}

async function attendAsCustomer({ database }: TestService, sessionId: string, userId: string): Promise<void> {
  const { kysely } = database;
  await sql`insert into attendances (session_id, participant, role, participant_id, instance_id)
    select ${sessionId}, 'customer', 'customer', ${userId}, id from instances limit 1`.execute(kysely);
  await sql`insert into presences (session_id, participant, role, participant_id, state, since, seen_at)
    values (${sessionId}, 'customer', 'customer', ${userId}, 'present', 0, 0)`.execute(kysely);
}
