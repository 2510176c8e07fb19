import type { ErrorCode } from '../../protocol/error-codes.js';
import { SessionError } from '../../protocol/errors.js';
import { AccessClient } from '../access/access-client.js';
import { Feed } from '../access/feed.js';
import { browserWorld } from '../browser-world.js';
import { callEach } from '../call-each.js';
import { Reading, type Read } from '../dashboard/reading.js';
import type { World } from '../world.js';
import {
  readApplication,
  readEnded,
  readRehearsal,
  readRehearsalEvent,
  readReport,
  readSecretKey,
  wasJoined,
  type PageReport,
  type SetupApplication,
} from './answers.js';
import type { SetupOptions } from './setup-options.js';
import { originOf, stateOfSteps, type SetupStep, type StepState } from './setup-steps.js';

/** What is left of a rehearsal once the page is in it, seconds: the page warns, and ends by itself. */
const leftSeconds = 10;
/** After that nobody comes any more who was sent to the page, and the page is looked at from outside, ms. */
const patienceMs = 30_000;
/** Rehearsals of before that are looked at. */
const mostRehearsals = 5;
/** Lengths that are sold beside the first, minutes, where nobody has said any. */
const usualExtensions = [15, 30];

/** `preparing` until it is sold, `ready` until the page is in it, `late` where it does not come. */
export type RehearsalState = 'none' | 'preparing' | 'ready' | 'late' | 'opened' | 'warned' | 'ended';

export interface SetupSnapshot {
  readonly application: Read<SetupApplication>;
  readonly steps: Readonly<Record<SetupStep, StepState>>;
  /** What is looked at from outside; undefined before somebody asks for it. */
  readonly report: PageReport | undefined;
  readonly isChecking: boolean;
  readonly rehearsal: RehearsalState;
  /** Where the page is to be opened for it: it holds a session token. */
  readonly launchUrl: string | undefined;
  /** A secret key that was made just now. It is told nowhere else, and gone with the page. */
  readonly secretKey: string | undefined;
  readonly isSaving: boolean;
  /** Why the last change, check or rehearsal could not be made, with the service's reason. */
  readonly failure: { readonly code: ErrorCode; readonly message: string } | undefined;
}

/**
 * The set-up of an application, step by step, in the name of a member of its provider. How far it is the service knows: whoever goes on
 * elsewhere goes on there.
 * @example
 * const setup = new Setup({ apiEndpoint, accessTokenUrl: '/access-token', applicationId: 'sketch' });
 * setup.subscribe(() => show(setup.snapshot.steps));
 * await setup.setPage('https://app.example/');
 */
export class Setup {
  readonly #world: World;
  readonly #options: SetupOptions;
  readonly #listeners = new Set<() => void>();
  readonly #over = new AbortController();
  readonly #application: Reading<SetupApplication>;
  #client: AccessClient | undefined;
  #report: PageReport | undefined;
  #isChecking = false;
  #rehearsal: RehearsalState = 'none';
  #rehearsed: { sessionId: string; launchUrl: string } | undefined;
  #isRehearsed = false;
  #hasKey: boolean;
  #secretKey: string | undefined;
  #isSaving = false;
  #failure: SetupSnapshot['failure'];
  #feed: Feed | undefined;
  #timer: number | undefined;
  #snapshot: SetupSnapshot;
  #isTold = false;

  /**
   * An `apiEndpoint` that is no https address (localhost aside) is told as `CONFIGURATION_INVALID`.
   * @param hasKey whether somebody has said before that the secret key is where it belongs
   */
  constructor(options: SetupOptions, hasKey = false, world: World = browserWorld()) {
    this.#world = world;
    this.#options = options;
    this.#hasKey = hasKey;
    this.#application = new Reading(
      world,
      () => world.now(),
      async (signal) => readApplication(await this.#ask('GET', '', undefined, signal)),
      () => this.#tell(),
    );
    this.#snapshot = this.#look();
    this.#application.restart();
    void this.#lookBack();
  }

  get snapshot(): SetupSnapshot {
    return this.#snapshot;
  }

