import type { SessionInPage } from '../controller/snapshot.js';
import type { SessionControllerOptions } from '../controller/options.js';

/** A session in the older SDK's shape. */
export interface SessionData {
  sessionId: string;
  userId: string;
  providerId: string;
  tokensAllocated: number;
  durationSeconds: number;
  /** Whole seconds since the epoch. */
  expiresAt: number;
  /** Empty where there is none. */
  returnUrl: string;
}

/** What may be heard, by `on` or as members of the configuration. */
export interface SDKEvents {
  onSessionStart: (data: SessionData) => void;
  onSessionWarning: (data: { remainingSeconds: number }) => void;
  onSessionEnd: () => void;
  onError: (error: Error) => void;
}

/** The look of the warning, in CSS values. */
export interface ModalStyles {
  backgroundColor: string;
  textColor: string;
  primaryColor: string;
  borderRadius: string;
  fontFamily: string;
}

export interface SDKConfig extends Partial<SDKEvents> {
  /** The service's address, with `/api/v1` at its end or without. */
  apiEndpoint: string;
  /** The application that session tokens must be for. */
  applicationId?: string | undefined;
  /** Where the marketplace publishes its keys; set, the session token is verified in the page too. */
  jwksUri?: string | undefined;
  /** A domain that may be returned to, beside the service's and the page's own. */
  callbackDomain?: string | undefined;
  debug?: boolean | undefined;
  /** Taken, and without effect: a session's time is the service's and runs from `initialize()` on. */
  autoStart?: boolean | undefined;
  /** Taken, and without effect: there are always heartbeats. */
  enableHeartbeat?: boolean | undefined;
  /** Default 300. */
  warningThresholdSeconds?: number | undefined;
  /** Whether the time stops while nobody looks at the page, where the service lets it. */
  pauseOnHidden?: boolean | undefined;
  customStyles?: Partial<ModalStyles> | undefined;
}

const withVersion = (address: string) =>
  /\/api\/v\d+\/*$/.test(address) ? address : `${address.replace(/\/+$/, '')}/api/v1`;

const originOf = (domain: string) => (domain.includes('://') ? domain : `https://${domain}`);

/** What the older configuration means today. */
export function controllerOptions(config: SDKConfig, sessionToken?: string): SessionControllerOptions {
  const { apiEndpoint, applicationId, jwksUri, callbackDomain, debug, pauseOnHidden } = config;
  return {
    ...{ applicationId, jwksUri, debug, pauseOnHidden, sessionToken },
    apiEndpoint: withVersion(apiEndpoint),
    returnOrigins: callbackDomain ? [originOf(callbackDomain)] : undefined,
    warningSeconds: [config.warningThresholdSeconds ?? 300],
  };
}

export const sessionData = (session: SessionInPage): SessionData => ({
  sessionId: session.id,
  userId: session.user_id,
  providerId: session.provider_id,
  tokensAllocated: session.tokens_allocated,
  durationSeconds: session.duration_limit_seconds,
  expiresAt: session.expires_at ?? Math.ceil(Date.now() / 1000) + session.remaining_seconds,
  returnUrl: session.return_url ?? '',
});
