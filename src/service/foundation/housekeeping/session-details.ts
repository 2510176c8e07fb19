import { sql } from 'kysely';

/** Takes from a session that is over what was written about it; what it cost stays. */
export const forgetDetails = sql`metadata = '{}', return_url = null, reported_usage = null`;

/** Of a session that is over: whether there is anything of it. As text, for an index has the very same condition. */
export const hasDetails = `ended_at is not null
  and (metadata <> '{}'::jsonb or return_url is not null or reported_usage is not null)`;
