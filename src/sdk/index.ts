// For the server of a provider or a marketplace, in any JavaScript runtime with Web Cryptography. Not for a browser.
export { Marketplace, type RequestOptions } from './marketplace.js';
export type { AttemptInfo, AttemptResult, CallOptions, MarketplaceOptions, SdkLogger } from './options.js';
export { ApiPromise } from './api-promise.js';
export { Page, PagePromise } from './pages.js';
export type { CustomerRecord } from './customer-export.js';
export type { DashboardEvent, DeskEvent, HelpRequestEvent, SessionEvent } from './live-events.js';
export type { StreamOptions } from './stream-reader.js';
export type * from './api-types.js';
export {
  ApiError,
  AuthenticationError,
  BadRequestError,
  ConflictError,
  ConnectionError,
  GoneError,
  InsufficientTokensError,
  InvalidAnswerError,
  MarketplaceError,
  NotFoundError,
  PermissionDeniedError,
  RateLimitError,
  ServiceError,
  TimeoutError,
  UnprocessableError,
  type FieldFault,
} from './errors.js';
export { SessionError } from '../protocol/errors.js';
export type { ErrorCode } from '../protocol/error-codes.js';
export {
  verifyWebhook,
  type VerifyRequestOptions,
  type VerifyWebhookOptions,
  type WebhookHeaders,
} from './verify-webhook.js';
export type { WebhookEvent, WebhookEventType } from '../protocol/webhooks.js';
export {
  authenticateRequest,
  type AuthenticateOptions,
  type AuthenticateResult,
} from './routes/authenticate-request.js';
export type { ReportError, RouteHandler } from './routes/handler.js';
export { toNodeHandler } from './routes/node-handler.js';
export { createSessionRoute, type SessionRouteOptions, type SessionUser } from './routes/session-route.js';
export { createWebhookRoute, type WebhookContext, type WebhookRouteOptions } from './routes/webhook-route.js';
