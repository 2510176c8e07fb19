import { sql } from 'kysely';
import type { ServiceContext } from '../context.js';
import type { VerifiedProof } from './verify-proof.js';

type Claim = Pick<VerifiedProof, 'id' | 'expiresAt'> & {
  resolve: (isFirst: boolean) => void;
  reject: (reason: unknown) => void;
};

/** The largest batch, proofs. */
const maxBatch = 1_000;
const purgeEveryMs = 60_000;

/**
 * Remembers proofs in the database, so that each is accepted once, by whichever instance. What arrives while a statement
 * runs goes into the next one together: a single request does not wait, and many share one write.
 */
export class SeenProofs {
  readonly #context: ServiceContext;
  #waiting: Claim[] = [];
  #isWriting = false;
  #purgeAt = 0;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  /** @returns whether the proof was not seen before; a second claim of it answers false. */
  claim({ id, expiresAt }: VerifiedProof): Promise<boolean> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ id, expiresAt, resolve, reject });
      if (!this.#isWriting) void this.#writeAll();
    });
  }

  async #writeAll(): Promise<void> {
    this.#isWriting = true;
    while (this.#waiting.length > 0) await this.#write(this.#waiting.splice(0, maxBatch));
    await this.#purge();
    this.#isWriting = false;
    if (this.#waiting.length > 0) void this.#writeAll();
  }

  async #write(batch: readonly Claim[]): Promise<void> {
    const firsts = new Map<string, Claim>();
    for (const claim of batch) if (!firsts.has(claim.id)) firsts.set(claim.id, claim);
    // In one order everywhere, so that two instances never wait for each other's rows in a circle.
    const rows = [...firsts.values()]
      .map(({ id, expiresAt }) => ({ id, expires_at: expiresAt }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    try {
      const { rows: kept } = await sql<{ id: string }>`
        insert into seen_proofs (id, expires_at)
        select id, expires_at from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as news(id text, expires_at bigint)
        on conflict do nothing returning id`.execute(this.#context.kysely);
      const isNew = new Set(kept.map(({ id }) => id));
      for (const claim of batch) claim.resolve(isNew.has(claim.id) && firsts.get(claim.id) === claim);
    } catch (error) {
      for (const claim of batch) claim.reject(error);
    }
  }

  /** Forgets what would be refused for its age. */
  async #purge(): Promise<void> {
    const now = this.#context.now();
    if (now < this.#purgeAt) return;
    this.#purgeAt = now + purgeEveryMs;
    await this.#context.kysely
      .deleteFrom('seen_proofs')
      .where('expires_at', '<', now)
      .execute()
      .catch((error: unknown) => {
        this.#context.logger.error('seen proofs could not be purged', { error: String(error) });
      });
  }
}
