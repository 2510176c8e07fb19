import { pageChecks } from '../../../inspection/checks.js';
import { runChecks } from '../../../inspection/run-checks.js';
import { isLocal } from '../../../inspection/scene.js';
import { SessionError } from '../../../protocol/errors.js';
import type { ServiceContext } from '../../foundation/context.js';
import type { ApplicationRow } from '../../foundation/database/schema.js';
import { resolveTarget, TargetRefused, type WebhookNetwork } from '../webhooks/index.js';
import { guardedFetch } from './guarded-fetch.js';

/** For all that one visit asks, ms. */
const visitMs = 30_000;

/**
 * Looks at a page of an application: on its registered origins alone, and only where a webhook could go. One of tests may be on the
 * machine of a service that is itself reached at a local address.
 * @throws {SessionError} `PAGE_NOT_VISITED`
 */
export async function checkPage(
  context: ServiceContext,
  network: WebhookNetwork,
  application: ApplicationRow,
  named: string | undefined,
) {
  const address = named ?? application.launch_url;
  if (address === null) throw refusal('there is no launch_url');
  const pageUrl = new URL(address);
  const registered = [
    ...application.allowed_origins,
    ...(application.launch_url === null ? [] : [new URL(application.launch_url).origin]),
  ];
  if (!registered.includes(pageUrl.origin)) throw refusal(`${pageUrl.origin} is not registered`);
  const service = new URL(context.publicUrl);
  const isOwn = (url: URL) => url.origin === service.origin;
  const isForTests = application.mode === 'test';
  const mayBePrivate = (url: URL) =>
    isOwn(url) ||
    (isForTests && (network.allowedHosts.includes(url.host) || (isLocal(service) && isLocal(url))));
  pageUrl.hash = '';
  const allowedHosts = mayBePrivate(pageUrl) ? [pageUrl.host] : [];
  await resolveTarget(pageUrl.href, { ...network, allowedHosts }, false).catch((error: unknown) => {
    if (!(error instanceof TargetRefused)) throw error;
    // A name that nobody knows is something that the checks tell.
    if (error.reason !== 'name_unresolved') throw refusal(error.reason);
  });
  const over = new AbortController();
  const cancel = context.timer(() => over.abort(), visitMs);
  try {
    const checks = [];
    const setting = {
      pageUrl,
      apiEndpoint: new URL(`${context.publicUrl}/api/v1`),
      applicationId: application.id,
      application,
      version: undefined,
    };
    const surroundings = {
      fetch: guardedFetch({ network, mayBePrivate, mayChange: isOwn, signal: over.signal }),
      now: context.now,
      wait: (ms: number) => new Promise<void>((resolve) => void context.timer(resolve, ms)),
      mayAskService: isOwn,
    };
    for await (const { id, looksAt, skipped, findings } of runChecks(setting, surroundings, pageChecks))
      checks.push({
        id,
        title: looksAt,
        skipped,
        findings: findings.map((finding) => ({ ...finding, values: { ...finding.values } })),
      });
    const ready = checks.every(({ findings }) => !findings.some(({ blocks }) => blocks));
    return { page_url: pageUrl.href, ready, checks };
  } finally {
    cancel();
    over.abort();
  }
}

const refusal = (reason: string) => new SessionError('PAGE_NOT_VISITED', { message: reason });
