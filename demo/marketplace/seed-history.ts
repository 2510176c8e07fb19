import { Marketplace } from '../../src/sdk/index.js';
import { createSessionService, type Database } from '../../src/service/index.js';
import { lengthsMinutes, type CatalogueEntry } from './catalogue.js';
import { seed, type SeedOptions } from './seed.js';

const dayMs = 86_400_000;
const hourMs = 3_600_000;
const minuteMs = 60_000;
const days = 90;
const people = ['grace', 'alan', 'katherine', 'edsger', 'barbara', 'donald', 'radia'];

export interface HistoryOptions extends Omit<SeedOptions, 'operator'> {
  database: Database;
  /** The present, ms since the epoch. */
  now: number;
}

/** Numbers from 0 to 1 that look like chance, and are the same each time. */
function chances(): () => number {
  let state = 7;
  return () => (state = (state * 16_807) % 2_147_483_647) / 2_147_483_647;
}

/**
 * Three months of sales in a database that is new: a service whose clock stands in the past sells, extends and ends by the rules
 * that hold today, before the present one starts.
 */
export async function seedHistory({ database, now, ...options }: HistoryOptions): Promise<void> {
  const { secrets, catalogue, marketplaceUrl } = options;
  const chance = chances();
  const pick = <T>(list: readonly T[]): T => list[Math.floor(chance() * list.length)]!;
  let at = now - days * dayMs;
  const past = createSessionService({
    ...{ database, operatorKey: secrets.operatorKey, publicUrl: marketplaceUrl, now: () => Math.floor(at) },
    logger: { info() {}, error: console.error },
    rateLimits: { person: Infinity },
  });
  const withKey = (secretKey: string) =>
    new Marketplace({ secretKey, apiUrl: marketplaceUrl, fetch: past.fetch });
  await past.start();
  try {
    const operator = withKey(secrets.operatorKey);
    await seed({ ...options, operator });
    for (const person of people) {
      await operator.customers.upsert(person, {});
      await operator.customers.credit(person, { tokens: 50_000, reference: 'history' });
    }
    const apps = catalogue.filter(({ isForHelp, launchUrl }) => !isForHelp && !launchUrl);
    for (let day = 0; day < days; day += 1) {
      const morning = now - (days - day) * dayMs;
      const isWeekend = new Date(morning).getUTCDay() % 6 === 0;
      const sales = Math.floor(chance() * (isWeekend ? 1 : 2) + day / 90);
      const hours = Array.from({ length: sales }, () => chance() * 22).sort((one, other) => one - other);
      for (const hour of hours) {
        at = Math.max(at, morning + hour * hourMs);
        await sell(pick(apps), pick(lengthsMinutes.slice(1, 3)), pick(people));
      }
    }
  } finally {
    await past.close();
  }

  async function sell(app: CatalogueEntry, minutes: number, userId: string): Promise<void> {
    const { sessions } = withKey(secrets.applicationKeys[app.id]!);
    const comes = chance() > 0.08;
    const { session } = await sessions.create({
      ...{ applicationId: app.id, userId, durationSeconds: minutes * 60 },
      tokensToDeduct: minutes * app.tokensPerMinute,
      ...(!comes && { start: 'when_joined' as const }),
    });
    if (!comes) {
      at += 5 * minuteMs;
      await sessions.cancel(session.id);
      return;
    }
    const length = 0.4 + 0.6 * chance();
    at += minutes * minuteMs * length * 0.9;
    if (length > 0.8) {
      const { minutes: more, tokens } = app.extensions[0]!;
      await sessions.extend(session.id, { additionalSeconds: more * 60, tokensToDeduct: tokens });
      at += more * minuteMs * length * 0.9;
    }
    await sessions.complete(session.id);
  }
}
