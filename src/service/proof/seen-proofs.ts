import { sql } from 'kysely';
import type { ServiceContext } from '../context.js';
import { Gatherer } from '../gatherer.js';
import type { VerifiedProof } from './verify-proof.js';

type Claim = Pick<VerifiedProof, 'id' | 'expiresAt'>;

const purgeEveryMs = 60_000;

/** Remembers proofs in the database, so that each is accepted once, by whichever instance; many share one write. */
export class SeenProofs {
  readonly #context: ServiceContext;
  readonly #claims = new Gatherer((claims: readonly Claim[]) => this.#write(claims));
  #purgeAt = 0;

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  /** @returns whether the proof was not seen before; a second claim of it answers false. */
  async claim({ id, expiresAt }: VerifiedProof): Promise<boolean> {
    const isFirst = await this.#claims.ask({ id, expiresAt });
    this.#purge();
    return isFirst;
  }

  async #write(claims: readonly Claim[]): Promise<boolean[]> {
    const firsts = new Map<string, Claim>();
    for (const claim of claims) if (!firsts.has(claim.id)) firsts.set(claim.id, claim);
    // In one order everywhere, so that two instances never wait for each other's rows in a circle.
    const rows = [...firsts.values()]
      .map(({ id, expiresAt }) => ({ id, expires_at: expiresAt }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
    const { rows: kept } = await sql<{ id: string }>`
      insert into seen_proofs (id, expires_at)
      select id, expires_at from jsonb_to_recordset(${JSON.stringify(rows)}::jsonb) as news(id text, expires_at bigint)
      on conflict do nothing returning id`.execute(this.#context.kysely);
    const isNew = new Set(kept.map(({ id }) => id));
    return claims.map((claim) => isNew.has(claim.id) && firsts.get(claim.id) === claim);
  }

  /** Forgets, now and then, what would be refused for its age. */
  #purge(): void {
    const now = this.#context.now();
    if (now < this.#purgeAt) return;
    this.#purgeAt = now + purgeEveryMs;
    this.#context.kysely
      .deleteFrom('seen_proofs')
      .where('expires_at', '<', now)
      .execute()
      .catch((error: unknown) => {
        this.#context.logger.error('seen proofs could not be purged', { error: String(error) });
      });
  }
}
