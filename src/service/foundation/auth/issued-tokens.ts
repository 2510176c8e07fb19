import { sql } from 'kysely';
import type { CustomerOperation } from '../../../protocol/session-operations.js';
import type { ServiceContext } from '../context.js';
import { Gatherer } from '../gatherer.js';
import { perService } from '../per-service.js';

/** A token that was issued for a person and can be revoked, as it was presented. */
export interface PresentedIssuedToken {
  id: string;
  /** Of the page; undefined where no browser asked. */
  origin: string | undefined;
}

export interface IssuedTokenStanding {
  /** Ms since the epoch. */
  expiresAt: number;
  /** Whether the page is on an origin of the token's application, or of one of its provider's where it has none. */
  isOriginAllowed: boolean;
  /** Whether a request has come with it before; of a session token. */
  isUsed: boolean;
  /** What the application may have read about customers at this moment; of a session token. */
  customerOperations: readonly CustomerOperation[];
}

/** Asks together with what others ask at the same time. */
const standings = perService(
  (context) =>
    new Gatherer<PresentedIssuedToken, IssuedTokenStanding | undefined>((presented) =>
      readStandings(context, presented),
    ),
);

/** How an issued token stands at this moment; undefined where it was revoked. */
export const standingOf = (
  context: ServiceContext,
  presented: PresentedIssuedToken,
): Promise<IssuedTokenStanding | undefined> => standings(context).ask(presented);

async function readStandings({ kysely }: ServiceContext, presented: readonly PresentedIssuedToken[]) {
  const asked = JSON.stringify(presented.map(({ id, origin }, n) => ({ n, id, origin })));
  const { rows } = await sql<IssuedTokenStanding & { n: number }>`
    select presented.n, issued.expires_at as "expiresAt", issued.is_used as "isUsed",
      presented.origin is null or exists (
        select from applications
        where applications.provider_id = issued.provider_id and allowed_origins ? presented.origin
          and applications.id = coalesce(issued.application_id, applications.id)
      ) as "isOriginAllowed",
      coalesce((select customer_operations from applications where applications.id = issued.application_id), '[]')
        as "customerOperations"
    from jsonb_to_recordset(${asked}::jsonb) as presented(n int, id text, origin text)
      join lateral (
        select provider_id, null as application_id, expires_at, true as is_used
        from access_tokens where access_tokens.id = presented.id
        union all
        select provider_id, application_id, expires_at, used_at is not null
        from session_tokens where session_tokens.id = presented.id
      ) as issued on true`.execute(kysely);
  const byNumber = new Map(rows.map(({ n, ...standing }) => [n, standing]));
  return presented.map((_, n) => byNumber.get(n));
}
