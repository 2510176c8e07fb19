import { sql, type Kysely, type Selectable, type Transaction } from 'kysely';
import { exportJWK, exportSPKI, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';
import { maxTokenLifeSeconds } from '../../protocol/session-token-claims.js';
import type { SigningKeysTable, SigningKeyState, Tables } from '../database/schema.js';

/** How long others may keep the published set, seconds; a key is published that long before it signs. */
export const keySetMaxAgeSeconds = 300;

/** How long this process trusts its own copy of the keys, ms: another instance may have rotated them. */
const refreshAfterMs = 30_000;
/** The least time between two looks for a key that is not known, ms: a flood of made-up names costs nothing. */
const unknownKeyPauseMs = 1_000;

interface LoadedKey {
  kid: string;
  state: SigningKeyState;
  publicJwk: JWK;
  /** The public key in PEM (SPKI). */
  pem: string;
  privateKey: CryptoKey;
  publicKey: CryptoKey;
}

/** The keys of one service: next (published, not signing yet), current (signs), retired (still verifies). */
export class SigningKeys {
  readonly #kysely: Kysely<Tables>;
  readonly #now: () => number;
  #keys: readonly LoadedKey[] = [];
  #loadedAt = -Infinity;

  constructor(kysely: Kysely<Tables>, now: () => number) {
    this.#kysely = kysely;
    this.#now = now;
  }

  /** Makes the first keys where there are none. */
  async start(): Promise<void> {
    await this.#kysely.transaction().execute(async (trx) => {
      await lockKeys(trx);
      const { count } = await trx
        .selectFrom('signing_keys')
        .select(sql<number>`count(*)::int`.as('count'))
        .executeTakeFirstOrThrow();
      if (count > 0) return;
      await insertKey(trx, 'current', this.#now());
      await insertKey(trx, 'next', this.#now());
    });
    await this.#load();
  }

  /** The key that signs. */
  async current(): Promise<LoadedKey> {
    const key = (await this.#fresh()).find(({ state }) => state === 'current');
    if (!key) throw new Error('there is no current signing key: the service was not started');
    return key;
  }

  /** The key of that name, if it is one of ours. */
  async find(kid: string): Promise<LoadedKey | undefined> {
    const byName = (key: LoadedKey) => key.kid === kid;
    const known = (await this.#fresh()).find(byName);
    if (known || this.#now() - this.#loadedAt < unknownKeyPauseMs) return known;
    return (await this.#load()).find(byName);
  }

  /** The public keys as a JWK Set (RFC 7517), the current one first. */
  async publicKeySet(): Promise<{ keys: JWK[] }> {
    return { keys: (await this.#fresh()).map(({ publicJwk }) => publicJwk) };
  }

  /**
   * Lets the next key sign, retires the current one and publishes a new next key. Retired keys leave the set when the
   * last session token that they signed is over.
   * @throws {Error} where the next key was published less than `keySetMaxAgeSeconds` ago: others may not know it yet.
   */
  async rotate(): Promise<void> {
    const now = this.#now();
    await this.#kysely.transaction().execute(async (trx) => {
      await lockKeys(trx);
      const next = await trx
        .selectFrom('signing_keys')
        .select(['kid', 'created_at'])
        .where('state', '=', 'next')
        .executeTakeFirstOrThrow();
      const ageSeconds = (now - next.created_at) / 1000;
      if (ageSeconds < keySetMaxAgeSeconds) {
        throw new Error(
          `the next key was published ${Math.floor(ageSeconds)} s ago; wait ${keySetMaxAgeSeconds} s`,
        );
      }
      await trx
        .deleteFrom('signing_keys')
        .where('state', '=', 'retired')
        .where('retired_at', '<', now - maxTokenLifeSeconds * 1000)
        .execute();
      await trx
        .updateTable('signing_keys')
        .set({ state: 'retired', retired_at: now })
        .where('state', '=', 'current')
        .execute();
      await trx.updateTable('signing_keys').set({ state: 'current' }).where('kid', '=', next.kid).execute();
      await insertKey(trx, 'next', now);
    });
    await this.#load();
  }

  async #fresh(): Promise<readonly LoadedKey[]> {
    return this.#now() - this.#loadedAt < refreshAfterMs ? this.#keys : this.#load();
  }

  async #load(): Promise<readonly LoadedKey[]> {
    this.#loadedAt = this.#now();
    const lastUseAfter = this.#now() - maxTokenLifeSeconds * 1000;
    const rows = await this.#kysely
      .selectFrom('signing_keys')
      .selectAll()
      .where(({ eb, or }) => or([eb('retired_at', 'is', null), eb('retired_at', '>', lastUseAfter)]))
      .orderBy('state')
      .execute();
    this.#keys = await Promise.all(rows.map(importKey));
    return this.#keys;
  }
}

async function importKey(row: Selectable<SigningKeysTable>): Promise<LoadedKey> {
  const publicJwk = row.public_jwk as JWK;
  const privateKey = (await importJWK(row.private_jwk as JWK, 'ES256')) as CryptoKey;
  const publicKey = (await importJWK(publicJwk, 'ES256', { extractable: true })) as CryptoKey;
  return {
    kid: row.kid,
    state: row.state,
    publicJwk,
    pem: await exportSPKI(publicKey),
    privateKey,
    publicKey,
  };
}

/** Rotation and first start are for one instance at a time. */
const lockKeys = (trx: Transaction<Tables>) =>
  sql`select pg_advisory_xact_lock(hashtext('marketplace-session signing keys'))`.execute(trx);

async function insertKey(trx: Transaction<Tables>, state: SigningKeyState, createdAt: number): Promise<void> {
  const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
  const kid = crypto.randomUUID();
  const common = { kid, alg: 'ES256', use: 'sig' };
  await trx
    .insertInto('signing_keys')
    .values({
      kid,
      state,
      private_jwk: JSON.stringify({ ...(await exportJWK(privateKey)), ...common }),
      public_jwk: JSON.stringify({ ...(await exportJWK(publicKey)), ...common }),
      created_at: createdAt,
    })
    .execute();
}
