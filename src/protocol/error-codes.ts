/** One row of the table below. */
export interface ErrorDescription {
  /** HTTP status with which the service answers; 0 where the error never travels. */
  status: number;
  /** What happened, for a developer. */
  title: string;
  /** What to do about it, one sentence. */
  action: string;
  /** Whether the same request may succeed later without a change. */
  retryable?: true;
}

/**
 * Every error code of the package. Codes are stable: they are never renamed and never change their meaning. The
 * service answers them in `application/problem+json` (RFC 9457), the controller and the element raise them in
 * `SessionError`.
 */
export const errorCodes = {
  // The session token, by shape (RFC 7515, RFC 7519, RFC 8725)
  TOKEN_MISSING: {
    status: 401,
    title: 'There is no session token.',
    action: 'Open the page through the marketplace, or set session-token-url.',
  },
  TOKEN_AMBIGUOUS: {
    status: 400,
    title: 'The address holds more than one session token.',
    action: 'Send the customer to the page with exactly one session parameter.',
  },
  TOKEN_TOO_LARGE: {
    status: 400,
    title: 'The session token is longer than 8192 characters.',
    action: 'Keep metadata out of the session token.',
  },
  TOKEN_MALFORMED: {
    status: 400,
    title: 'The session token is not a JWT in compact form.',
    action: 'Pass on the session token exactly as the service issued it.',
  },
  TOKEN_ENCODING_INVALID: {
    status: 400,
    title: 'A part of the session token is not canonical base64url.',
    action: 'Pass on the session token exactly as the service issued it.',
  },
  TOKEN_NOT_UTF8: {
    status: 400,
    title: 'A part of the session token is not UTF-8.',
    action: 'Encode header and claims as UTF-8 before signing.',
  },
  TOKEN_JSON_INVALID: {
    status: 400,
    title: 'A part of the session token is not one plain JSON object.',
    action: 'Sign objects without repeated members, at most eight levels deep.',
  },
  TOKEN_HEADER_REFUSED: {
    status: 401,
    title: 'The session token has a header member that is not allowed.',
    action: 'Use alg, kid and typ only; keys are never taken from a token.',
  },
  TOKEN_ALGORITHM_REFUSED: {
    status: 401,
    title: 'The session token names an algorithm that is not allowed.',
    action: 'Sign with ES256 (or RS256 where jwks-uri offers such a key).',
  },
  TOKEN_TYPE_REFUSED: {
    status: 401,
    title: 'This is a token, but not a session token.',
    action: 'Use the token that the creation of the session answered.',
  },
  TOKEN_CLAIM_MISSING: {
    status: 401,
    title: 'The session token lacks a required claim.',
    action: 'Issue jti, sub, provider_id, aud, iat, exp and tokens_allocated.',
  },
  TOKEN_CLAIM_INVALID: {
    status: 401,
    title: 'A claim of the session token has a wrong type or value.',
    action: 'Times are whole seconds since the epoch; a session token lives at most two days.',
  },
  TOKEN_KEY_UNKNOWN: {
    status: 401,
    title: 'The session token names a key that is not published.',
    action: 'Publish the key before signing with it, and check jwks-uri.',
  },
  TOKEN_SIGNATURE_INVALID: {
    status: 401,
    title: 'The signature of the session token does not match.',
    action: 'Check that the session token comes from this marketplace and was not changed.',
  },
  TOKEN_AUDIENCE_MISMATCH: {
    status: 401,
    title: 'The session token is for another application.',
    action: 'Check application-id and which application the session was created for.',
  },
  TOKEN_ISSUER_MISMATCH: {
    status: 401,
    title: 'The session token comes from another issuer.',
    action: 'Use the session token of the service that issued it.',
  },
  TOKEN_EXPIRED: {
    status: 401,
    title: 'The session token has expired.',
    action: 'Send the customer back to the marketplace for a new session.',
  },
  TOKEN_NOT_YET_VALID: {
    status: 401,
    title: 'The session token is not valid yet.',
    action: 'Check the clocks of issuer and device.',
  },
  TOKEN_SESSION_MISMATCH: {
    status: 403,
    title: 'The session token belongs to another session.',
    action: 'Use the session token of the session in the path.',
  },
  TOKEN_SUPERSEDED: {
    status: 401,
    title: 'The session was launched again after this session token was issued.',
    action: 'Continue where it was opened last, or open it again from the marketplace.',
  },
  TOKEN_REVOKED: {
    status: 401,
    title: 'The session token was revoked.',
    action: 'Let the person sign in again, and fetch a new one from your server.',
  },
  NO_LIVE_SESSION: {
    status: 404,
    title: 'The customer has no live session.',
    action: 'Sell one; the token that your server then fetches opens it.',
  },

  // Proof of possession (DPoP, RFC 9449)
  PROOF_REQUIRED: {
    status: 401,
    title: 'The request needs a proof of possession.',
    action: 'Send Authorization: DPoP with the session token, and a DPoP header with a fresh proof.',
  },
  PROOF_INVALID: {
    status: 401,
    title: 'The proof of possession is not right for this request.',
    action: 'Make a DPoP proof of its own for each request, by the clock of the service.',
  },
  PROOF_REPLAYED: {
    status: 401,
    title: 'The proof of possession was used before.',
    action: 'Make a DPoP proof of its own for each request, retries included.',
  },
  SESSION_BOUND_ELSEWHERE: {
    status: 401,
    title: 'This session is open in another browser.',
    action: 'Continue in the browser where it was opened, or open it again from the marketplace.',
  },

  // Keys
  KEYS_UNAVAILABLE: {
    status: 0,
    title: 'The signing keys could not be fetched.',
    action: 'Check that jwks-uri answers with CORS, then retry.',
    retryable: true,
  },
  KEYS_INVALID: {
    status: 0,
    title: 'The published key set cannot be used.',
    action: 'Publish public keys only, each kid once, with the right curve.',
  },

  KEY_ROTATION_TOO_EARLY: {
    status: 409,
    title: 'The next signing key was published less than five minutes ago.',
    action: 'Wait for Retry-After seconds: until then others may not know the key.',
    retryable: true,
  },

  // The session
  SESSION_NOT_FOUND: {
    status: 404,
    title: 'There is no such session.',
    action: 'Check the id and the marketplace in api-endpoint.',
  },
  SESSION_ENDED: {
    status: 410,
    title: 'The session has ended.',
    action: 'Buy a new session in the marketplace.',
  },
  SESSION_NOT_STARTED: {
    status: 409,
    title: 'The session has not started yet.',
    action: 'Wait until it starts.',
  },
  TRANSITION_REFUSED: {
    status: 409,
    title: 'That is not possible in the state the session is in.',
    action: 'Look at the status first: each status allows only some calls.',
  },
  PAUSE_NOT_ALLOWED: {
    status: 409,
    title: 'This session cannot be paused, or has used up its pause.',
    action: 'Hide the pause button unless pausable is true.',
  },
  EXTENSION_REFUSED: {
    status: 422,
    title: 'The session cannot be extended by that much.',
    action: 'Ask for one of extension_options.',
  },
  EXTENSION_LIMIT_REACHED: {
    status: 409,
    title: 'The session has reached its longest length, or its last extension.',
    action: 'Buy a new session after this one.',
  },
  MESSAGE_LIMIT_REACHED: {
    status: 409,
    title: 'The session holds as many messages as one may.',
    action: 'Go on elsewhere; what was written stays readable.',
  },
  MESSAGE_ID_REUSED: {
    status: 409,
    title: 'The client_id was used for another message of the same sender.',
    action: 'Use a fresh client_id for each message, and the same one only to send it again.',
  },
  FILE_TOO_LARGE: {
    status: 413,
    title: 'The file is larger than the service takes.',
    action: 'Send a smaller one; the list of files says how large one may be.',
  },
  FILE_QUOTA_REACHED: {
    status: 409,
    title: 'The session holds as many files, or bytes of files, as it may.',
    action: 'Delete one that is not needed any more.',
  },
  FILE_TYPE_REFUSED: {
    status: 415,
    title: 'The service does not take files of this type.',
    action: 'Send a file of a type that the list of files names as taken; programs are not.',
  },
  FILE_INFECTED: {
    status: 422,
    title: 'Something harmful was found in the file.',
    action: 'Look at it with a virus scanner, and send a clean one.',
  },
  FILE_UNREADABLE: {
    status: 0,
    title: 'The file is empty, or the browser cannot read it.',
    action: 'Choose it again: it may have been moved or changed since.',
  },
  FILE_NOT_FOUND: {
    status: 404,
    title: 'There is no file with this id.',
    action: 'List the files of the session again: it may have been deleted.',
  },
  FILE_LINK_EXPIRED: {
    status: 410,
    title: 'The link to the file has expired, or is none.',
    action: 'List the files of the session again for a fresh link.',
  },
  UPLOADS_TOO_MANY: {
    status: 429,
    title: 'Several files of the session are being sent already.',
    action: 'Wait until one of them has arrived.',
    retryable: true,
  },
  LENGTH_REQUIRED: {
    status: 411,
    title: 'The request does not say how long its body is.',
    action: 'Send Content-Length, and no Transfer-Encoding.',
  },
  ROOM_NOT_OPEN: {
    status: 404,
    title: 'The room of the session is not open.',
    action: 'Open it: POST /sessions/{id}/room.',
  },
  ROOM_UNAVAILABLE: {
    status: 503,
    title: 'The room of the session cannot be joined at the moment.',
    action: 'Try again later; the log of the service has the cause.',
    retryable: true,
  },
  STORAGE_UNAVAILABLE: {
    status: 503,
    title: 'Files cannot be kept or read at the moment.',
    action: 'Try again later; the log of the service has the cause.',
    retryable: true,
  },
  EXTENSION_PRICE_CHANGED: {
    status: 409,
    title: 'The price is not the one that was shown.',
    action: 'Show the current extension_options and ask again.',
  },
  SESSION_PRICE_CHANGED: {
    status: 409,
    title: 'The price of the session is not the one that was shown.',
    action: 'Show the price of now and ask again.',
  },
  INSUFFICIENT_TOKENS: {
    status: 402,
    title: 'The wallet holds too few tokens.',
    action: 'Send the customer to top_up_url, then try again.',
  },
  PAYMENT_METHOD_REFUSED: {
    status: 422,
    title: 'It is not sold that way.',
    action:
      'Ask for payment by money only where there is a price in money and the service takes money, else by tokens.',
  },
  CHECKOUT_CLOSED: {
    status: 409,
    title: 'The checkout of this Idempotency-Key can no longer be paid.',
    action: 'Ask for the same again with a fresh Idempotency-Key.',
  },
  PAYMENTS_UNAVAILABLE: {
    status: 503,
    title: 'The payment provider cannot be reached just now.',
    action: 'Retry with the same Idempotency-Key after a moment; nothing was charged.',
    retryable: true,
  },
  PAYMENT_PROVIDER_REFUSED: {
    status: 422,
    title: 'The payment provider refused to open a checkout.',
    action: 'Read the log of the service: the secret key, the currency or the amount is wrong.',
  },
  RETURN_URL_REFUSED: {
    status: 422,
    title: 'The return address is not on the list of allowed origins.',
    action: 'Add its exact origin to the application (or to return-origins).',
  },

  // Marketplace resources
  APPLICATION_NOT_FOUND: {
    status: 404,
    title: 'There is no such application.',
    action: 'Check application_id.',
  },
  REHEARSAL_IMPOSSIBLE: {
    status: 409,
    title: 'Nothing can be rehearsed.',
    action: 'Rehearse with an application of tests that has a launch_url.',
  },
  PAGE_NOT_VISITED: {
    status: 409,
    title: 'The service does not visit this page.',
    action: 'Name a page on a registered origin that is on the public internet, and reached by https.',
  },
  CUSTOMER_NOT_FOUND: {
    status: 404,
    title: 'There is no such customer.',
    action: 'Create the customer first.',
  },
  CUSTOMER_IN_SESSION: {
    status: 409,
    title: 'The customer has a session, or a help request, that is not over.',
    action: 'End the sessions of the customer first, and cancel the requests.',
  },
  PROVIDER_NOT_FOUND: {
    status: 404,
    title: 'There is no such provider.',
    action: 'Check provider_id, and that the secret key is of one of its applications.',
  },
  HELPER_NOT_FOUND: {
    status: 404,
    title: 'There is no such helper.',
    action: 'Check the id of the helper, and whose access token it is.',
  },
  HELPER_BUSY: {
    status: 409,
    title: 'The helper has as many requests as he takes at a time.',
    action: 'Let one of them end first, or raise max_concurrent.',
  },
  HELPER_UNAVAILABLE: {
    status: 409,
    title: 'The helper is offline.',
    action: 'Set availability first.',
  },
  HELP_CATEGORY_NOT_FOUND: {
    status: 404,
    title: 'There is no such category of help.',
    action: 'Check category_id: it has to be one of the provider of the application.',
  },
  HELP_CATEGORY_INACTIVE: {
    status: 409,
    title: 'Help of this category is not offered any more.',
    action: 'Choose another category, or set active of this one.',
  },
  HELP_REQUEST_NOT_FOUND: {
    status: 404,
    title: 'There is no such help request.',
    action: 'Check its id, and whose credential is sent.',
  },
  PAYMENT_NOT_AUTHORIZED: {
    status: 409,
    title: 'The help request is not paid for yet.',
    action: 'Send the customer to its checkout_url; helpers are asked once the price is held.',
  },
  NOT_OFFERED: {
    status: 409,
    title: 'The help request is not offered to this helper.',
    action: 'Answer those that the desk shows.',
  },
  REQUEST_TAKEN: {
    status: 409,
    title: 'Another helper was faster.',
    action: 'Take the next one; the desk no longer shows this one.',
  },
  REQUEST_EXPIRED: {
    status: 409,
    title: 'Nobody took the help request in time.',
    action: 'Make another one.',
  },
  REQUEST_CANCELLED: {
    status: 409,
    title: 'The help request was cancelled.',
    action: 'Make another one.',
  },
  REQUEST_TRANSITION_REFUSED: {
    status: 409,
    title: 'That is not possible in the status that the help request has.',
    action: 'Look at its status first: each status allows only some calls.',
  },
  CUSTOMER_ABSENT: {
    status: 409,
    title: 'The customer is not there yet.',
    action: 'Wait: the talk starts by itself once the customer has opened the session.',
  },
  OUTCOME_GIVEN: {
    status: 409,
    title: 'The help request has another outcome already.',
    action: 'Leave it: an outcome is given once.',
  },
  PLAN_NOT_FOUND: {
    status: 404,
    title: 'There is no such plan.',
    action: 'Check plan_id.',
  },
  PLAN_INACTIVE: {
    status: 409,
    title: 'The plan cannot be subscribed to any more.',
    action: 'Choose another plan, or set active of this one.',
  },
  SUBSCRIPTION_NOT_FOUND: {
    status: 404,
    title: 'There is no such subscription.',
    action: 'Check its id.',
  },
  SUBSCRIPTION_EXISTS: {
    status: 409,
    title: 'The customer has a subscription to this plan, or one that changes to it.',
    action: 'Change that one, or cancel it first.',
  },
  SUBSCRIPTION_TRANSITION_REFUSED: {
    status: 409,
    title: 'That is not possible in the status that the subscription has.',
    action: 'Look at status and cancel_at_period_end first: each status allows only some calls.',
  },
  ALREADY_EXISTS: {
    status: 409,
    title: 'Something with this id exists already.',
    action: 'Use the existing one or another id.',
  },

  // Messages from the payment provider
  WEBHOOK_SIGNATURE_INVALID: {
    status: 400,
    title: 'The signature of the webhook is missing, wrong or too old.',
    action: 'Check the signing secret and the clock, and that nothing changes the body on its way.',
  },
  WEBHOOK_MODE_MISMATCH: {
    status: 400,
    title: 'The webhook is of another mode, live or test, than the service.',
    action: 'Register the endpoint in the mode that the secret key belongs to.',
  },

  // What waits for a person
  EXCEPTION_NOT_FOUND: {
    status: 404,
    title: 'There is no such exception.',
    action: 'Check its id; only the marketplace and the provider that it is about can see it.',
  },

  // Webhooks out
  WEBHOOK_ENDPOINT_NOT_FOUND: {
    status: 404,
    title: 'There is no such webhook endpoint.',
    action: 'Check its id, and that the secret key is of its provider.',
  },
  WEBHOOK_DELIVERY_NOT_FOUND: {
    status: 404,
    title: 'There is no such delivery of this webhook endpoint.',
    action: 'Check its id; deliveries are kept for 30 days after they are finished.',
  },
  WEBHOOK_TARGET_REFUSED: {
    status: 422,
    title: 'Nothing is sent to this address.',
    action: 'Name an https address on the public internet.',
  },
  WEBHOOK_LIMIT_REACHED: {
    status: 409,
    title: 'There are as many webhook endpoints, or secrets of one, as there may be.',
    action: 'Delete an endpoint that is not needed, or wait until a secret of before is retired.',
  },
  WEBHOOK_ENDPOINT_DISABLED: {
    status: 409,
    title: 'The webhook endpoint is disabled.',
    action: 'Enable it first.',
  },

  // HTTP
  REQUEST_INVALID: {
    status: 422,
    title: 'The request has a missing, unknown or wrong field.',
    action: 'Compare it with /openapi.json; errors names each field.',
  },
  REQUEST_MALFORMED: {
    status: 400,
    title: 'The request is not valid HTTP.',
    action: 'Check what builds the request: its first line, its host and its headers.',
  },
  REQUEST_TIMED_OUT: {
    status: 408,
    title: 'The request did not arrive in time.',
    action: 'Send headers within 10 seconds and the whole request within 30.',
    retryable: true,
  },
  HEADERS_TOO_LARGE: {
    status: 431,
    title: 'The headers of the request are too large.',
    action: 'Send at most 16 kB of headers, address included.',
  },
  BODY_MALFORMED: {
    status: 400,
    title: 'The request body is not JSON.',
    action: 'Send one JSON object with Content-Type application/json.',
  },
  BODY_MEMBER_REPEATED: {
    status: 400,
    title: 'An object in the request body has the same member twice.',
    action: 'Send each member once: which of two counts nobody can know.',
  },
  BODY_TOO_LARGE: { status: 413, title: 'The request body is too large.', action: 'Send at most 64 kB.' },
  CONTENT_TYPE_UNSUPPORTED: {
    status: 415,
    title: 'The request body has a content type that is not supported.',
    action: 'Send application/json.',
  },
  CREDENTIAL_MISSING: {
    status: 401,
    title: 'The request has no credential.',
    action: 'Send Authorization: Bearer with a session token or a secret key.',
  },
  CREDENTIAL_INVALID: {
    status: 401,
    title: 'The secret key is not known.',
    action: 'Check the key and the environment it belongs to.',
  },
  ACCESS_TOKEN_INVALID: {
    status: 401,
    title: 'The access token is none of this service.',
    action: 'Send the access token as it was issued, as Bearer.',
  },
  ACCESS_TOKEN_EXPIRED: {
    status: 401,
    title: 'The access token has expired.',
    action: 'Fetch a new one from your server.',
  },
  ACCESS_TOKEN_REVOKED: {
    status: 401,
    title: 'The access token was revoked.',
    action: 'Sign in again; where the person may, fetch a new one from your server.',
  },
  ACCESS_TOKEN_NOT_FOUND: {
    status: 404,
    title: 'There is no such access token, or it no longer counts.',
    action: 'Check the id that was answered when it was issued.',
  },
  ACCESS_TOKEN_REFUSED: {
    status: 0,
    title: 'The server of the page gives no access token.',
    action: 'Let the person sign in, then try again; see what access-token-url answers.',
  },
  ACCESS_TOKEN_MISSING: {
    status: 0,
    title: 'The server of the page answered without an access token.',
    action:
      'Answer {access_token, expires_in} at access-token-url, as POST /access-tokens answers your server.',
  },
  ACCESS_TOKEN_LIMIT_REACHED: {
    status: 409,
    title: 'The person has as many access tokens as there may be at a time.',
    action: 'Use each until it has nearly expired, or revoke those of the person.',
  },
  CREDENTIAL_INSUFFICIENT: {
    status: 403,
    title: 'This credential may not do that.',
    action: 'Use a key with the right scope, from a server.',
  },
  OPERATION_NOT_ALLOWED: {
    status: 403,
    title: 'The session token does not allow that operation.',
    action: 'Name the operation in allowed_operations when your server asks for the token.',
  },
  OPERATION_NOT_GRANTED: {
    status: 403,
    title: 'The marketplace does not let this application read that about its customers.',
    action: 'Have the marketplace name the operation in customer_operations of the application.',
  },
  SESSION_TOKEN_NOT_FOUND: {
    status: 404,
    title: 'There is no such session token, or it no longer counts.',
    action: 'Check the id that was answered when it was issued.',
  },
  CUSTOMER_ORGANIZATION_MISMATCH: {
    status: 409,
    title: 'The customer belongs to another organization.',
    action: 'Leave external_organization_id out, or name the one that the customer was created with.',
  },
  SECRET_KEY_IN_BROWSER: {
    status: 403,
    title: 'A secret key was sent by a browser.',
    action: 'Revoke the key now and keep its successor on a server.',
  },
  ORIGIN_REFUSED: {
    status: 403,
    title: 'The page is not on an origin of this application.',
    action: 'Register its exact origin with the application.',
  },
  EVENT_ID_INVALID: {
    status: 400,
    title: 'Last-Event-ID is not the id of an event of this session.',
    action: 'Send the id of the last event that arrived, or leave the header out.',
  },
  ROUTE_NOT_FOUND: { status: 404, title: 'There is no such route.', action: 'See /openapi.json.' },
  METHOD_NOT_ALLOWED: {
    status: 405,
    title: 'The route does not offer this method.',
    action: 'Use one named in Allow.',
  },
  IDEMPOTENCY_KEY_MISSING: {
    status: 400,
    title: 'The request needs an Idempotency-Key.',
    action: 'Send a fresh UUID for each intended change, the same one for each retry.',
  },
  IDEMPOTENCY_KEY_INVALID: {
    status: 400,
    title: 'The Idempotency-Key is empty or too long.',
    action: 'Send 1 to 255 visible ASCII characters.',
  },
  IDEMPOTENCY_KEY_REUSED: {
    status: 422,
    title: 'The Idempotency-Key was used for another request.',
    action: 'Use a fresh key for each intended change.',
  },
  IDEMPOTENCY_KEY_IN_USE: {
    status: 409,
    title: 'The request with this Idempotency-Key is still running.',
    action: 'Retry with the same key in a second.',
    retryable: true,
  },
  PRECONDITION_FAILED: {
    status: 412,
    title: 'It was changed by somebody else meanwhile.',
    action: 'Read it again, and send the change anew with its ETag in If-Match.',
  },
  RATE_LIMITED: {
    status: 429,
    title: 'Too many requests.',
    action: 'Wait for Retry-After seconds.',
    retryable: true,
  },
  SERVICE_ERROR: {
    status: 500,
    title: 'The service failed.',
    action: 'Retry; if it stays, report the request id.',
    retryable: true,
  },
  SERVICE_UNAVAILABLE: {
    status: 503,
    title: 'The service cannot answer just now.',
    action: 'Retry after a moment.',
    retryable: true,
  },

  // Raised in the page
  NETWORK_FAILED: {
    status: 0,
    title: 'The service could not be reached.',
    action: 'Check the connection, api-endpoint and CORS, then retry.',
    retryable: true,
  },
  REQUEST_BLOCKED: {
    status: 0,
    title: 'Something in the browser lets some requests to the service through, and others not.',
    action: 'Allow the service in the ad blocker, or whatever else filters requests, and try again.',
    retryable: true,
  },
  TIMED_OUT: {
    status: 0,
    title: 'The service did not answer in time.',
    action: 'Retry after a moment.',
    retryable: true,
  },
  PAGE_SERVER_UNAVAILABLE: {
    status: 0,
    title: 'The server of the page cannot give a token just now.',
    action: 'See why session-token-url or access-token-url answers 5xx or 429; it is tried again.',
    retryable: true,
  },
  ANSWER_INVALID: {
    status: 0,
    title: 'The answer is not what the protocol says.',
    action: 'Check that api-endpoint points at the session service, not at a web page.',
  },
  SCRIPT_INCOMPLETE: {
    status: 0,
    title: 'A part of the script could not be loaded.',
    action: 'Serve all files of one version side by side, and see what blocks them; it is tried again.',
    retryable: true,
  },
  CONFIGURATION_INVALID: {
    status: 0,
    title: 'An attribute or option is missing or wrong.',
    action: 'Set api-endpoint to the https address of the session service.',
  },
  SANDBOX_REFUSED: {
    status: 0,
    title: 'A sandbox is for trying things, and not beside a real session.',
    action:
      'Take the attribute sandbox away, or api-endpoint and the session token; a page on localhost or https.',
  },
  CALL_REFUSED: {
    status: 0,
    title: 'That call is not possible in this state.',
    action: 'Look at snapshot.state first.',
  },
  CALL_NOT_CONNECTED: {
    status: 0,
    title: 'No way to the browser of the other side was found.',
    action: 'Give the service a server with turn: (its relay), or try from another network.',
    retryable: true,
  },
  CALLS_UNSUPPORTED: {
    status: 0,
    title: 'This browser knows no calls between browsers.',
    action: 'Use a browser with WebRTC, or a room elsewhere with an address to join it.',
  },
  ORIGIN_OPAQUE: {
    status: 0,
    title: 'The page has no origin: it is in a sandboxed frame.',
    action: 'Add allow-same-origin to the sandbox attribute of the frame.',
  },
  DIALOG_BLOCKED: {
    status: 0,
    title: 'A dialog could not be opened: its element is hidden, or inert.',
    action: 'Show the element, or place a marketplace-session-warning where it can be seen and used.',
  },
  STORAGE_LOCKED: {
    status: 0,
    title: 'Another process uses the data directory.',
    action: 'Stop it, or give this one its own data directory.',
  },
} as const satisfies Record<string, ErrorDescription>;

/** A stable error code. */
export type ErrorCode = keyof typeof errorCodes;
