import type { ReactiveController } from '@lit/reactive-element';
import { render } from 'lit/html.js';
import { every } from '../../../controller/page/every.js';
import {
  HelpRequest,
  unknownHelpRequest,
  type HelpRequestSnapshot,
} from '../../../controller/help-request/help-request.js';
import { SessionError } from '../../../protocol/errors.js';
import { withOwnWords } from '../../languages/own-words.js';
import { define } from '../../shared/define.js';
import { focused, focusQuietly } from '../../shared/focus.js';
import { formatsFor } from '../../shared/formats.js';
import { sentences } from '../../shared/sentences.js';
import type { Words } from '../../shared/words.js';
import { panelStyles } from '../../session/panels/styles.js';
import { Announcements } from '../announcements.js';
import { FeatureWords } from '../feature-words.js';
import { formStyles } from '../form-styles.js';
import { MarketplaceSessionPreflightElement } from '../preflight/marketplace-session-preflight.js';
import { teller } from '../teller.js';
import type { HelpRequestEventFields } from './help-request-events.js';
import type { HelpRequestHost } from './help-request-host.js';
import { helpRequestStyles } from './help-request-styles.js';
import {
  helpRequestView,
  mustCheck,
  standing,
  type CheckBefore,
  type Draft,
  type HelpRequestView,
} from './help-request-view.js';
import type { HelpRequestWords } from './help-request-words.js';
import { loadHelpRequestWords } from './words/load.js';

/** How often the time that was waited is looked at, ms: it is told in minutes. */
const lookMs = 10_000;

/** Draws a help request, and turns what a person does into calls of it. */
export class HelpRequestPart implements ReactiveController {
  readonly #host: HelpRequestHost;
  readonly #tellPage: ReturnType<typeof teller<HelpRequestEventFields>>;
  readonly #words: FeatureWords<HelpRequestWords>;
  readonly #announcements: Announcements;
  #help: HelpRequest | undefined;
  /** What the request was opened with. */
  #key = '';
  /** Of a page that has set the element up in a way that nothing can be asked. */
  #misfit: SessionError | undefined;
  #stopClock = () => {};
  /** The last of its changes that the page was told of. */
  #told = '';
  /** The session that the page itself lets the customer into. */
  #sessionOfPage: string | null = null;
  #said = '';
  #draft: Draft = { categoryId: '', description: '' };
  /** The request before whose talk camera and microphone were looked at. */
  #checkedFor: string | undefined;

  constructor(host: HelpRequestHost) {
    this.#host = host;
    this.#tellPage = teller(host);
    this.#words = new FeatureWords(host, loadHelpRequestWords);
    this.#announcements = new Announcements(() => host.shadowRoot!.querySelector('[part=announcement]'));
    host.wear(panelStyles);
    host.wear(formStyles);
    host.wear(helpRequestStyles);
  }

  hostConnected(): void {
    this.#host.language.load().catch(() => {});
    this.#stopClock = every(lookMs, () => this.#host.requestUpdate());
    this.#host.requestUpdate();
  }

  hostDisconnected(): void {
    this.#stopClock();
    this.#announcements.stop();
    this.#close();
  }

