import { sql } from 'kysely';
import type { ServiceContext } from '../../../foundation/context.js';
import { Gatherer } from '../../../foundation/gatherer.js';
import type { VerifiedProof } from './verify-proof.js';

type Claim = Pick<VerifiedProof, 'id' | 'expiresAt'>;

/** Remembers proofs in the database, so that each is accepted once, by whichever instance; many share one write. */
export class SeenProofs {
  readonly #context: ServiceContext;
  readonly #claims = new Gatherer((claims: readonly Claim[]) => this.#write(claims));

  constructor(context: ServiceContext) {
    this.#context = context;
  }

  /** @returns whether the proof was not seen before; a second claim of it answers false. */
  claim({ id, expiresAt }: VerifiedProof): Promise<boolean> {
    return this.#claims.ask({ id, expiresAt });
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
}
