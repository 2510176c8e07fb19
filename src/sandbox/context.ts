import type { SandboxClock } from './clock.js';
import { Credentials } from './credentials.js';
import { EventLog } from './event-log.js';
import { HelpRequests } from './help/help-requests.js';
import { Helpers } from './help/helpers.js';
import { Idempotency } from './http/idempotency.js';
import type { Settings } from './options.js';
import { Participants } from './sessions/participants.js';
import { SessionStreams } from './sessions/session-stream.js';
import { Sessions } from './sessions/sessions.js';
import { SigningKey } from './tokens/signing-key.js';
import { Tokens } from './tokens/session-tokens.js';
import { Wallets } from './wallets.js';

/** All that one sandbox keeps, and what its routes share. */
export class SandboxContext {
  readonly settings: Settings;
  readonly clock: SandboxClock;
  readonly key = new SigningKey();
  readonly events = new EventLog();
  readonly idempotency = new Idempotency();
  readonly wallets: Wallets;
  readonly sessions: Sessions;
  readonly participants: Participants;
  readonly streams: SessionStreams;
  readonly tokens: Tokens;
  readonly credentials: Credentials;
  readonly helpers: Helpers;
  readonly helpRequests: HelpRequests;

  constructor(settings: Settings, clock: SandboxClock) {
    this.settings = settings;
    this.clock = clock;
    this.wallets = new Wallets(settings.tokens, settings.terms.top_up_url);
    this.sessions = new Sessions(settings, clock, this.wallets, this.events);
    this.participants = new Participants(this.sessions, clock);
    this.streams = new SessionStreams(this.sessions, this.participants, this.events, clock);
    this.tokens = new Tokens(settings, clock, this.key);
    this.credentials = new Credentials(settings, this.tokens, this.sessions);
    this.helpers = new Helpers(settings, clock);
    this.helpRequests = new HelpRequests(this);
  }
}
