import { render } from 'lit/html.js';
import type { DeskOptions } from '../../../controller/desk/desk-options.js';
import { Desk, type DeskAction, type DeskEntry, type DeskSnapshot } from '../../../controller/desk/desk.js';
import { every } from '../../../controller/page/every.js';
import { SessionError } from '../../../protocol/errors.js';
import type { Availability } from '../../../protocol/help-request.js';
import { withOwnWords } from '../../languages/own-words.js';
import { ConnectionNotice } from '../../session/panels/connection-notice.js';
import { panelStyles } from '../../session/panels/styles.js';
import { focused, focusQuietly } from '../../shared/focus.js';
import { formatsFor, type Formats } from '../../shared/formats.js';
import { fill } from '../../shared/wording.js';
import type { Words } from '../../shared/words.js';
import { FeatureWords } from '../feature-words.js';
import { FeaturePart } from '../feature-part.js';
import { formStyles } from '../form-styles.js';
import { OutcomeAsker } from '../outcome/outcome-asker.js';
import { outcomeStyles } from '../outcome/outcome-styles.js';
import type { OutcomeView } from '../outcome/outcome-view.js';
import type { OutcomeWords } from '../outcome/outcome-words.js';
import { loadOutcomeWords } from '../outcome/words/load.js';
import type { DeskEventFields } from './desk-events.js';
import type { DeskHost } from './desk-host.js';
import { deskStyles } from './desk-styles.js';
import { deskView, messageOf } from './desk-view.js';
import type { DeskWords } from './desk-words.js';
import { loadDeskWords } from './words/load.js';

