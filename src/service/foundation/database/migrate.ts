import { setTimeout as sleep } from 'node:timers/promises';
import { Migrator, sql, type Kysely, type Migration } from 'kysely';
import { sessionsAndLedger } from './migrations/0001-sessions-and-ledger.js';
import { proofOfPossession } from './migrations/0002-proof-of-possession.js';
import { warnings } from './migrations/0003-warnings.js';
import { payments } from './migrations/0004-payments.js';
import { webhooks } from './migrations/0005-webhooks.js';
import { providers } from './migrations/0006-providers.js';
import { rateCounts } from './migrations/0008-rate-counts.js';
import { keysAndAudit } from './migrations/0009-keys-and-audit.js';
import { olderWebhookSecrets } from './migrations/0010-older-webhook-secrets.js';
import { disputes } from './migrations/0011-disputes.js';
import { presence } from './migrations/0012-presence.js';
import { pausedBy } from './migrations/0013-paused-by.js';
import { revision } from './migrations/0014-revision.js';
import { failedWork } from './migrations/0015-failed-work.js';
import { exceptions } from './migrations/0025-exceptions.js';
import { figures } from './migrations/0032-figures.js';
import { unfitMoney } from './migrations/0026-unfit-money.js';
import { soldOptions } from './migrations/0027-sold-options.js';
import { accessTokens } from './migrations/0045-access-tokens.js';
import { events } from './migrations/0046-events.js';
import { waiting } from './migrations/0050-waiting.js';
import { participants } from './migrations/0051-participants.js';
import { sessionTokens } from './migrations/0052-session-tokens.js';
import { customers } from './migrations/0053-customers.js';
import { subscriptions } from './migrations/0054-subscriptions.js';
import { helpers } from './migrations/0055-helpers.js';
import { helpRequests } from './migrations/0056-help-requests.js';
import { inTurn } from './in-turn.js';
import { files } from './migrations/0060-files.js';
import { figureCounts } from './migrations/0066-figure-counts.js';
import { rooms } from './migrations/0061-rooms.js';
import { pageMetrics } from './migrations/0072-page-metrics.js';
import { erasures } from './migrations/0073-erasures.js';
import { figureRollups } from './migrations/0076-figure-rollups.js';
import { testFigures } from './migrations/0077-test-figures.js';
import { applicationMode } from './migrations/0075-application-mode.js';
import { customerOperations } from './migrations/0068-customer-operations.js';
import { signals } from './migrations/0057-signals.js';
import { paymentAuthorizations } from './migrations/0058-payment-authorizations.js';
import { messages } from './migrations/0059-messages.js';
import type { Tables } from './schema.js';

/**
 * Every migration, oldest first. A published one is never changed, PostgreSQL 15 must understand each, and an older
 * instance goes on serving while it runs and after it: tables and columns are added, nullable or with a default, and never
 * renamed, narrowed or taken away. Where a table gets another name, a view of the old one stays.
 */
export const migrations: Record<string, Migration> = {
  '0001_sessions_and_ledger': sessionsAndLedger,
  '0002_proof_of_possession': proofOfPossession,
  '0003_warnings': warnings,
  '0004_payments': payments,
  '0005_webhooks': webhooks,
  '0006_providers': providers,
  '0008_rate_counts': rateCounts,
  '0009_keys_and_audit': keysAndAudit,
  '0010_older_webhook_secrets': olderWebhookSecrets,
  '0011_disputes': disputes,
  '0012_presence': presence,
  '0013_paused_by': pausedBy,
  '0014_revision': revision,
  '0015_failed_work': failedWork,
  '0025_exceptions': exceptions,
  '0026_unfit_money': unfitMoney,
  '0027_sold_options': soldOptions,
  '0032_figures': figures,
  '0045_access_tokens': accessTokens,
  '0046_events': events,
  '0050_waiting': waiting,
  '0051_participants': participants,
  '0052_session_tokens': sessionTokens,
  '0053_customers': customers,
  '0054_subscriptions': subscriptions,
  '0055_helpers': helpers,
  '0056_help_requests': helpRequests,
  '0057_signals': signals,
  '0058_payment_authorizations': paymentAuthorizations,
  '0059_messages': messages,
  '0060_files': files,
  '0061_rooms': rooms,
  '0066_figure_counts': figureCounts,
  '0068_customer_operations': customerOperations,
  '0072_page_metrics': pageMetrics,
  '0073_erasures': erasures,
  '0075_application_mode': applicationMode,
  '0076_figure_rollups': figureRollups,
  '0077_test_figures': testFigures,
};

/** How long a migration waits for a table, ms: whoever needs that table waits behind it for as long. */
const lockTimeoutMs = 2_000;
/** After that everybody else gets his turn, ms. */
const pauseMs = 1_000;
const maxTries = 60;
/** A lock that could not be had (55P03), or only in a circle (40P01): the same again may well succeed. */
const busyCodes = ['55P03', '40P01'];

/**
 * Brings the database up to date. Several instances may do so at once: one works, the others wait for it. A database that
 * a newer version has migrated is left as it is: this version serves on it too.
 * @param kysely where a statement may take its time, as large tables do.
 * @param signal ends the waiting for others; what has begun comes to its end.
 */
export async function migrate(kysely: Kysely<Tables>, all = migrations, signal?: AbortSignal): Promise<void> {
  await kysely.connection().execute(async (db) => {
    const migrator = new Migrator({
      db,
      provider: { getMigrations: async () => all },
      // Those of two branches may come in either order: each adds what is its own.
      allowUnorderedMigrations: true,
    });
    const known = await migrator.getMigrations();
    if (known.every(({ executedAt }) => executedAt)) return;
    // One instance tries at a time, in its pauses too: several in turn would leave those who serve no time between.
    await inTurn(db, 'migrations', signal, async () => {
      try {
        // What waits for a lock must not hold up those who serve.
        await sql`set lock_timeout = ${sql.lit(lockTimeoutMs)}`.execute(db);
        await tryUntilFree(migrator, signal);
      } finally {
        await sql`reset lock_timeout`.execute(db);
      }
    });
  });
}

async function tryUntilFree(migrator: Migrator, signal?: AbortSignal): Promise<void> {
  for (let tries = 1; ; tries++) {
    const { error } = await migrator.migrateToLatest();
    if (!error) return;
    const isBusy = busyCodes.includes((error as { code?: string }).code ?? '');
    if (!isBusy || tries === maxTries) throw error;
    await sleep(pauseMs, undefined, { signal });
  }
}
