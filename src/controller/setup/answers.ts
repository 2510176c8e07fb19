import { SessionError } from '../../protocol/errors.js';

/** Whom an application is for; undefined where it was registered before anybody said so. */
export type ApplicationMode = 'live' | 'test' | undefined;

/** What the service knows of the application. */
export interface SetupApplication {
  readonly id: string;
  readonly name: string;
  readonly mode: ApplicationMode;
  readonly launchUrl: string | undefined;
  readonly allowedOrigins: readonly string[];
  readonly returnOrigins: readonly string[];
  readonly tokensPerMinute: number;
  readonly hasExtensions: boolean;
}

/** Something that is wrong with the page; its sentences are English, as its name. */
export interface PageFinding {
  /** Stable; docs/setup-checks.md lists all. */
  readonly cause: string;
  /** Whether sessions cannot work, or not safely; what is not, is advice. */
  readonly blocks: boolean;
  readonly means: string;
  readonly mend: string;
  /** An origin that would have to be registered, where that is what is wrong. */
  readonly origin: string | undefined;
}

export interface PageCheck {
  readonly id: string;
  readonly looksAt: string;
  /** Why it was not looked at; undefined where it was. */
  readonly skipped: string | undefined;
  readonly findings: readonly PageFinding[];
}

export interface PageReport {
  readonly pageUrl: string;
  readonly isReady: boolean;
  readonly checks: readonly PageCheck[];
}

type Raw = Record<string, unknown>;

const raw = (value: unknown): Raw => (typeof value === 'object' && value !== null ? (value as Raw) : {});
const text = (value: unknown): string => (typeof value === 'string' ? value : '');
const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((one): one is string => typeof one === 'string') : [];
const list = (value: unknown): Raw[] => (Array.isArray(value) ? value.map(raw) : []);

/** @throws {SessionError} `ANSWER_INVALID` */
export function readApplication(answer: unknown): SetupApplication {
  const { id, name, mode, launch_url, allowed_origins, return_origins, ...rest } = raw(answer);
  if (!text(id) || !Array.isArray(allowed_origins)) throw new SessionError('ANSWER_INVALID');
  const { tokens_per_minute: tokens, extension_options: options } = rest;
  return {
    id: text(id),
    name: text(name) || text(id),
    mode: mode === 'test' || mode === 'live' ? mode : undefined,
    launchUrl: URL.canParse(text(launch_url)) ? text(launch_url) : undefined,
    allowedOrigins: texts(allowed_origins),
    returnOrigins: texts(return_origins),
    tokensPerMinute: Number.isSafeInteger(tokens) ? (tokens as number) : 0,
    hasExtensions: list(options).length > 0,
  };
}

/** @throws {SessionError} `ANSWER_INVALID` */
export function readReport(answer: unknown): PageReport {
  const { page_url: pageUrl, ready, checks } = raw(answer);
  if (!Array.isArray(checks)) throw new SessionError('ANSWER_INVALID');
  return {
    pageUrl: text(pageUrl),
    isReady: ready === true,
    checks: list(checks).map(({ id, title: looksAt, skipped, findings }) => ({
      id: text(id),
      looksAt: text(looksAt),
      skipped: text(skipped) || undefined,
      findings: list(findings).map(({ cause, blocks, means, mend, values }) => ({
        cause: text(cause),
        blocks: blocks === true,
        means: text(means),
        mend: text(mend),
        origin: cause === 'origin-not-registered' ? text(raw(values).origin) || undefined : undefined,
      })),
    })),
  };
}

/** @throws {SessionError} `ANSWER_INVALID` */
export function readRehearsal(answer: unknown): { sessionId: string; launchUrl: string } {
  const { session, launch_url: launchUrl } = raw(answer);
  const sessionId = text(raw(session).id);
  const isAddress = URL.canParse(text(launchUrl)) && /^https?:/.test(text(launchUrl));
  if (!sessionId || !isAddress) throw new SessionError('ANSWER_INVALID');
  return { sessionId, launchUrl: text(launchUrl) };
}

/** @throws {SessionError} `ANSWER_INVALID` */
export function readSecretKey(answer: unknown): string {
  const { secret_key: key } = raw(answer);
  if (!text(key)) throw new SessionError('ANSWER_INVALID');
  return text(key);
}

/** Rehearsals that have ended, newest first. */
export const readEnded = (answer: unknown): string[] =>
  list(raw(answer).sessions).flatMap(({ id, status }) =>
    text(id) && ['expired', 'completed'].includes(text(status)) ? [text(id)] : [],
  );

/** Whether a page has been in the session. */
export const wasJoined = (answer: unknown): boolean =>
  list(raw(answer).timeline).some(({ type }) => type === 'participant.joined');

/** What an event of a rehearsal tells. */
export function readRehearsalEvent(type: string, data: unknown): 'opened' | 'warned' | 'ended' | undefined {
  const isCustomer = ({ participant, state }: Raw) =>
    participant === 'customer' && (state === undefined || state === 'present');
  const { presence, session } = raw(data);
  if (type === 'session.ended') return 'ended';
  if (type === 'session.warning') return 'warned';
  if (type === 'participant.joined') return isCustomer(raw(data)) ? 'opened' : undefined;
  if (type !== 'session.snapshot') return undefined;
  if (/^(completed|expired|cancelled)$/.test(text(raw(session).status))) return 'ended';
  return list(presence).some(isCustomer) ? 'opened' : undefined;
}
