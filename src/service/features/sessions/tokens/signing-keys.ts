import { sql, type Kysely, type Selectable, type Transaction } from 'kysely';
import { exportJWK, exportSPKI, generateKeyPair, importJWK, type CryptoKey, type JWK } from 'jose';
import { maxTokenLifeSeconds } from '../../../../protocol/session-token-claims.js';
import { SessionError } from '../../../../protocol/errors.js';
import { failureText } from '../../../foundation/database/failures.js';
import { recordChange, type AskedChange } from '../../../foundation/audit.js';
import type {
  SigningKeysTable,
  SigningKeyState,
  StoredPrivateKey,
  Tables,
} from '../../../foundation/database/schema.js';
import { perService } from '../../../foundation/per-service.js';
import type { SecretBox } from '../../../foundation/secrets/secret-box.js';
import { fromStored, isSealed, storedAnew, toStored } from '../../../foundation/secrets/stored-secret.js';

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
  /** Null where it cannot be read: what the key has signed still counts, and it signs nothing more. */
  privateKey: CryptoKey | null;
  publicKey: CryptoKey;
}

type SigningKey = LoadedKey & { privateKey: CryptoKey };

/** Hears of a stored key, or of its private part, that cannot be read: once until it can. */
export type OnUnreadableKey = (kid: string, error: unknown) => void;

/** The keys of a service. */
export const signingKeysOf = perService(
  (context) =>
    new SigningKeys(context.kysely, context.now, context.box, (kid, error) => {
      context.metrics.workFailed('signing_key');
      context.logger.error('a signing key in the database cannot be read', {
        kid,
        error: failureText(error),
      });
    }),
);

/** The keys of one service: next (published, not signing yet), current (signs), retired (still verifies). */
export class SigningKeys {
  readonly #kysely: Kysely<Tables>;
  readonly #now: () => number;
  /** Null where private keys are stored as they are. */
  readonly #box: SecretBox | null;
  readonly #onUnreadable: OnUnreadableKey;
  #keys: readonly LoadedKey[] = [];
  /** Why keys cannot be read, by their names. */
  #unreadable: ReadonlyMap<string, unknown> = new Map();
  #loadedAt = -Infinity;

  constructor(
    kysely: Kysely<Tables>,
    now: () => number,
    box: SecretBox | null,
    onUnreadable: OnUnreadableKey,
  ) {
    this.#kysely = kysely;
    this.#now = now;
    this.#box = box;
    this.#onUnreadable = onUnreadable;
  }

