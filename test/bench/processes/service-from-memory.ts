// The same service with no database behind its requests: sessions are read from memory, heartbeats are kept nowhere.
import {
  DummyDriver,
  Kysely,
  PostgresAdapter,
  PostgresIntrospector,
  PostgresQueryCompiler,
  type CompiledQuery,
  type DatabaseConnection,
  type QueryResult,
} from 'kysely';
import type { ServiceContext } from '../../../src/service/foundation/context.js';
import { openDatabase, type Database } from '../../../src/service/index.js';
import { selectSessionViews, type SessionView } from '../../../src/service/features/sessions/session-view.js';
import { serveFromHere } from './service-process.js';

const views = new Map<unknown, SessionView>();

class MemoryDriver extends DummyDriver {
  readonly #real: Database;

  constructor(real: Database) {
    super();
    this.#real = real;
  }

  override async acquireConnection(): Promise<DatabaseConnection> {
    const connection = await super.acquireConnection();
    connection.executeQuery = (query) => this.#execute(query);
    return connection;
  }

  /** What a heartbeat and a validation ask is answered from here; keys and the schema are looked at once, there. */
  async #execute<R>(query: CompiledQuery): Promise<QueryResult<R>> {
    // As from a database, on a later turn of the loop: what arrives meanwhile is asked for together.
    await new Promise(setImmediate);
    if (/from "sessions" inner join "applications"/.test(query.sql)) {
      const rows = query.parameters.flat().flatMap((parameter) => views.get(parameter) ?? []);
      return { rows: rows.map((view) => ({ ...view, read_at: Date.now() })) as R[] };
    }
    if (/last_heartbeat_at/.test(query.sql)) return { rows: [] };
    // Each proof of a load is a new one.
    if (/insert into seen_proofs/.test(query.sql))
      return { rows: JSON.parse(String(query.parameters[0])) as R[] };
    return this.#real.kysely.executeQuery(query as CompiledQuery<R>);
  }
}

const real = await openDatabase({ databaseUrl: process.env.DATABASE_URL! });
const kysely: Database['kysely'] = new Kysely({
  dialect: {
    createAdapter: () => new PostgresAdapter(),
    createDriver: () => new MemoryDriver(real),
    createIntrospector: (db) => new PostgresIntrospector(db),
    createQueryCompiler: () => new PostgresQueryCompiler(),
  },
});

await serveFromHere(
  { ...real, kysely },
  {
    remember: async () => {
      const parts: Partial<ServiceContext> = { kysely: real.kysely, takesMoney: false, now: Date.now };
      const context = parts as ServiceContext;
      for (const view of await selectSessionViews(context).execute()) views.set(view.id, view);
    },
  },
);
