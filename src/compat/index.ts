// The older MarketplaceSDK: what was written for it runs with the import changed alone.
import { MarketplaceSessionWarningElement } from '../elements/pieces/marketplace-session-warning.js';
import { define } from '../elements/shared/define.js';

export type { ModalStyles, SDKConfig, SDKEvents, SessionData } from './config.js';
export { MarketplaceSDK } from './marketplace-sdk.js';
export { SessionError, SessionError as SDKError } from '../protocol/errors.js';

define('marketplace-session-warning', MarketplaceSessionWarningElement);
