import { openDatabase } from '../foundation/database/open-database.js';
import { migrate } from '../foundation/database/migrate.js';
import { recountFigures } from '../features/figures/index.js';

export interface RecountCommand {
  databaseUrl: string | undefined;
  /** Where the embedded database lives, whose service must not run meanwhile. */
  dataDirectory: string;
  /** All of them where none is named. */
  providerId: string | undefined;
}

/** Makes the figures of providers anew from sessions, ledger and events. Instances on the same server go on selling. */
export async function recountCommand({
  databaseUrl,
  dataDirectory,
  providerId,
}: RecountCommand): Promise<void> {
  const database = await openDatabase(databaseUrl ? { databaseUrl, poolSize: 1 } : { dataDirectory });
  try {
    await database.unhurried(async (kysely) => {
      await migrate(kysely);
      await recountFigures(kysely, providerId);
    });
  } finally {
    await database.close();
  }
}
