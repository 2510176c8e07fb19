import { sqlMigration } from './sql-migration.js';

/**
 * Sessions bound to a browser's key, and the proofs that were seen. A session that an older instance sells is never
 * bound: the page does not know that a proof is wanted.
 */
export const proofOfPossession = sqlMigration([
  `alter table applications add column proof_of_possession text not null default 'preferred'
    check (proof_of_possession in ('off', 'preferred', 'required'))`,
  `alter table sessions
    add column binding text not null default 'unbound' check (binding in ('open', 'bound', 'unbound')),
    add column key_thumbprint text,
    add column launch_count bigint not null default 0,
    add check ((binding = 'bound') = (key_thumbprint is not null))`,
  `create table seen_proofs (
    id text primary key,
    expires_at bigint not null
  )`,
  `create index seen_proofs_by_age on seen_proofs (expires_at)`,
]);
