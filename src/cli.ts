#!/usr/bin/env node
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import type { ServeCommand } from './service/node/serve-command.js';
import type { SetupCommandName, SetupFlags } from './setup/setup-commands.js';

const usage = `marketplace-session serve [options]
marketplace-session conformance --url <url> [options]
marketplace-session init [options]
marketplace-session doctor --page-url <url> [options]
marketplace-session rehearse [options]
marketplace-session recount-figures [options]
marketplace-session --version
marketplace-session --help

serve: runs the session service

  --port <number>        port to listen on (8787)
  --host <name>          address to listen on (127.0.0.1)
  --data-dir <folder>    where the embedded database lives (.data)
  --files-dir <folder>   where files of sessions live (<data-dir>/files; with DATABASE_URL sessions have none unless it is
                         named: all instances share it)
  --public-url <url>     the service's address as others see it (http://localhost:<port>)

  --trusted-proxies <number>
                         proxies in front that append to X-Forwarded-For; rate limits go by what they saw (0)
  --drain-seconds <number>
                         how long requests are still taken after SIGTERM, while /readyz answers 503 (0)
  --public-metrics       lets everybody read /metrics, not only who has the operator key
  --test-clock           lets a secret key of a test (sk_test_) move the clock forward by POST /test/clock
  --log-level <level>    info (a line for each request) or error (info)
  --session-token-seconds <number>
                         the longest life of a session token, from 300 on (as long as its session)

Environment: DATABASE_URL (a PostgreSQL server in place of the embedded database),
DATABASE_POOL_SIZE (connections to it that work at a time; 10),
MARKETPLACE_OPERATOR_KEY (at least 32 characters; without it one is made in <data-dir>/operator.key),
MARKETPLACE_SESSION_TOKEN_SECONDS (in place of --session-token-seconds),
MARKETPLACE_WEBHOOK_HOSTS (hosts, host:port, that webhooks may reach without TLS or on a private network),
MARKETPLACE_KEY_ENCRYPTION_KEY (32 bytes in base64 or hex; encrypts the secrets in the database),
MARKETPLACE_RATE_LIMITS (requests a minute, such as session=300,person=300,application=6000,operator=off,address=3000),
MARKETPLACE_RETENTION (days that what is kept for, such as audit=400,deliveries=30,payments=90,sessions=ever,events=400,messages=90,files=90),
MARKETPLACE_FILES_DIR (in place of --files-dir),
MARKETPLACE_S3_ENDPOINT, MARKETPLACE_S3_REGION, MARKETPLACE_S3_BUCKET, MARKETPLACE_S3_ACCESS_KEY_ID, MARKETPLACE_S3_SECRET_ACCESS_KEY
(a bucket in place of the folder; needs npm install aws4fetch), MARKETPLACE_S3_LINK_ENDPOINT (where browsers reach the bucket),
MARKETPLACE_ROOM_PROVIDER (where the sides of a session meet: embedded, links, jitsi, livekit, daily or off; embedded),
MARKETPLACE_STUN_URLS, MARKETPLACE_TURN_URLS and MARKETPLACE_TURN_SECRET (embedded), MARKETPLACE_ROOM_LINK_CUSTOMER,
MARKETPLACE_ROOM_LINK_PROVIDER and MARKETPLACE_ROOM_LINK_SECRET (links), MARKETPLACE_JITSI_HOST, MARKETPLACE_JITSI_APP_ID and
MARKETPLACE_JITSI_SECRET (jitsi), LIVEKIT_URL, LIVEKIT_API_KEY, LIVEKIT_API_SECRET and MARKETPLACE_LIVEKIT_MEET_URL (livekit),
DAILY_API_KEY (daily),
STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET (extensions for money; needs npm install stripe).

conformance: holds any backend against the protocol; exits with 1 where a row fails

  --url <url>            the address of the API, such as https://market.example/api/v1
  --set <name>           smaller (validate, heartbeat, renew or extend, complete) or full (full)
  --token-command <command>
                         prints the session token of a new session, each time that it is run
  --application-id <id> --user-id <id>
                         in its place: sells by POST /sessions, with the secret key in MARKETPLACE_SECRET_KEY

MARKETPLACE_SECRET_KEY is also how it listens as the provider's server; without it rows about presence are skipped.

init: sets up a page in this folder, and says what is left; what is there already is kept

  --framework <name>     html, react, next, vue, svelte or angular (what package.json says)
  --url <url>            the address of the service (http://localhost:8787)
  --page-url <url>       the page that customers will arrive at (http://localhost:8000/ without a framework)
  --application-id <id>  the application (the name of the folder)
  --provider-id <id> --name <text> --tokens-per-minute <number>
                         of an application that is registered here, with the operator key in MARKETPLACE_OPERATOR_KEY or in
                         <data-dir>/operator.key; without that key the marketplace does it
  --new-key              has a new secret key made for an application that is there already
  --yes, -y              asks nothing
  --json                 one JSON object in place of lines

doctor: looks at a page with the tag, and at the service that it asks; exits with 1 where something blocks sessions

  --page-url <url>       the page that customers arrive at
  --url <url>            the address of the API that it is to use (what the tag in the page says)
  --application-id <id>  the application (what the tag in the page says)
  --framed-by <url>      a page that shows this one in a frame
  --json                 one JSON object in place of lines

MARKETPLACE_SECRET_KEY lets it look at what the service knows of the application, and test its webhooks.

rehearse: sells a session of tests that nobody pays for, waits until the page is in it, and brings it to its end in seconds

  --within-seconds <number>
                         how long the page is waited for (120)
  --json                 a JSON object a line, for each step

init, doctor and rehearse read what init has written into .env.

recount-figures: makes what providers' figures say anew, from sessions, ledger and events; others go on selling

  --provider <id>        of this one alone
  --data-dir <folder>    of the embedded database, whose service must not run meanwhile (.data); DATABASE_URL in its place`;

