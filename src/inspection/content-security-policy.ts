// What a Content-Security-Policy lets a page do (CSP Level 3), as far as the tag asks for it.
import type { Tag } from './html.js';

/** Directives of one policy, by their names. */
export type Policy = ReadonlyMap<string, readonly string[]>;

/** Of headers and `<meta>` alike; each one is to allow what is done. What is only reported counts for nothing. */
export function readPolicies(headers: Headers, tags: readonly Tag[]): Policy[] {
  const meta = tags
    .filter(
      ({ name, attributes }) =>
        name === 'meta' && attributes.get('http-equiv')?.toLowerCase() === policyHeader,
    )
    .map(({ attributes }) => attributes.get('content') ?? '');
  // A page cannot say of itself who may frame it, nor put itself into a sandbox (CSP 3, 3.3).
  const without = ['frame-ancestors', 'sandbox'];
  return [
    ...(headers.get(policyHeader)?.split(',') ?? []).map((text) => readPolicy(text)),
    ...meta.map((text) => readPolicy(text, without)),
  ].filter((policy) => policy.size > 0);
}

const policyHeader = 'content-security-policy';

function readPolicy(text: string, without: readonly string[] = []): Policy {
  const directives = new Map<string, string[]>();
  for (const part of text.split(';')) {
    const [name, ...sources] = part.trim().split(/\s+/);
    const key = name!.toLowerCase();
    if (key && !directives.has(key) && !without.includes(key)) directives.set(key, sources);
  }
  return directives;
}

/** The sources that count for such a load: of the first of the directives that the policy has. */
export function sourcesFor(policy: Policy, ...names: string[]): readonly string[] | undefined {
  const name = [...names, 'default-src'].find((one) => policy.has(one));
  return name === undefined ? undefined : policy.get(name)!;
}

export interface AllowedScript {
  url: URL;
  nonce: string | undefined;
  integrity: string | undefined;
}

export function allowsScript(policy: Policy, script: AllowedScript, page: URL): boolean {
  const sources = sourcesFor(policy, 'script-src-elem', 'script-src');
  if (!sources) return true;
  if (script.nonce && sources.includes(`'nonce-${script.nonce}'`)) return true;
  const hashes = script.integrity?.trim().split(/\s+/) ?? [];
  if (hashes.length > 0 && hashes.every((hash) => sources.includes(`'${hash}'`))) return true;
  // With it addresses count for nothing.
  if (sources.includes("'strict-dynamic'")) return false;
  return sources.some((source) => matchesSource(source, script.url, page));
}

export const allowsConnection = (policy: Policy, target: URL, page: URL): boolean =>
  sourcesFor(policy, 'connect-src')?.some((source) => matchesSource(source, target, page)) ?? true;

export const allowsAncestor = (policy: Policy, ancestor: URL, page: URL): boolean =>
  policy.get('frame-ancestors')?.some((source) => matchesSource(source, new URL(ancestor.origin), page)) ??
  true;

/** The ports that belong to schemes. */
const ports: Record<string, string> = { 'http:': '80', 'https:': '443', 'ws:': '80', 'wss:': '443' };
const portOf = (url: URL) => url.port || ports[url.protocol];

/** Whether a source expression stands for an address (CSP 3, 6.7.2). */
export function matchesSource(source: string, url: URL, page: URL): boolean {
  const text = source.toLowerCase();
  if (text === '*') return ports[url.protocol] !== undefined;
  if (text === "'self'") return schemeFits(page.protocol, url.protocol) && sameHost(page, url);
  if (text.startsWith("'")) return false;
  if (/^[a-z][\w+.-]*:$/.test(text)) return schemeFits(text, url.protocol);
  const [, scheme, host, port, path] =
    /^(?:([a-z][\w+.-]*:)\/\/)?(\*|(?:\*\.)?[\w.-]+|\[[\da-f:.]+\])(?::(\d+|\*))?(\/.*)?$/i.exec(source) ??
    [];
  if (host === undefined) return false;
  const name = host.toLowerCase();
  const fits = name.startsWith('*')
    ? name === '*' || url.hostname.endsWith(name.slice(1))
    : url.hostname === name;
  if (!fits || !schemeFits(scheme?.toLowerCase() ?? page.protocol, url.protocol)) return false;
  const isUpgrade = port === '80' && portOf(url) === '443';
  if (
    port === undefined
      ? portOf(url) !== ports[url.protocol]
      : port !== '*' && port !== portOf(url) && !isUpgrade
  )
    return false;
  if (path === undefined || path === '/') return true;
  return path.endsWith('/') ? url.pathname.startsWith(path) : url.pathname === path;
}

/** What allows http allows https too. */
const schemeFits = (allowed: string, asked: string): boolean =>
  allowed === asked || (allowed === 'http:' && asked === 'https:');

const sameHost = (page: URL, url: URL): boolean =>
  page.hostname === url.hostname &&
  (portOf(page) === portOf(url) || (portOf(page) === '80' && portOf(url) === '443'));
