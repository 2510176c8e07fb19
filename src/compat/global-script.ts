// What `<script src>` without `type="module"` loads: `MarketplaceSDK.MarketplaceSDK` is there at once, and fetches what it does
// when it is initialized.
import type { SDKConfig, SDKEvents, SessionData } from './config.js';
import type { MarketplaceSDK as WholeSdk } from './marketplace-sdk.js';
import { filesBeside } from './files-beside.js';

/** Of the build. */
declare const VERSION: string;

// It is null in everything that runs later.
const folder = filesBeside((document.currentScript as HTMLScriptElement).src, VERSION);

/** @param query another address for a second try: one that failed once stays failed in some engines. */
async function load(query = ''): Promise<{ MarketplaceSDK: typeof WholeSdk }> {
  const [sdk] = await Promise.all([
    import(`${folder}compat-${VERSION}.js${query}`) as ReturnType<typeof load>,
    import(`${folder}pieces.js${query}`),
  ]);
  return sdk;
}

/** All that may be called. */
type Sdk = Pick<WholeSdk, keyof WholeSdk>;

class MarketplaceSDK implements Sdk {
  #config: SDKConfig;
  #sdk: Sdk | undefined;
  #isDestroyed = false;

  constructor(config: SDKConfig) {
    this.#config = { ...config };
  }

  on<T extends keyof SDKEvents>(event: T, handler: SDKEvents[T]): void {
    Object.assign(this.#config, { [event]: handler });
    this.#sdk?.on(event, handler);
  }

  async initialize(): Promise<SessionData> {
    const loaded = await load()
      .catch(() => load('?again'))
      .catch((cause: unknown) => {
        const error = Object.assign(new Error('A part of the script could not be loaded.', { cause }), {
          code: 'SCRIPT_INCOMPLETE',
        });
        this.#config.onError?.(error);
        throw error;
      });
    if (this.#isDestroyed) return new Promise(() => {});
    this.#sdk ??= new loaded.MarketplaceSDK(this.#config);
    return this.#sdk.initialize();
  }

  startTimer(): void {
    this.#running.startTimer();
  }
  pauseTimer(): void {
    this.#sdk?.pauseTimer();
  }
  resumeTimer(): void {
    this.#sdk?.resumeTimer();
  }
  endSession(): void {
    this.#sdk?.endSession();
  }
  async extendSession(minutes: number): Promise<void> {
    await this.#running.extendSession(minutes);
  }
  async completeSession(minutes?: number): Promise<void> {
    await this.#running.completeSession(minutes);
  }
  getSessionData(): SessionData | null {
    return this.#sdk?.getSessionData() ?? null;
  }
  getRemainingTime(): number {
    return this.#sdk?.getRemainingTime() ?? 0;
  }
  getFormattedTime(): string {
    return this.#sdk?.getFormattedTime() ?? '0:00';
  }
  destroy(): void {
    this.#isDestroyed = true;
    this.#sdk?.destroy();
  }

  get #running(): Sdk {
    if (this.#sdk) return this.#sdk;
    throw Object.assign(new Error('Call initialize() first.'), { code: 'CALL_REFUSED' });
  }
}

Object.assign(globalThis, { MarketplaceSDK: { MarketplaceSDK } });
