import { latePart } from '../../../controller/late-part.js';
import { text } from '../../../controller/option-values.js';
import type { CheckName } from '../../../controller/preflight/check-state.js';
import type { PreflightOptions } from '../../../controller/preflight/preflight.js';
import type { Property } from '../../shared/base-element.js';
import { HelpElement } from '../help-element.js';
import { serviceAddress } from '../service-address.js';
import type { PreflightHost } from './preflight-host.js';
import type { PreflightPart } from './preflight-part.js';
import type { OwnPreflightWords } from './preflight-words.js';
import { allChecks, readChecks } from './read-checks.js';

const preflightPart = latePart(() => import('./preflight-part.js'));

/**
 * Looks before a talk whether the person can be seen, heard and reached: camera, microphone, speaker and connection, each
 * by itself and each with a way out. Nothing is asked before a press that explains it, and every track is stopped when
 * the person goes on, turns it off, leaves, or looks elsewhere for a minute.
 *
 * @summary Checks camera, microphone, speaker and connection before a talk.
 * @tag marketplace-session-preflight
 *
 * @attr {string} checks - What is looked at: "camera microphone speaker network" by default.
 * @attr {string} require - What has to pass before the person can go on: "microphone network" by default. It is looked at in any case.
 * @attr {string} server-url - Address of the session service, to which the connection is measured, such as `https://market.example/api/v1`; the page's own by default.
 * @attr {'auto'|'light'|'dark'} theme - Colours; "auto" follows the page.
 *
 * @fires preflight-passed - The person goes on, and everything required passes; tracks are stopped. `cameraId`, `microphoneId`, `speakerId`: ids of devices in this page, or null.
 * @fires preflight-failed - A check that is required cannot pass as it stands. `check`, `checkState`.
 *
 * @csspart session, button, primary-button, actions, announcement
 * @csspart preflight - The card.
 * @csspart preflight-title - Its heading.
 * @csspart preflight-text - What will be asked, and why.
 * @csspart checks - The list of what is looked at.
 * @csspart check - One of them.
 * @csspart camera, microphone, speaker, network - The check of that kind.
 * @csspart check-name - What is looked at.
 * @csspart check-verdict - How it stands, in a word or two.
 * @csspart check-advice - What that means, and what to do.
 * @csspart preview - The person's own picture, mirrored.
 * @csspart level - How loud the microphone is.
 * @csspart device-choice - The menu of devices.
 * @csspart question - Whether the tone was heard.
 * @csspart start-button - Asks for the devices.
 * @csspart recheck-button - Looks at one of them anew.
 * @csspart tone-button - Plays a tone.
 * @csspart heard-button, unheard-button - The answer to the question.
 * @csspart continue-button - Goes on.
 * @csspart stop-button - Turns everything off.
 *
 * @cssproperty --marketplace-session-accent, --marketplace-session-on-accent, --marketplace-session-surface, --marketplace-session-text, --marketplace-session-muted, --marketplace-session-border, --marketplace-session-urgent, --marketplace-session-radius
 *
 * @cssstate idle - Nothing has been asked yet.
 * @cssstate checking - Something that is required is not known yet.
 * @cssstate passed - Everything that is required passes.
 * @cssstate failed - Something that is required cannot pass as it stands.
 */
export class MarketplaceSessionPreflightElement extends HelpElement<PreflightPart> implements PreflightHost {
  static override properties: Record<string, Property> = {
    ...HelpElement.properties,
    checks: { read: readChecks(allChecks) },
    require: { read: readChecks(['microphone', 'network']) },
    serverUrl: { read: text },
    iceServers: { read: (servers) => servers ?? [], attribute: false },
  };

  declare checks: readonly CheckName[];
  declare require: readonly CheckName[];
  declare serverUrl: string | undefined;
  /** Servers for calls, as `RTCPeerConnection` takes them: one with `turn:` has to answer. */
  declare iceServers: readonly RTCIceServer[];
  /** Words in place of the element's own. */
  declare strings: OwnPreflightWords;

  constructor() {
    super('idle');
  }

  /** @internal */
  get options(): PreflightOptions {
    const { checks, require: required, serverUrl, iceServers } = this;
    return {
      checks: allChecks.filter((name) => checks.includes(name) || required.includes(name)),
      required,
      // Where nothing answers, browsers complain in the console.
      serverUrl: serverUrl ? `${serviceAddress(serverUrl).replace(/\/+$/, '')}/healthz` : document.baseURI,
      iceServers,
    };
  }

  /** Whether everything that is required passes. */
  get passed(): boolean {
    return this.drawing?.preflight.snapshot.passed ?? false;
  }

  /**
   * Asks for the devices and measures, as the button does. Call it from a press: browsers ask the person then.
   * @throws {SessionError} `SCRIPT_INCOMPLETE` where the element has left the page before its script was there.
   */
  async start(): Promise<void> {
    const { preflight } = await this.load();
    await preflight.start(this.options);
  }

  /** Turns everything off. */
  stop(): void {
    this.drawing?.preflight.stop();
  }

  /** @internal */
  protected override async makePart(isNeeded: () => unknown): Promise<PreflightPart> {
    const { PreflightPart } = await preflightPart(isNeeded);
    return new PreflightPart(this);
  }
}

declare global {
  interface HTMLElementTagNameMap {
    'marketplace-session-preflight': MarketplaceSessionPreflightElement;
  }
}