async function main(): Promise<void> {
  const { values, positionals } = parseArgs({
    allowPositionals: true,
    options: {
      port: { type: 'string', default: '8787' },
      host: { type: 'string', default: '127.0.0.1' },
      'data-dir': { type: 'string', default: '.data' },
      'files-dir': { type: 'string' },
      'public-url': { type: 'string' },
      'session-token-seconds': { type: 'string' },
      'trusted-proxies': { type: 'string', default: '0' },
      'drain-seconds': { type: 'string', default: '0' },
      'public-metrics': { type: 'boolean', default: false },
      'test-clock': { type: 'boolean', default: false },
      'log-level': { type: 'string', default: 'info' },
      url: { type: 'string' },
      set: { type: 'string', default: 'full' },
      'token-command': { type: 'string' },
      'application-id': { type: 'string' },
      'user-id': { type: 'string' },
      'page-url': { type: 'string' },
      'framed-by': { type: 'string' },
      framework: { type: 'string' },
      'provider-id': { type: 'string' },
      name: { type: 'string' },
      'tokens-per-minute': { type: 'string' },
      'new-key': { type: 'boolean', default: false },
      'within-seconds': { type: 'string', default: '120' },
      yes: { type: 'boolean', short: 'y', default: false },
      json: { type: 'boolean', default: false },
      provider: { type: 'string' },
      help: { type: 'boolean', short: 'h', default: false },
      version: { type: 'boolean', short: 'v', default: false },
    },
  });
  if (values.version) {
    console.log(await readVersion());
    return;
  }
  const [command, ...others] = positionals;
  if (
    values.help ||
    others.length > 0 ||
    !/^(serve|conformance|init|doctor|rehearse|recount-figures)$/.test(command ?? '')
  ) {
    console.log(usage);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  if (command === 'conformance') return holdAgainstProtocol(values);
  if (command === 'doctor' || command === 'init' || command === 'rehearse') return setUp(command, values);
  if (command === 'recount-figures') {
    const { recountCommand } = await import('./service/node/recount-command.js');
    return recountCommand({
      databaseUrl: process.env.DATABASE_URL,
      dataDirectory: values['data-dir'],
      providerId: values.provider,
    });
  }
  const port = readNumber('--port', values.port, 65_535);
  const logLevel = values['log-level'];
  if (logLevel !== 'info' && logLevel !== 'error') throw new TypeError('--log-level must be info or error');
  const tokenLife = values['session-token-seconds'] ?? process.env.MARKETPLACE_SESSION_TOKEN_SECONDS;
  const settings = {
    port,
    host: values.host,
    dataDirectory: values['data-dir'],
    publicUrl: values['public-url'],
    databaseUrl: process.env.DATABASE_URL,
    poolSize: Math.max(1, readNumber('DATABASE_POOL_SIZE', process.env.DATABASE_POOL_SIZE || '10', 1000)),
    operatorKey: process.env.MARKETPLACE_OPERATOR_KEY || undefined,
    files: readBucket(process.env) ?? (values['files-dir'] || process.env.MARKETPLACE_FILES_DIR || undefined),
    stripe: readStripeKeys(process.env),
    sessionTokenSeconds: tokenLife ? Number(tokenLife) : undefined,
    webhookHosts: process.env.MARKETPLACE_WEBHOOK_HOSTS?.split(',').map((host) => host.trim()) ?? [],
    keyEncryptionKeys: process.env.MARKETPLACE_KEY_ENCRYPTION_KEY?.split(',').map((key) => key.trim()) ?? [],
    rateLimits: readRateLimits(process.env.MARKETPLACE_RATE_LIMITS ?? ''),
    retention: readRetention(process.env.MARKETPLACE_RETENTION ?? ''),
    trustedProxies: readNumber('--trusted-proxies', values['trusted-proxies'], 10),
    publicMetrics: values['public-metrics'],
    testClock: values['test-clock'],
    logLevel,
    drainSeconds: readNumber('--drain-seconds', values['drain-seconds'], 3600),
  } satisfies Omit<ServeCommand, 'roomProvider'>;
  // Loaded once these settings are good: it takes most of a second.
  const { serveCommand } = await import('./service/node/serve-command.js');
  const { readRoomProvider } = await import('./service/node/room-settings.js');
  await serveCommand({ ...settings, roomProvider: readRoomProvider(process.env) });
}

/** Beside `dist` and `src` alike. By a name: the build would put the file itself in the place of an address that it can read. */
const manifest = '../package.json';

async function readVersion(): Promise<string> {
  const text = await readFile(new URL(manifest, import.meta.url), 'utf8');
  return (JSON.parse(text) as { version: string }).version;
}

async function holdAgainstProtocol(
  values: Partial<Record<'url' | 'set' | 'token-command' | 'application-id' | 'user-id', string>>,
): Promise<void> {
  const {
    url,
    set,
    'token-command': tokenCommand,
    'application-id': applicationId,
    'user-id': userId,
  } = values;
  const secretKey = process.env.MARKETPLACE_SECRET_KEY || undefined;
  if (!url || !URL.canParse(url)) throw new TypeError('--url must be the address of the API');
  if (set !== 'smaller' && set !== 'full') throw new TypeError('--set must be smaller or full');
  const sale = applicationId && userId && secretKey ? { applicationId, userId } : undefined;
  if (!sale && !tokenCommand)
    throw new TypeError(
      'Say how to get sessions: --token-command, or --application-id, --user-id and MARKETPLACE_SECRET_KEY.',
    );
  const { conformanceCommand } = await import('./conformance/conformance-command.js');
  const holds = await conformanceCommand({ url, set, tokenCommand, sale, secretKey }, console.log);
  process.exitCode = holds ? 0 : 1;
}

async function setUp(command: SetupCommandName, flags: SetupFlags): Promise<void> {
  const { setupCommand } = await import('./setup/setup-commands.js');
  // Beside the built command, or where the sources have it built.
  const folders = ['./cdn/', '../dist/cdn/'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
  const place = {
    folder: process.cwd(),
    version: await readVersion(),
    scriptFolder: folders.find((folder) => existsSync(folder)) ?? folders[0]!,
    environment: process.env,
    input: process.stdin,
    output: process.stdout,
  };
  process.exitCode = await setupCommand(command, flags, place, console.log);
}

function readNumber(name: string, text: string, max: number): number {
  if (!/^\d{1,9}$/.test(text) || Number(text) > max) throw new TypeError(`${name} must be 0 to ${max}`);
  return Number(text);
}

/** Such as `session=300,operator=off`. */
function readRateLimits(
  text: string,
): Partial<Record<'session' | 'person' | 'application' | 'operator' | 'visits' | 'address', number>> {
  const pairs = text.split(',').filter(Boolean);
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, limit] =
        /^\s*(session|person|application|operator|visits|address)=(off|\d+)\s*$/.exec(pair) ?? [];
      if (!name) throw new TypeError(`MARKETPLACE_RATE_LIMITS holds ${pair}: write session=300,operator=off`);
      return [name, limit === 'off' ? Infinity : Number(limit)];
    }),
  );
}

