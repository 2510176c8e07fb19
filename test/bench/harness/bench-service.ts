import { callerOf, operatorKey, seeding, type TestService } from '../../service/fixtures.js';
import { startRealPostgres } from '../../service/real-postgres.js';
import { startChild, type Child } from './child.js';

/** One instance of the service in a process of its own, on a real PostgreSQL that writes what it is told to the disk. */
export interface BenchService extends ReturnType<typeof seeding> {
  url: string;
  databaseUrl: string;
  process: Child;
  call: TestService['call'];
  stop(): Promise<void>;
}

/** @param environment of the process, beside what names its database. */
export async function startBenchService(environment: Record<string, string> = {}): Promise<BenchService> {
  const postgres = await startRealPostgres({ isDurable: true });
  const { databaseUrl } = await postgres.createDatabase();
  const child = await startChild('service', {
    DATABASE_URL: databaseUrl,
    OPERATOR_KEY: operatorKey,
    ...environment,
  });
  const url = await child.ask<string>('url');
  const call = callerOf(url);
  return {
    url,
    databaseUrl,
    process: child,
    call,
    ...seeding(call),
    async stop() {
      await child.stop();
      await postgres.stop();
    },
  };
}
