import { addParameter } from '../protocol/add-parameter.js';
import { SessionError } from '../protocol/errors.js';
import { priceOf } from '../protocol/rules/cost.js';
import type { Session } from '../protocol/session.js';
import { SandboxClock } from './clock.js';
import { SandboxContext } from './context.js';
import { requirePermission, type Credential } from './credentials.js';
import { customerRoutes } from './customer-routes.js';
import { Failures, type Failure, type FailureOptions } from './failures.js';
import type { Duration } from './duration.js';
import { helpRoutes } from './help/help-routes.js';
import { preflight, withCors } from './http/cors.js';
import { parseMembers, type Members } from './http/members.js';
import { problemOf } from './http/problem.js';
import { Router, type Route } from './http/route.js';
import { resolveOptions, type SandboxOptions } from './options.js';
import { fileRoutes } from './sessions/file-routes.js';
import { messageRoutes } from './sessions/message-routes.js';
import { roomRoutes } from './sessions/room-routes.js';
import { sessionRoutes } from './sessions/session-routes.js';
import { settled } from './settled.js';
import { tokenRoutes } from './tokens/token-routes.js';

/** A request that has come, without its session token. */
export interface SandboxRequest {
  /** Such as `extend`; `unknown` where the sandbox has no such operation. */
  operation: string;
  method: string;
  /** Below the API. */
  path: string;
  /** Its JSON. */
  body: Readonly<Members>;
  idempotencyKey: string | null;
  /** When it came, ms since the epoch, by the sandbox's clock. */
  at: number;
  /** Of the answer; undefined until there is one. */
  status: number | undefined;
}

/** What `sell` is asked for. */
export interface SandboxSale {
  minutes?: number | undefined;
  /** In place of minutes. */
  seconds?: number | undefined;
  /** What is in the customer's wallet once it is sold; what was there by default. */
  tokens?: number | undefined;
  userId?: string | undefined;
  /** On one of `returnOrigins`. */
  returnUrl?: string | undefined;
  metadata?: Record<string, string> | undefined;
  /** Sells it to start later, so many seconds at most. */
  waitingSeconds?: number | undefined;
}

export interface SandboxSession {
  id: string;
  /** Opens it. */
  token: string;
  /** As it was sold. */
  session: Session;
}

const usualMinutes = 30;

/**
 * A session service in memory, as one fetch handler: by the protocol's own tables and rules, and held to the same
 * conformance run. It is for tests and for trying things; it keeps nothing, and its keys are its own.
 * @example
 * const sandbox = createSandbox();
 * const { token } = await sandbox.sell({ minutes: 10 });
 * await sandbox.clock.advance('6m');
 */
export class Sandbox {
  /** Its clock: that of the device, and what it was moved by. */
  readonly clock: SandboxClock;
  /** The address that it answers for. */
  readonly apiEndpoint: string;
  readonly secretKey: string;
  readonly applicationId: string;
  /** What has come, oldest first. */
  readonly requests: SandboxRequest[] = [];
  readonly #context: SandboxContext;
  readonly #router: Router;
  readonly #failures: Failures;
  readonly #base: string;
  /** What is being done: requests that are answered, above all. */
  #busy = 0;