/** Such as `audit=800,deliveries=ever`, in days. */
function readRetention(
  text: string,
): Partial<
  Record<'audit' | 'deliveries' | 'payments' | 'sessions' | 'events' | 'messages' | 'files', number>
> {
  const pairs = text.split(',').filter(Boolean);
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, days] =
        /^\s*(audit|deliveries|payments|sessions|events|messages|files)=(ever|\d{1,6})\s*$/.exec(pair) ?? [];
      if (!name) throw new TypeError(`MARKETPLACE_RETENTION holds ${pair}: write audit=400,sessions=ever`);
      return [name, days === 'ever' ? Infinity : Number(days)];
    }),
  );
}

/** A bucket for files; undefined where none is named. */
function readBucket(environment: NodeJS.ProcessEnv) {
  const read = (name: string) => environment[`MARKETPLACE_S3_${name}`] || undefined;
  const [endpoint, region, bucket] = [read('ENDPOINT'), read('REGION'), read('BUCKET')];
  const [accessKeyId, secretAccessKey] = [read('ACCESS_KEY_ID'), read('SECRET_ACCESS_KEY')];
  if (![endpoint, region, bucket, accessKeyId, secretAccessKey].some(Boolean)) return undefined;
  if (!endpoint || !region || !bucket || !accessKeyId || !secretAccessKey)
    throw new TypeError(
      'MARKETPLACE_S3_ENDPOINT, _REGION, _BUCKET, _ACCESS_KEY_ID and _SECRET_ACCESS_KEY go together: set all, or none.',
    );
  const linkEndpoint = read('LINK_ENDPOINT');
  for (const address of [endpoint, linkEndpoint ?? endpoint])
    if (!/^https?:/.test(address) || !URL.canParse(address))
      throw new TypeError('MARKETPLACE_S3_ENDPOINT and _LINK_ENDPOINT must be addresses with http or https');
  return { endpoint, region, bucket, accessKeyId, secretAccessKey, ...(linkEndpoint && { linkEndpoint }) };
}