  /**
   * Makes the first keys where there are none, and encrypts those that are not yet, or by an older key.
   * @throws {Error} where none of those that are stored can sign.
   */
  async start(): Promise<void> {
    await this.#kysely.transaction().execute(async (trx) => {
      await lockKeys(trx);
      const { count } = await trx
        .selectFrom('signing_keys')
        .select(sql<number>`count(*)::int`.as('count'))
        .executeTakeFirstOrThrow();
      if (count > 0) return this.#encryptAll(trx);
      await this.#insertKey(trx, 'current');
      await this.#insertKey(trx, 'next');
    });
    await this.#load();
    if (this.#signing()) return;
    const [cause] = this.#unreadable.values();
    throw new Error(`none of the signing keys in the database can be used: ${failureText(cause)}`, { cause });
  }

  /**
   * The key that signs: the current one, or the next one, which is published too, where the current one cannot be read.
   * @throws {SessionError} `SERVICE_UNAVAILABLE` where neither can.
   */
  async current(): Promise<SigningKey> {
    await this.#fresh();
    const key = this.#signing();
    if (!key)
      throw new SessionError('SERVICE_UNAVAILABLE', {
        message: 'None of the signing keys can be used.',
        retryAfterSeconds: refreshAfterMs / 1000,
      });
    return key;
  }

  #signing(): SigningKey | undefined {
    const canSign = (key: LoadedKey): key is SigningKey => key.privateKey !== null;
    return this.#keys.filter(canSign).find(({ state }) => state !== 'retired');
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
   * @throws {SessionError} `KEY_ROTATION_TOO_EARLY` where the next key was published less than `keySetMaxAgeSeconds` ago:
   * others may not know it yet.
   * @param asked who asked for it through the API, if anybody did.
   */
  async rotate(asked?: AskedChange): Promise<void> {
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
        const message = `The next key was published ${Math.floor(ageSeconds)} s ago; wait ${keySetMaxAgeSeconds} s.`;
        const retryAfterSeconds = Math.ceil(keySetMaxAgeSeconds - ageSeconds);
        throw new SessionError('KEY_ROTATION_TOO_EARLY', { message, retryAfterSeconds });
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
      await this.#insertKey(trx, 'next');
      if (asked) await recordChange(trx, asked, now);
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
    const unreadable = new Map<string, unknown>();
    const keys = await Promise.all(
      rows.map((row) => importKey(row, this.#box, (error) => unreadable.set(row.kid, error))),
    );
    for (const [kid, error] of unreadable) if (!this.#unreadable.has(kid)) this.#onUnreadable(kid, error);
    this.#unreadable = unreadable;
    this.#keys = keys.filter((key) => key !== undefined);
    return this.#keys;
  }

  async #insertKey(trx: Transaction<Tables>, state: SigningKeyState): Promise<void> {
    const { privateKey, publicKey } = await generateKeyPair('ES256', { extractable: true });
    const kid = crypto.randomUUID();
    const common = { kid, alg: 'ES256', use: 'sig' };
    const privateJwk = { ...(await exportJWK(privateKey)), ...common };
    await trx
      .insertInto('signing_keys')
      .values({
        kid,
        state,
        private_jwk: toColumn(toStored(JSON.stringify(privateJwk), placeOf(kid), this.#box)),
        public_jwk: JSON.stringify({ ...(await exportJWK(publicKey)), ...common }),
        created_at: this.#now(),
      })
      .execute();
  }

  async #encryptAll(trx: Transaction<Tables>): Promise<void> {
    const box = this.#box;
    if (!box) return;
    const rows = await trx.selectFrom('signing_keys').select(['kid', 'private_jwk']).execute();
    for (const { kid, private_jwk } of rows) {
      let anew: string | undefined;
      try {
        anew = storedAnew(fromColumn(private_jwk), placeOf(kid), box);
      } catch {
        // It is told when it is loaded, and left as it is.
      }
      if (anew === undefined) continue;
      await trx
        .updateTable('signing_keys')
        .set({ private_jwk: toColumn(anew) })
        .where('kid', '=', kid)
        .execute();
    }
  }
}

const placeOf = (kid: string) => `signing-key ${kid}`;

/** The column holds JSON: the key as it is, or the encrypted text. */
const toColumn = (stored: string) => (isSealed(stored) ? JSON.stringify({ sealed: stored }) : stored);
const fromColumn = (column: StoredPrivateKey) =>
  'sealed' in column ? column.sealed : JSON.stringify(column);

async function importKey(
  row: Selectable<SigningKeysTable>,
  box: SecretBox | null,
  onUnreadable: (error: unknown) => unknown,
): Promise<LoadedKey | undefined> {
  const { kid, state } = row;
  const publicJwk = row.public_jwk as JWK;
  const readPublic = async () => {
    const publicKey = (await importJWK(publicJwk, 'ES256', { extractable: true })) as CryptoKey;
    return { kid, state, publicJwk, publicKey, pem: await exportSPKI(publicKey) };
  };
  const readPrivate = async () => {
    const jwk = JSON.parse(fromStored(fromColumn(row.private_jwk), placeOf(kid), box)) as JWK;
    return (await importJWK(jwk, 'ES256')) as CryptoKey;
  };
  const unreadable = (error: unknown) => void onUnreadable(error);
  const key = await readPublic().catch(unreadable);
  return key ? { ...key, privateKey: (await readPrivate().catch(unreadable)) ?? null } : undefined;
}

/** Rotation and first start are for one instance at a time. */
const lockKeys = (trx: Transaction<Tables>) =>
  sql`select pg_advisory_xact_lock(hashtext('marketplace-session signing keys'))`.execute(trx);
