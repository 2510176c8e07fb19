import { cp, mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { ConnectionError, Marketplace } from '../sdk/index.js';
import { newSecretKey, registerApplication } from './account.js';
import { secretKeyPattern } from '../inspection/harmless.js';
import { pageServer } from './page-server.js';
import type { Ask } from './questions.js';
import { keepSettings, readSettings, type Settings } from './settings-file.js';
import { detectFramework, isFramework, snippets, type FrameworkName } from '../snippets/snippets.js';

export interface InitCommand {
  folder: string;
  /** What flags have said. */
  given: Partial<
    Record<
      'framework' | 'url' | 'page-url' | 'application-id' | 'provider-id' | 'name' | 'tokens-per-minute',
      string
    >
  >;
  /** Of the service, where this is the operator's machine; without it the marketplace registers the application. */
  operatorKey: string | undefined;
  /** Has a secret key made for an application that is there already. */
  newKey: boolean;
  /** The files of the script tag. */
  scriptFolder: string;
  environment: NodeJS.ProcessEnv;
}

export interface InitReport {
  framework: FrameworkName;
  applicationId: string;
  pageUrl: string;
  written: string[];
  kept: string[];
  /** What keeps a session from running: to be done now. */
  due: string[];
  /** Before customers come. */
  later: string[];
  /** To be run, each as it stands. */
  commands: string[];
  /** For a framework: where it goes, and what it is. */
  snippet: { file: string; code: string } | null;
}

/**
 * From nothing to a page that can be rehearsed; done again, it goes on where it was: what is there is kept.
 * @throws {TypeError} where an answer is none
 * @throws {MarketplaceError}
 */
export async function initCommand(command: InitCommand, ask: Ask): Promise<InitReport> {
  const { folder, given, environment } = command;
  const known = await readSettings(folder, environment);
  const detected = detectFramework(await packagesOf(folder));
  const framework = await ask(
    { flag: 'framework', asks: `Framework: ${Object.keys(snippets).join(', ')}`, usual: detected },
    given.framework,
  );
  if (!isFramework(framework))
    throw new TypeError(`--framework must be one of ${Object.keys(snippets).join(', ')}`);
  const apiUrl = address(
    'url',
    await ask(
      { flag: 'url', asks: 'Address of the session service', usual: known.apiUrl ?? 'http://localhost:8787' },
      given.url,
    ),
  );
  const usualPage = known.pageUrl ?? `http://localhost:${snippets[framework].port}/`;
  const pageUrl = address(
    'page-url',
    await ask({ flag: 'page-url', asks: 'Address of the page', usual: usualPage }, given['page-url']),
  );
  const usualId =
    known.applicationId ??
    (basename(folder)
      .toLowerCase()
      .replace(/[^a-z\d]+/g, '-')
      .replace(/^-+|-+$/g, '') ||
      'app');
  const applicationId = word(
    'application-id',
    await ask(
      { flag: 'application-id', asks: 'Id of the application', usual: usualId },
      given['application-id'],
    ),
  );
  const base = apiUrl.href.replace(/\/(api\/v1\/?)?$/, '');
  const report: InitReport = {
    framework,
    applicationId,
    pageUrl: pageUrl.href,
    written: [],
    kept: [],
    due: [],
    later: later(pageUrl),
    commands: [],
    snippet: null,
  };

  const account = await settle(command, ask, { base, applicationId, pageUrl, known });
  const settings = { ...known, ...account, apiUrl: base, applicationId, pageUrl: pageUrl.href };
  report.written.push(...(await keepSettings(folder, settings)));
  if (!settings.secretKey)
    report.due.push(
      `Ask the marketplace to register ${applicationId} for the origin ${pageUrl.origin}, with launch_url ${pageUrl.href}; put its key of tests into .env as MARKETPLACE_SECRET_KEY.`,
    );
  const apiEndpoint = `${base}/api/v1`;
  const code = snippets[framework].code({ apiEndpoint, applicationId });
  if (framework === 'html') {
    await writePage(command, report, {
      code,
      port: Number(pageUrl.port || 80),
      serviceOrigin: apiUrl.origin,
    });
    report.commands.push('node server.mjs');
  } else {
    report.snippet = { file: snippets[framework].file, code };
    report.commands.push('npm install marketplace-session');
  }
  report.commands.push('npx marketplace-session doctor', 'npx marketplace-session rehearse');
  return report;
}

/** The account that the settings lack, as far as it can be had here. */
async function settle(
  { given, operatorKey, newKey }: InitCommand,
  ask: Ask,
  {
    base,
    applicationId,
    pageUrl,
    known,
  }: { base: string; applicationId: string; pageUrl: URL; known: Settings },
): Promise<Settings> {
  if (!operatorKey) return {};
  const usualName = applicationId[0]!.toUpperCase() + applicationId.slice(1);
  const providerId = word(
    'provider-id',
    await ask(
      { flag: 'provider-id', asks: 'Id of the provider', usual: `${applicationId}-provider` },
      given['provider-id'],
    ),
  );
  const name = word(
    'name',
    await ask({ flag: 'name', asks: 'Name that customers read', usual: usualName }, given.name),
  );
  const price = await ask(
    { flag: 'tokens-per-minute', asks: 'Tokens a minute', usual: '10' },
    given['tokens-per-minute'],
  );
  if (!/^\d{1,6}$/.test(price)) throw new TypeError('--tokens-per-minute must be 0 to 999999');
  const marketplace = new Marketplace({ secretKey: operatorKey, apiUrl: base, maxRetries: 0 });
  const wish = { applicationId, providerId, name, pageUrl, tokensPerMinute: Number(price) };
  const made = await registerApplication(marketplace, wish).catch((error: unknown) => {
    if (!(error instanceof ConnectionError)) throw error;
    throw new Error(`Nobody answers at ${base}. On this machine: npx marketplace-session serve`);
  });
  const isKnown = known.secretKey !== undefined && known.applicationId === applicationId;
  if (made.secretKey || isKnown) return { ...made, secretKey: made.secretKey ?? known.secretKey! };
  if (!newKey)
    throw new Error(
      `${applicationId} exists, and its secret key was shown once. Put it into .env as MARKETPLACE_SECRET_KEY, or run it again with --new-key; the keys of before then count for a day.`,
    );
  return { ...made, secretKey: await newSecretKey(marketplace, applicationId) };
}

async function writePage(
  { folder, scriptFolder }: InitCommand,
  { written, kept }: InitReport,
  { code, port, serviceOrigin }: { code: string; port: number; serviceOrigin: string },
): Promise<void> {
  const files = { 'index.html': `${code}\n`, 'server.mjs': pageServer(port, serviceOrigin) };
  for (const [name, text] of Object.entries(files)) {
    const path = join(folder, name);
    const isNew = await writeFile(path, text, { flag: 'wx' }).then(
      () => true,
      (error: NodeJS.ErrnoException) => {
        if (error.code !== 'EEXIST') throw error;
        return false;
      },
    );
    (isNew ? written : kept).push(name);
  }
  const target = join(folder, 'marketplace-session');
  await mkdir(target, { recursive: true });
  const scripts = (await readdir(scriptFolder)).filter((name) => name.endsWith('.js'));
  for (const name of scripts) await cp(join(scriptFolder, name), join(target, name));
  written.push(`marketplace-session/ (${scripts.length} files)`);
}

async function packagesOf(folder: string): Promise<string[]> {
  const text = await readFile(join(folder, 'package.json'), 'utf8').catch(() => '{}');
  const { dependencies = {}, devDependencies = {} } = JSON.parse(text) as Record<
    string,
    Record<string, string>
  >;
  return Object.keys({ ...dependencies, ...devDependencies });
}

/** What stands between a rehearsal and customers. */
const later = (pageUrl: URL): string[] => [
  ...(pageUrl.protocol === 'http:'
    ? ['Serve the page by https, and have the marketplace register that origin and launch_url.']
    : []),
  'Take the live key (sk_live_) on the server that sells, and have the key of tests replaced.',
  'Register a webhook endpoint, if your server is to know when a session ends.',
];

const refuseSecret = (flag: string, text: string): void => {
  if (secretKeyPattern.test(text))
    throw new TypeError(`--${flag} holds a secret key: have it replaced, for shells keep what they run`);
};

function word(flag: string, text: string): string {
  refuseSecret(flag, text);
  if (text.trim() === '') throw new TypeError(`--${flag} must not be empty`);
  return text.trim();
}

function address(flag: string, text: string): URL {
  refuseSecret(flag, text);
  if (!/^https?:\/\//.test(text) || !URL.canParse(text))
    throw new TypeError(`--${flag} must be an address with http or https`);
  return new URL(text);
}