function readStripeKeys({
  STRIPE_SECRET_KEY: secretKey,
  STRIPE_WEBHOOK_SECRET: webhookSecret,
}: NodeJS.ProcessEnv) {
  if (!secretKey && !webhookSecret) return undefined;
  if (secretKey && webhookSecret) return { secretKey, webhookSecret };
  throw new TypeError('STRIPE_SECRET_KEY and STRIPE_WEBHOOK_SECRET go together: set both, or neither.');
}

/** What to tell the person at the terminal: one line, and what to do. */
function explain(error: unknown): string {
  const { code, message } = error as NodeJS.ErrnoException;
  if (code !== 'ERR_MODULE_NOT_FOUND') return message;
  const driver = process.env.DATABASE_URL ? 'pg' : '@electric-sql/pglite';
  const payments = process.env.STRIPE_SECRET_KEY ? ' stripe' : '';
  const bucket = process.env.MARKETPLACE_S3_ENDPOINT ? ' aws4fetch' : '';
  return `The session service needs packages that are not installed. Run:
  npm install hono @hono/node-server @hono/zod-openapi zod jose kysely prom-client ${driver}${payments}${bucket}`;
}

main().catch((error: unknown) => {
  console.error(explain(error));
  // A server that listens already must not keep a failed start alive.
  process.exit(1);
});