/** Draws a desk, and turns what a person does into calls of it. */
export class DeskPart extends FeaturePart<DeskHost, DeskWords, DeskEventFields> {
  readonly #notice = new ConnectionNotice((told) => {
    if (told === 'online') this.say(({ reconnected }) => reconnected);
    else this.say(({ connectionLost }) => connectionLost);
    this.host.requestUpdate();
  });
  #desk: Desk | undefined;
  /** What was told of it. */
  #before: DeskSnapshot | undefined;
  /** Not said yet. */
  readonly #newOffers = new Set<string>();
  #stopClock: (() => void) | undefined;
  /** Of the talks that are over. */
  readonly #askers = new Map<string, OutcomeAsker>();
  readonly #outcomeWords: FeatureWords<OutcomeWords>;

  constructor(host: DeskHost) {
    super(host, loadDeskWords, panelStyles, formStyles, outcomeStyles, deskStyles);
    this.#outcomeWords = new FeatureWords(host, loadOutcomeWords);
  }

  protected override stop(): void {
    this.#desk?.close();
    this.#desk = undefined;
    this.#before = undefined;
    for (const asker of this.#askers.values()) asker.stop();
    this.#askers.clear();
    this.#notice.stop();
    this.#stopClock?.();
    this.#stopClock = undefined;
  }

  protected override start(options: DeskOptions): void {
    this.#desk = new Desk(options);
    this.#desk.subscribe(() => this.#changed());
    this.#changed();
  }

  get #formats(): Formats | undefined {
    const { words, locale } = this.host.language;
    return locale === undefined ? undefined : formatsFor(words as Words, locale);
  }

  draw(): void {
    const { whole, shadowRoot } = this.host;
    this.follow();
    const words = this.said;
    const formats = this.#formats;
    const desk = this.#desk;
    if (!words || !formats || !desk) return;
    const { snapshot } = desk;
    const before = shadowRoot!.activeElement;
    const requestId = before?.closest('[data-request]')?.getAttribute('data-request');
    const view = deskView({
      ...{ words, formats, snapshot },
      now: desk.now(),
      notice:
        snapshot.connection === 'refused' ? 'refused' : this.#notice.told === 'online' ? undefined : 'lost',
      addressOf: (entry) => this.#addressOf(entry),
      turn: (availability) => void this.#turn(desk, availability),
      act: (id, action) => void this.#act(desk, id, action),
      join: (event, entry) => this.#join(event, entry),
      dismiss: (id) => desk.dismiss(id),
      outcomeOf: (id) => this.#outcomeOf(id),
      tryNow: () => desk.retry(),
    });
    render(view, whole);
    if (before && !before.isConnected && (!focused() || focused() === document.body))
      this.#focusInstead(requestId);
    this.#watchClock(snapshot);
  }

  show(requestId: string): void {
    this.host.scrollIntoView({ block: 'nearest' });
    const root = this.host.shadowRoot!;
    const name = root.querySelector<HTMLElement>(`[data-request="${CSS.escape(requestId)}"] h4`);
    (name ?? root.querySelector<HTMLElement>('[part=desk-title]'))?.focus();
  }

  /** What was pressed has gone: the focus stays with its request, where that is still there. */
  #focusInstead(requestId: string | null | undefined): void {
    const root = this.host.shadowRoot!;
    const request = requestId && root.querySelector(`[data-request="${CSS.escape(requestId)}"]`);
    const place = request && (request.querySelector('[part~=join-button]') ?? request.querySelector('h4'));
    focusQuietly(place || root.querySelector<HTMLElement>('[part=desk-title]'));
  }

  /** The time to join is counted down while somebody looks. */
  #watchClock({ entries }: DeskSnapshot): void {
    const isCounting = entries.some(({ stage }) => stage === 'claimed');
    if (isCounting) this.#stopClock ??= every(1000, () => this.host.requestUpdate());
    else {
      this.#stopClock?.();
      this.#stopClock = undefined;
    }
  }

  #addressOf({ id, sessionId }: DeskEntry): string | undefined {
    const { sessionUrl } = this.host;
    if (!sessionUrl) return undefined;
    const address = sessionUrl
      .replaceAll('{session_id}', encodeURIComponent(sessionId!))
      .replaceAll('{request_id}', encodeURIComponent(id));
    if (!URL.canParse(address, document.baseURI)) return undefined;
    return /^https?:/.test(new URL(address, document.baseURI).protocol) ? address : undefined;
  }

  async #turn(desk: Desk, availability: Availability): Promise<void> {
    try {
      await desk.setAvailability(availability);
    } catch (error) {
      this.#refused(error);
    }
    // The choice goes back to what is so.
    this.host.requestUpdate();
  }

  async #act(desk: Desk, id: string, action: DeskAction): Promise<void> {
    const entry = desk.snapshot.entries.find((one) => one.id === id);
    if (!entry || entry.doing) return;
    if (action === 'claim' && desk.snapshot.isBusy) return this.say(({ refusals }) => refusals.busy);
    try {
      if (action === 'claim') {
        const { sessionId } = await desk.claim(id);
        this.tellPage('offer-claimed', { requestId: id, sessionId });
        this.say(({ claimed }) => claimed);
      } else {
        await desk[action](id);
        if (action === 'decline') this.say(({ declined }) => declined);
        if (action === 'withdraw') this.say(({ returned }) => returned);
      }
    } catch (error) {
      const refused = desk.snapshot.entries.find((one) => one.id === id);
      const isAvailable = desk.snapshot.availability === 'available';
      if (refused?.code) this.say((words) => messageOf(refused, words, isAvailable));
      else this.#refused(error);
    }
  }

  /** Nothing on the desk says why: while there is no connection nothing is done. */
  #refused(error: unknown): void {
    const isLost = error instanceof SessionError && /^(CALL_REFUSED|NETWORK|TIMED)/.test(error.code);
    this.say(({ connectionLost, refusals }) => (isLost ? connectionLost : refusals.other));
  }

  #join(event: Event, { id, sessionId }: DeskEntry): void {
    const goesOn = this.tellPage(
      'join-requested',
      { requestId: id, sessionId: sessionId! },
      { cancelable: true },
    );
    if (!goesOn) event.preventDefault();
  }

  #changed(): void {
    const { snapshot } = this.#desk!;
    const { connection, availability, isBusy } = snapshot;
    const isHeard = connection === 'online';
    this.#notice.follow(connection === 'refused' || connection === 'connecting' ? 'online' : connection);
    this.host.showState(
      isHeard ? 'connected' : connection === 'connecting' ? 'connecting' : 'disconnected',
      ...(availability ? [availability] : []),
      ...(isBusy && availability ? ['busy'] : []),
    );
    this.#tell(snapshot);
    this.#askOutcomes();
    this.host.requestUpdate();
  }

  /** Asks of each talk that is over how it ended, for as long as nothing was said of it. */
  #askOutcomes(): void {
    const entries = this.#desk?.snapshot.entries ?? [];
    const ids = new Set(entries.filter(({ stage }) => stage === 'completed').map(({ id }) => id));
    for (const [id, asker] of this.#askers)
      // The stream may tell that it was said before the answer does.
      if (!ids.has(id) && !asker.snapshot.isSending) {
        asker.stop();
        this.#askers.delete(id);
      }
    for (const id of ids)
      if (!this.#askers.has(id)) {
        const asker = this.#newAsker(id);
        this.#askers.set(id, asker);
        asker.start();
      }
  }

  #newAsker(requestId: string): OutcomeAsker {
    const { apiEndpoint, accessTokenUrl } = this.host.options!;
    return new OutcomeAsker(
      { apiEndpoint, accessTokenUrl, requestId },
      {
        changed: () => {
          this.#askOutcomes();
          this.host.requestUpdate();
        },
        say: (text) => this.say(() => text),
        submitted: (outcome) => this.tellPage('outcome-submitted', { requestId, outcome }),
      },
    );
  }

  #outcomeOf(id: string): OutcomeView | undefined {
    this.#outcomeWords.look();
    const words = this.#outcomeWords.current;
    const asker = this.#askers.get(id);
    if (!words || !asker) return undefined;
    const { strings, language } = this.host;
    return asker.view(`outcome-${id}`, withOwnWords(words, strings.outcome), language.words as Words);
  }

  /** All that have come since, in one sentence; those that others have taken meanwhile are no news. */
  #sayOffers({ newOffers }: DeskWords): string {
    const { entries } = this.#desk!.snapshot;
    const offers = entries.filter(({ id, stage }) => stage === 'offered' && this.#newOffers.has(id));
    this.#newOffers.clear();
    return offers.length ? fill(newOffers, { count: String(offers.length) }) : '';
  }

  /** Tells the page, and says, what is new. */
  #tell(snapshot: DeskSnapshot): void {
    const before = this.#before;
    if (snapshot.availability === undefined) return;
    this.#before = snapshot;
    const known = new Map(before?.entries.map((entry) => [entry.id, entry]));
    const isNew = ({ id, stage }: DeskEntry) => stage === 'offered' && known.get(id)?.stage !== 'offered';
    const offers = snapshot.entries.filter(isNew);
    for (const { id } of offers) {
      this.tellPage('offer-received', { requestId: id });
      this.#newOffers.add(id);
    }
    if (offers.length) this.say((words) => this.#sayOffers(words));
    // What was refused has been said, and what others have taken is no news to who did not want it.
    for (const entry of snapshot.entries)
      if (entry.isOwn && entry.went && known.get(entry.id)?.went !== entry.went)
        this.say((words) => messageOf(entry, words, false));
      else if (before && entry.stage === 'completed' && known.get(entry.id)?.stage !== 'completed')
        this.say(({ went }) => went.completed);
    const { availability, setAwayAt } = snapshot;
    if (before && before.availability !== availability)
      this.tellPage('availability-changed', { availability });
    if (setAwayAt !== undefined && before?.setAwayAt !== setAwayAt) {
      const time = this.#formats?.time(setAwayAt) ?? '';
      this.say(({ setAway }) => fill(setAway, { time }));
    }
  }
}