  #close(): void {
    this.#help?.close();
    this.#help = undefined;
    this.#key = '';
  }

  /** Opens the request that the attributes speak of. */
  #follow(): void {
    const { options, isConnected } = this.#host;
    if (!isConnected) return;
    const { categories, ...rest } = options ?? {};
    const key = JSON.stringify(rest);
    if (key === this.#key) return;
    this.#close();
    this.#key = key;
    this.#misfit = undefined;
    try {
      if (!options?.requestUrl && !options?.requestId) throw new SessionError('CONFIGURATION_INVALID');
      this.#help = new HelpRequest({ ...options, categories });
      this.#help.subscribe(() => this.#changed());
      this.#help.start();
    } catch (error) {
      this.#misfit = error as SessionError;
    }
  }

  get #snapshot(): HelpRequestSnapshot | undefined {
    if (this.#help) return this.#help.snapshot;
    return this.#misfit && { ...unknownHelpRequest, phase: 'form', error: this.#misfit };
  }

  draw(): void {
    this.#follow();
    this.#words.look();
    const view = this.#view();
    if (!view) return;
    const { whole, shadowRoot } = this.#host;
    const before = shadowRoot!.activeElement;
    render(helpRequestView(view), whole);
    // What had the focus has gone.
    if (before && !before.isConnected && (!focused() || focused() === document.body))
      focusQuietly(
        (before.matches('[part=check]') && shadowRoot!.querySelector('[part~=join-button]')) ||
          shadowRoot!.querySelector('[part=help-title]'),
      );
    this.#say(view);
  }

  #view(): HelpRequestView | undefined {
    const { language, strings, categories, options } = this.#host;
    const snapshot = this.#snapshot;
    const { locale } = language;
    if (!this.#words.current || !locale || !snapshot) return undefined;
    const { request } = snapshot;
    const common = language.words as Words;
    const act = (work: (help: HelpRequest) => unknown) => () => {
      if (this.#help) void work(this.#help);
    };
    // What fails says so where it is drawn.
    const quietly = (promise: Promise<unknown>) => promise.catch(() => {});
    return {
      words: withOwnWords(this.#words.current, strings as Partial<HelpRequestWords>),
      common,
      formats: formatsFor(common, locale),
      snapshot,
      categories: categories ?? snapshot.categories,
      draft: this.#draft,
      waitedSeconds: request ? Math.max(0, Date.now() / 1000 - request.created_at) : 0,
      canAsk: options?.requestUrl !== undefined,
      canJoin: options?.joinUrl !== undefined && this.#sessionOfPage !== (request?.session_id ?? ''),
      check: this.#check(request?.id),
      write: (draft) => {
        this.#draft = { ...this.#draft, ...draft };
        if (draft.categoryId !== undefined) this.#host.requestUpdate();
      },
      ask: act((help) => quietly(this.#ask(help))),
      cancel: act((help) => quietly(help.cancel())),
      join: act((help) => this.#join(help)),
      again: act((help) => help.again()),
      retry: this.#help && act((help) => help.retry()),
    };
  }

  #check(requestId: string | undefined): CheckBefore | undefined {
    const { checks, require: required, options, theme, strings } = this.#host;
    if (!options || (!checks.length && !required.length)) return undefined;
    define('marketplace-session-preflight', MarketplaceSessionPreflightElement);
    return {
      ...{ checks, required, theme, serverUrl: options.apiEndpoint, strings: strings.preflight ?? {} },
      isPassed: requestId !== undefined && this.#checkedFor === requestId,
      pass: () => {
        this.#checkedFor = requestId;
        this.#host.requestUpdate();
      },
    };
  }

  /** Where the check has to pass first that is said, and nothing else done. */
  #join(help: HelpRequest): void {
    const view = this.#view();
    if (view && mustCheck(view)) return this.#announcements.say(() => view.words.checkFirst);
    help.join().then(
      (address) => location.assign(address),
      () => {
        // What fails says so where it is drawn.
      },
    );
  }

  async #ask(help: HelpRequest): Promise<void> {
    const categories = this.#host.categories ?? help.snapshot.categories ?? [];
    const { categoryId, description } = this.#draft;
    const chosen = categories.find(({ id }) => id === categoryId) ?? categories[0];
    if (!chosen) return;
    const requestId = await help.ask({ categoryId: chosen.id, description });
    this.#tellPage('help-requested', { requestId });
  }

  #changed(): void {
    const { phase, request } = this.#help!.snapshot;
    this.#host.showState(phase);
    if (request) this.#tell(request.id, request.session_id);
    this.#host.requestUpdate();
  }

  /** Tells the page what has become of the request, each once. */
  #tell(requestId: string, sessionId: string | null): void {
    const { phase, request } = this.#help!.snapshot;
    const [toldId] = this.#told.split(' ');
    if (toldId !== requestId) this.#sessionOfPage = null;
    const told = [requestId, phase, sessionId].join(' ');
    if (told === this.#told) return;
    this.#told = told;
    if (phase === 'claimed' && sessionId) {
      const isOurs = this.#tellPage('help-claimed', { requestId, sessionId }, { cancelable: true });
      this.#sessionOfPage = isOurs ? null : sessionId;
    }
    if (phase === 'running' && sessionId) this.#tellPage('help-started', { requestId, sessionId });
    if (phase === 'ended') {
      const { status, reason } = request!;
      this.#tellPage('help-ended', { requestId, sessionId, status, reason });
      if (status === 'completed') this.#draft = { ...this.#draft, description: '' };
    }
  }

  /** Says how it stands once that is another way (WCAG 4.1.3). What it says at first is read where it stands. */
  #say(view: HelpRequestView): void {
    const { phase } = view.snapshot;
    const [title, text] = standing(view);
    const isNews = this.#said !== '' && phase !== 'loading' && phase !== 'form';
    // How many were asked changes too often to be said each time.
    const said = phase === 'waiting' ? title! : sentences(`${title}.`, text);
    if (isNews && said !== this.#said) this.#announcements.say(() => said);
    this.#said = said;
  }
}