  constructor(options: SandboxOptions = {}) {
    const settings = resolveOptions(options);
    this.apiEndpoint = settings.apiEndpoint;
    this.secretKey = settings.secretKey;
    this.applicationId = settings.applicationId;
    this.#base = new URL(settings.apiEndpoint).pathname;
    this.clock = new SandboxClock(settings.now, () => settled(() => this.#busy > 0));
    const context = (this.#context = new SandboxContext(settings, this.clock));
    const routes = [
      ...[sessionRoutes, messageRoutes, fileRoutes, roomRoutes, tokenRoutes, customerRoutes, helpRoutes],
    ].flatMap((of) => of(context));
    this.#router = new Router(routes);
    this.#failures = new Failures(routes.map(nameOf), this.clock);
  }

  /** What a controller, or the tag, is to be given beside a fetch. */
  get options(): { apiEndpoint: string } {
    return { apiEndpoint: this.apiEndpoint };
  }

  /** Answers a request. Rejected only where a failure was asked for, or the request was aborted. */
  readonly fetch = async (request: Request): Promise<Response> => {
    const { signal } = request;
    signal.throwIfAborted();
    if (request.method === 'OPTIONS') return preflight();
    const done = this.#beBusy();
    const answer = this.#answer(request, done);
    const aborted = new Promise<never>((_, reject) =>
      signal.addEventListener('abort', () => reject(signal.reason as Error)),
    );
    return Promise.race([answer, aborted]).finally(done);
  };

  /** Moving the clock waits for it, as for an answer. @internal */
  waitFor(work: Promise<unknown>): void {
    const done = this.#beBusy();
    work.then(done, done);
  }

  /** Sells a session to the customer, whose wallet stays as it is. */
  async sell(sale: SandboxSale = {}): Promise<SandboxSession> {
    const { sessions, settings, tokens, wallets } = this.#context;
    const { minutes = usualMinutes, seconds = minutes * 60, userId = settings.userId, returnUrl } = sale;
    const { metadata, waitingSeconds } = sale;
    const price = priceOf(settings.tokensPerMinute, seconds);
    const left = sale.tokens ?? wallets.balanceOf(userId);
    wallets.credit(userId, left + price - wallets.balanceOf(userId));
    const session = sessions.sell({
      ...{ application_id: settings.applicationId, user_id: userId, duration_seconds: seconds },
      ...(returnUrl !== undefined && { return_url: returnUrl }),
      ...(metadata && { metadata }),
      ...(waitingSeconds !== undefined && { start: 'when_joined', waiting_seconds: waitingSeconds }),
    });
    const token = await tokens.ofSession(session);
    return { id: session.id, token, session: sessions.view(session).session };
  }

  /** A page's address with a session token in it, as a marketplace sends a customer there. */
  launchUrl(page: string, { token }: Pick<SandboxSession, 'token'>): string {
    return addParameter(page, 'session', token);
  }

  /** A session as it stands. @throws {SessionError} `SESSION_NOT_FOUND` */
  session(id: string): Session {
    const { sessions } = this.#context;
    return sessions.view(sessions.find(id)).session;
  }

  /** Tokens in the wallet of a customer. */
  balance(userId = this.#context.settings.userId): number {
    return this.#context.wallets.balanceOf(userId);
  }

  /**
   * The next requests of an operation fail.
   * @param operation method and path of the OpenAPI document, such as `POST /sessions/{id}/extend`
   * @throws {TypeError} where the operation, or the failure, is none
   */
  failNext(operation: string, failure: Failure, options?: FailureOptions): void {
    this.#failures.plan(operation, failure, options);
  }

  /** The next requests of an operation are answered late. */
  delayNext(operation: string, by: Duration, options?: Pick<FailureOptions, 'times'>): void {
    this.#failures.plan(operation, undefined, { ...options, after: by });
  }

  /** @returns what says that it is done; more than once does no harm */
  #beBusy(): () => void {
    let isBusy = true;
    this.#busy += 1;
    return () => {
      if (isBusy) this.#busy -= 1;
      isBusy = false;
    };
  }

  async #answer(request: Request, keepWaiting: () => void): Promise<Response> {
    const { pathname } = new URL(request.url);
    const path = pathname.startsWith(`${this.#base}/`) ? pathname.slice(this.#base.length) : undefined;
    const found = path === undefined ? undefined : this.#router.find(request.method, path);
    const route = typeof found === 'object' ? found.route : undefined;
    const entry: SandboxRequest = {
      operation: route?.operation ?? 'unknown',
      method: request.method,
      path: path ?? pathname,
      body: {},
      idempotencyKey: request.headers.get('Idempotency-Key'),
      at: this.clock.now(),
      status: undefined,
    };
    this.requests.push(entry);
    const perform = async (): Promise<Response> => {
      try {
        if (typeof found !== 'object') throw new SessionError(found ?? 'ROUTE_NOT_FOUND');
        const members = found.route.takesContent ? {} : parseMembers(await request.text());
        entry.body = withoutTokens(members);
        const answer = await this.#perform(request, found, members);
        return answer instanceof Response ? answer : Response.json(answer);
      } catch (error) {
        const isRefusedValidation = route?.operation === 'validate';
        const code = error instanceof SessionError ? error.code : 'SERVICE_ERROR';
        return problemOf(error, isRefusedValidation ? { valid: false, error: code } : {});
      }
    };
    const response = await (route ? this.#failures.around(nameOf(route), perform, keepWaiting) : perform());
    entry.status = response.status;
    return withCors(response);
  }

  async #perform(
    request: Request,
    { route, params }: { route: Route; params: Record<string, string> },
    members: Members,
  ): Promise<object> {
    const { credentials } = this.#context;
    const key = request.headers.get('Idempotency-Key');
    let credential: Credential = { kind: 'server' };
    if (route.allows) {
      credential = await credentials.read(request.headers.get('Authorization'), 'CREDENTIAL_MISSING');
      requirePermission(credential, route.allows);
      if (route.needsKey && key === null) throw new SessionError('IDEMPOTENCY_KEY_MISSING');
    }
    const query = new URL(request.url).searchParams;
    return route.answer({ request, params, query, members, credential, key });
  }
}

const nameOf = ({ method, path }: Route) => `${method} ${path}`;

/** A session token is nobody's to read in what a test prints. */
const withoutTokens = ({ session_jwt, ...members }: Members): Members =>
  session_jwt === undefined ? members : { ...members, session_jwt: '...' };
