import type { Context } from 'hono';
import { sql } from 'kysely';
import { AccessTokenCredential } from '../access-tokens/index.js';
import { expiriesOf, SecretKeyCredential } from '../applications/index.js';
import { SessionCredential, type SessionView } from '../sessions/index.js';
import { standingOf, type PresentedIssuedToken } from '../../foundation/auth/issued-tokens.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { Subject } from '../../foundation/events/subject.js';
import type { HttpEnvironment } from '../../foundation/http/environment.js';

/** What a stream was opened with, as far as it may end while the stream is open. */
export interface StreamCredential {
  /** The application that it is confined to; undefined for access tokens, and the operator, whose key lives as long as the process. */
  applicationId: string | undefined;
  /** Of a secret key. */
  keyHash?: string;
  /** Of an access token, or of a session token for a user: it can be revoked. */
  issued?: PresentedIssuedToken & { providerId: string };
  /** Of a session token. */
  page?: {
    sessionId: string;
    /** Another launch takes its place. */
    launchCount: number;
    /** Bound to another key it would be refused without a proof by that key. */
    keyThumbprint: string | null;
    hasProof: boolean;
    /** Undefined where no browser asked. */
    origin: string | undefined;
  };
}

export function streamCredentialOf(c: Context<HttpEnvironment>): StreamCredential {
  const credential = c.get('credential');
  const { applicationId } = credential;
  if (credential instanceof SecretKeyCredential) return { applicationId, keyHash: credential.keyHash };
  if (credential instanceof AccessTokenCredential) {
    const { tokenId: id, providerId } = credential;
    return { applicationId, issued: { id, providerId, origin: c.req.header('origin') } };
  }
  if (!(credential instanceof SessionCredential)) return { applicationId };
  const { id: sessionId, launch_count: launchCount, key_thumbprint: keyThumbprint } = credential.view;
  const hasProof = c.req.header('dpop') !== undefined;
  const origin = c.req.header('origin');
  const page = { sessionId, launchCount, keyThumbprint, hasProof, origin };
  const { grant, providerId } = credential;
  return { applicationId, page, ...(grant && { issued: { id: grant.tokenId, providerId, origin } }) };
}

/**
 * When they end by themselves, in their order, ms since the epoch: 0 for those that do not count any more, Infinity for
 * those of which nothing but the session tells.
 */
export async function endsOf(
  context: ServiceContext,
  credentials: readonly StreamCredential[],
): Promise<number[]> {
  const hashes = [...new Set(credentials.flatMap(({ keyHash }) => keyHash ?? []))];
  const expiries = hashes.length > 0 ? await expiriesOf(context, hashes) : new Map<string, number>();
  return Promise.all(
    credentials.map(async ({ keyHash, issued }) => {
      if (keyHash !== undefined) return expiries.get(keyHash) ?? 0;
      if (!issued) return Infinity;
      const standing = await standingOf(context, issued);
      return standing?.isOriginAllowed ? standing.expiresAt : 0;
    }),
  );
}

/**
 * Whether the session as it stands still lets in who came with it. That a session token has expired does not count: its page
 * renews it every few minutes, and would have to open its stream anew each time. One for a user ends with what it was issued for.
 */
export function reaches({ page }: StreamCredential, view: SessionView): boolean {
  if (!page) return true;
  const { launchCount, keyThumbprint, hasProof, origin } = page;
  const isUnproven = view.binding === 'open' && view.proof_of_possession === 'required' && !hasProof;
  return (
    launchCount === view.launch_count &&
    keyThumbprint === view.key_thumbprint &&
    !isUnproven &&
    (origin === undefined || view.allowed_origins.includes(origin))
  );
}

/** The sessions whose pages may have been let in by what does not count any more. */
export async function readStrayed(
  { kysely }: ServiceContext,
  credentials: readonly StreamCredential[],
): Promise<Subject[]> {
  const pages = credentials.flatMap(({ page }) => page ?? []);
  if (pages.length === 0) return [];
  const rows = JSON.stringify(
    pages.map(({ sessionId, launchCount, keyThumbprint, origin }) => ({
      session_id: sessionId,
      launch_count: launchCount,
      key_thumbprint: keyThumbprint,
      origin,
    })),
  );
  const { rows: strayed } = await sql<{ session_id: string }>`
    select distinct pages.session_id
    from jsonb_to_recordset(${rows}::jsonb)
        as pages(session_id text, launch_count int, key_thumbprint text, origin text)
      join sessions on sessions.id = pages.session_id
      join applications on applications.id = sessions.application_id
    where pages.launch_count <> sessions.launch_count
      or pages.key_thumbprint is distinct from sessions.key_thumbprint
      or not applications.allowed_origins ? pages.origin`.execute(kysely);
  return strayed.map(({ session_id }): Subject => `session:${session_id}`);
}