  /** Calls back after each change. @returns ends it. */
  subscribe(listener: () => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  /** Reads the application anew. */
  retry(): void {
    this.#client?.retry();
    this.#application.retry();
  }

  /** Where customers arrive; its origin is registered. @returns whether it was taken */
  async setPage(address: string): Promise<boolean> {
    const { value } = this.#application.read;
    const origin = originOf(address);
    if (!value || origin === undefined) return false;
    return this.#change({
      launch_url: address,
      allowed_origins: [...new Set([...value.allowedOrigins, origin])],
      return_origins: value.returnOrigins.length ? value.returnOrigins : [origin],
    });
  }

  /** Lets the tag run there, too. @returns whether it was taken */
  async registerOrigin(origin: string): Promise<boolean> {
    const { value } = this.#application.read;
    if (!value) return false;
    return this.#change({ allowed_origins: [...new Set([...value.allowedOrigins, origin])] });
  }

  /** @returns whether it was taken */
  async removeOrigin(origin: string): Promise<boolean> {
    const { value } = this.#application.read;
    if (!value) return false;
    return this.#change({ allowed_origins: value.allowedOrigins.filter((one) => one !== origin) });
  }

  /** What a minute costs; where no extensions are sold yet, two are. @returns whether it was taken */
  async setPrice(tokensPerMinute: number): Promise<boolean> {
    const { value } = this.#application.read;
    if (!value) return false;
    const extension_options = usualExtensions.map((minutes) => ({
      additional_seconds: minutes * 60,
      tokens: minutes * tokensPerMinute,
    }));
    return this.#change({
      tokens_per_minute: tokensPerMinute,
      ...(!value.hasExtensions && { extension_options }),
    });
  }

  /** Has a secret key of tests made; those of before count for a day. It is in the snapshot until `keepKey()`. */
  async newKey(): Promise<boolean> {
    return this.#do(async () => {
      this.#secretKey = readSecretKey(await this.#ask('POST', '/secret-key', {}));
    });
  }

  /** The secret key is where it belongs: it is forgotten here. */
  keepKey(): void {
    this.#hasKey = true;
    this.#secretKey = undefined;
    this.#tell();
  }

  /** Has the service look at the page from outside. @returns whether it did */
  async check(): Promise<boolean> {
    if (this.#isChecking) return false;
    this.#isChecking = true;
    const isDone = await this.#do(async () => {
      this.#report = readReport(await this.#ask('POST', '/checks', {}));
    });
    this.#isChecking = false;
    this.#tell();
    return isDone;
  }

  /** Sells a session that nobody pays for; `snapshot.launchUrl` is where the page is opened in it. */
  async rehearse(): Promise<boolean> {
    if (this.#rehearsal === 'preparing') return false;
    await this.stopRehearsal();
    this.#rehearsal = 'preparing';
    const isSold = await this.#do(async () => {
      this.#rehearsed = readRehearsal(await this.#ask('POST', '/rehearsals'));
    });
    this.#rehearsal = isSold ? 'ready' : 'none';
    if (isSold) this.#follow();
    this.#tell();
    return isSold;
  }

  /** Ends a rehearsal that runs. */
  async stopRehearsal(): Promise<void> {
    const sessionId = this.#rehearsed?.sessionId;
    const runs = !/none|ended/.test(this.#rehearsal);
    this.#letGo();
    this.#rehearsal = 'none';
    this.#tell();
    if (sessionId && runs) await this.#pass(sessionId, 0).catch(() => {});
  }

  /** Hears nothing any more, and tells nothing; a rehearsal that runs is left to itself. */
  close(): void {
    this.#listeners.clear();
    this.#letGo();
    this.#over.abort(new DOMException('', 'AbortError'));
    this.#application.stop();
    this.#client?.destroy();
    this.#secretKey = undefined;
  }

  #letGo(): void {
    this.#world.clearTimeout(this.#timer);
    this.#feed?.close();
    this.#feed = undefined;
    this.#rehearsed = undefined;
  }

  #follow(): void {
    const { sessionId } = this.#rehearsed!;
    this.#timer = this.#world.setTimeout(() => {
      if (this.#rehearsal !== 'ready') return;
      this.#rehearsal = 'late';
      void this.check();
    }, patienceMs);
    this.#feed = new Feed(
      this.#client!,
      {
        path: `/sessions/${encodeURIComponent(sessionId)}/events`,
        onEvent: (type, data) => this.#hear(sessionId, readRehearsalEvent(type, data)),
        onState: (state, error) => {
          if (state === 'refused' && error) this.#fail(error);
        },
      },
      this.#world,
    );
  }

  #hear(sessionId: string, told: ReturnType<typeof readRehearsalEvent>): void {
    const order: readonly RehearsalState[] = ['ready', 'late', 'opened', 'warned', 'ended'];
    if (!told || order.indexOf(told) <= order.indexOf(this.#rehearsal)) return;
    const wasThere = /opened|warned/.test(this.#rehearsal);
    this.#rehearsal = told;
    if (told === 'opened') this.#pass(sessionId, leftSeconds).catch((error: unknown) => this.#fail(error));
    if (told === 'ended') {
      // Where the page was never in it nothing was shown to work.
      if (wasThere) this.#isRehearsed = true;
      else this.#rehearsal = 'none';
      this.#letGo();
    }
    this.#tell();
  }

  #pass(sessionId: string, remaining_seconds: number): Promise<unknown> {
    const path = `/sessions/${encodeURIComponent(sessionId)}/fast-forward`;
    return this.#client!.request({ method: 'POST', path, body: { remaining_seconds } }, this.#over.signal);
  }

  /** Whether a rehearsal of before has gone to its end on the page. What is not kept any more is not known. */
  async #lookBack(): Promise<void> {
    const id = this.#options.applicationId;
    const query = new URLSearchParams({
      application_id: id,
      user_id: `rehearsal-${id}`,
      limit: String(mostRehearsals),
    });
    try {
      const ended = readEnded(await this.#get(`/sessions?${query}`));
      for (const sessionId of ended) {
        const path = `/sessions/${encodeURIComponent(sessionId)}/timeline`;
        if (!wasJoined(await this.#get(path))) continue;
        this.#isRehearsed = true;
        return this.#tell();
      }
    } catch {
      // It can be rehearsed once more.
    }
  }

  async #change(fields: object): Promise<boolean> {
    return this.#do(async () => {
      const application = readApplication(await this.#ask('PATCH', '', fields));
      this.#application.replace(application);
      this.#report = undefined;
    });
  }

  async #do(work: () => Promise<void>): Promise<boolean> {
    this.#isSaving = true;
    this.#failure = undefined;
    this.#tell();
    try {
      await work();
      return true;
    } catch (error) {
      this.#fail(error);
      return false;
    } finally {
      this.#isSaving = false;
      this.#tell();
    }
  }

  #fail(error: unknown): void {
    if (this.#over.signal.aborted) return;
    const { code, message } =
      error instanceof SessionError ? error : new SessionError('ANSWER_INVALID', { cause: error });
    this.#failure = { code, message };
    this.#tell();
  }

  async #ask(
    method: 'GET' | 'POST' | 'PATCH',
    path: string,
    body?: object,
    signal: AbortSignal = this.#over.signal,
  ): Promise<unknown> {
    this.#client ??= new AccessClient(this.#options, this.#world);
    const address = `/applications/${encodeURIComponent(this.#options.applicationId)}${path}`;
    return this.#client.request({ method, path: address, ...(body && { body }) }, signal);
  }

  async #get(path: string): Promise<unknown> {
    this.#client ??= new AccessClient(this.#options, this.#world);
    return this.#client.request({ method: 'GET', path }, this.#over.signal);
  }

  /** Once for all that changes at once. */
  #tell(): void {
    if (this.#over.signal.aborted || this.#isTold) return;
    this.#isTold = true;
    queueMicrotask(() => {
      this.#isTold = false;
      if (this.#over.signal.aborted) return;
      this.#snapshot = this.#look();
      callEach(this.#listeners);
    });
  }

  #look(): SetupSnapshot {
    const application = this.#application.read;
    const facts = {
      ...{ application: application.value, report: this.#report },
      ...{ hasKey: this.#hasKey, isRehearsed: this.#isRehearsed },
    };
    return {
      ...{ application, steps: stateOfSteps(facts), report: this.#report, isChecking: this.#isChecking },
      ...{ rehearsal: this.#rehearsal, launchUrl: this.#rehearsed?.launchUrl },
      ...{ secretKey: this.#secretKey, isSaving: this.#isSaving, failure: this.#failure },
    };
  }
}
