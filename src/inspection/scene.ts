import { readPolicies, type Policy } from './content-security-policy.js';
import { readTags, type Tag } from './html.js';

/** What is looked at, and with what. */
export interface Setting {
  /** Where customers arrive. */
  pageUrl: URL;
  /** The address of the API that the page is to use, such as `https://market.example/api/v1`; the tag's own where none is named. */
  apiEndpoint?: URL | undefined;
  applicationId?: string | undefined;
  /** Of the application: what the service knows of it is looked at too. */
  secretKey?: string | undefined;
  /** The application, where the service is asked in no other way. */
  application?: KnownApplication | undefined;
  /** The page that shows this one in a frame. */
  framedBy?: URL | undefined;
  /** The version of the script that is expected, such as `0.1.0`; any where none is said. */
  version: string | undefined;
}

/** What the service knows of an application. */
export interface KnownApplication {
  launch_url: string | null;
  allowed_origins: readonly string[];
  return_origins: readonly string[];
  tokens_per_minute: number;
}

/** The network and the clock. */
export interface Surroundings {
  fetch(request: Request): Promise<Response>;
  /** Milliseconds since the epoch. */
  now(): number;
  wait(ms: number): Promise<void>;
  /** Whether a service at that address may be asked; without it any. */
  mayAskService?(endpoint: URL): boolean;
}

/** An answer that has come whole, or up to its first two million bytes. */
export interface Answer {
  url: URL;
  status: number;
  headers: Headers;
  text: string;
  /** By the clock of this machine, ms since the epoch: in the middle between question and answer. */
  at: number;
}

export interface Visit extends Answer {
  /** The addresses on the way, the first one too; the last is `url`. */
  way: readonly URL[];
  tags: readonly Tag[];
  policies: readonly Policy[];
}

/** A script that brings the tag, as far as its page tells. */
export interface TagScript {
  url: URL;
  /** Of `<script src>`; undefined where another script imports it. */
  tag: Tag | undefined;
}

/** A visit of the page: what checks look at. */
export interface Scene extends Setting {
  surroundings: Surroundings;
  /** Undefined where nobody answers. */
  page: Visit | undefined;
  /** The `<marketplace-session>`; undefined where the HTML has none. */
  tag: Tag | undefined;
  /** What loads the tag by its name. */
  scripts: readonly TagScript[];
  /** Scripts of the page that may have the tag in them, with their text where it came. */
  bundles: readonly { url: URL; text: string }[];
  /** As the tag names it, or the setting; undefined where neither does, or it is none. */
  endpoint: URL | undefined;
  /** Asks; undefined where no answer comes. */
  ask(url: URL, init?: RequestInit): Promise<Answer | undefined>;
}

const timeoutMs = 8_000;
const maxLength = 2_000_000;
const maxRedirects = 10;
const maxBundles = 12;

/** Of `<script type>`: what a browser runs. */
const runs = /^(module|text\/javascript|application\/javascript|)$/i;
const isOurFile = (url: URL) =>
  /\/(marketplace-session|pieces|live-help|dashboard|setup)\.js$/.test(url.pathname);

/** Visits the page as a browser does that runs no script. */
export async function visit(setting: Setting, surroundings: Surroundings): Promise<Scene> {
  const ask: Scene['ask'] = (url, init) => askFor(surroundings, url, init);
  const page = await visitPage(surroundings, setting.pageUrl);
  const tag = page?.tags.find(({ name }) => name === 'marketplace-session');
  const found = page ? scriptsOf(page) : [];
  const scripts = found.filter(({ url }) => isOurFile(url));
  const others = found
    .filter(({ url }) => !isOurFile(url) && url.origin === page!.url.origin)
    .slice(0, maxBundles);
  const bundles = await Promise.all(
    others.map(async ({ url }) => ({ url, text: (await ask(url))?.text ?? '' })),
  );
  const named = tag?.attributes.get('api-endpoint');
  const base = page?.url.href ?? setting.pageUrl.href;
  const endpoint = named && URL.canParse(named, base) ? new URL(named, base) : setting.apiEndpoint;
  return { ...setting, surroundings, page, tag, scripts, bundles, endpoint, ask };
}

/** Follows redirects, and remembers them. */
export async function visitPage(surroundings: Surroundings, from: URL): Promise<Visit | undefined> {
  const way = [from];
  for (;;) {
    const url = way.at(-1)!;
    const answer = await askFor(surroundings, url, { headers: { Accept: 'text/html' } });
    if (!answer) return undefined;
    const location = answer.status >= 300 && answer.status < 400 ? answer.headers.get('location') : null;
    if (location !== null && URL.canParse(location, url) && way.length <= maxRedirects) {
      way.push(new URL(location, url));
      continue;
    }
    const tags = readTags(answer.text);
    return { ...answer, way, tags, policies: readPolicies(answer.headers, tags) };
  }
}

async function askFor(
  { fetch, now }: Surroundings,
  url: URL,
  init: RequestInit = {},
): Promise<Answer | undefined> {
  if (!/^https?:$/.test(url.protocol)) return undefined;
  const askedAt = now();
  try {
    const request = new Request(url, { redirect: 'manual', ...init, signal: AbortSignal.timeout(timeoutMs) });
    const response = await fetch(request);
    const at = (askedAt + now()) / 2;
    const text = await readText(response);
    return { url, status: response.status, headers: response.headers, text, at };
  } catch {
    return undefined;
  }
}

/** An address that never ends is given up in the middle. */
async function readText(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    text += decoder.decode(chunk, { stream: true });
    if (text.length > maxLength) break;
  }
  return text;
}

/** What its scripts load: by `src`, and by an import that names a file of ours. */
function scriptsOf({ url, tags }: Visit): TagScript[] {
  const scripts = tags.filter(({ name }) => name === 'script');
  return scripts.flatMap((tag): TagScript[] => {
    if (!runs.test(tag.attributes.get('type') ?? '')) return [];
    const source = tag.attributes.get('src');
    if (source !== undefined) return URL.canParse(source, url) ? [{ url: new URL(source, url), tag }] : [];
    const imports = [
      ...tag.text.matchAll(/(?:\bfrom|\bimport)\s*\(?\s*["']((?:https?:|\.|\/)[^"'\s]*)["']/g),
    ];
    return imports
      .filter(([, address]) => URL.canParse(address!, url))
      .map(([, address]) => ({ url: new URL(address!, url), tag: undefined }))
      .filter((script) => isOurFile(script.url));
  });
}

/** Whether the browser takes it for safe without TLS (Secure Contexts, 3.1). */
export const isLocal = ({ hostname }: URL): boolean =>
  /(^|\.)localhost$|^127\.\d+\.\d+\.\d+$|^\[::1\]$/.test(hostname);
