import { lookup as systemLookup } from 'node:dns/promises';
import { createSecureContext, rootCertificates, type SecureContext } from 'node:tls';

/** How webhooks reach their receivers. */
export interface WebhookOptions {
  /**
   * Hosts, with their port where it is not the scheme's own, that may be on a private network and without TLS, such as
   * `localhost:8080`: receivers of the marketplace's own, tests and demos. None by default.
   */
  allowedHosts?: readonly string[];
  /** Authorities, in PEM, that are trusted beside the well-known ones. */
  certificateAuthorities?: readonly string[];
  /** How long one attempt may take in all, ms, at most 30 000; 10 000 by default. */
  timeoutMs?: number;
  /** Resolves a name to its addresses; the system's resolver by default. */
  lookup?: (hostname: string) => Promise<readonly string[]>;
}

export interface WebhookNetwork extends Required<Omit<WebhookOptions, 'certificateAuthorities'>> {
  /** Undefined: the authorities that everybody trusts. */
  secureContext: SecureContext | undefined;
}

const maxTimeoutMs = 30_000;

/** @throws {TypeError} where an attempt would outlive its claim, or an authority is none. */
export function webhookNetwork({
  allowedHosts = [],
  certificateAuthorities = [],
  timeoutMs = 10_000,
  lookup = resolveName,
}: WebhookOptions = {}): WebhookNetwork {
  if (!(timeoutMs > 0 && timeoutMs <= maxTimeoutMs))
    throw new TypeError(`timeoutMs of webhooks must be above 0, at most ${maxTimeoutMs}`);
  const ca = [...rootCertificates, ...certificateAuthorities];
  const secureContext = certificateAuthorities.length > 0 ? createSecureContext({ ca }) : undefined;
  return { allowedHosts, secureContext, timeoutMs, lookup };
}

const resolveName = async (hostname: string) =>
  (await systemLookup(hostname, { all: true })).map(({ address }) => address);
