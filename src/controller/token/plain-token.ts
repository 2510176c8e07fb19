interface PlainClaims {
  jti: string;
  aud: string;
  return_url?: string;
  /** Whether the service wants the session bound to this browser. */
  dpop_bound?: boolean;
}

/**
 * The claims of a session token in its plainest spelling: what is read here, `parseSessionToken` reads too, and in the
 * same way. That is larger, and comes late; it is asked about every other token.
 * @throws anything at all where the token is not that plain.
 */
export function readPlainToken(token: string): PlainClaims {
  const [header, text, signature, ...others] = token.split('.').map((part) => {
    const bytes = atob(part.replace(/-/g, '+').replace(/_/g, '/'));
    const again = btoa(bytes).replace(/\+/g, '-').replace(/\//g, '_').replace(/=+$/, '');
    // Written again it is the same text, so that no spelling but one is let through; the same holds for the JSON.
    return again === part ? bytes : '';
  });
  const claims = JSON.parse(text!) as Record<string, unknown> & PlainClaims;
  const {
    jti,
    sub,
    provider_id,
    aud,
    iat,
    exp,
    tokens_allocated,
    nbf = 1,
    iss = '-',
    return_url = '-',
  } = claims;
  const isPlain =
    signature &&
    !others.length &&
    // No step of a path (`isPathSegment`).
    jti > '..' &&
    token.length < 8192 &&
    /^{(?=.*"alg":)("(alg":"[ER]S256|kid":"[\w.-]{1,99}|typ":"(JWT|session\+jwt))",?)+}$/.test(header!) &&
    // Flat, ASCII, without escapes.
    /^{(?!.*__proto__)[ -Z^-z|~]+}$/.test(text!) &&
    [header!, text!].every((json) => JSON.stringify(JSON.parse(json)) === json) &&
    [jti, sub, provider_id, aud, iss, return_url].every((value) => value && typeof value === 'string') &&
    [iat, exp, nbf, tokens_allocated].every(
      (value) => Number.isInteger(value) && (value as number) > 0 && (value as number) < 1e11,
    );
  if (!isPlain) throw 0;
  return claims;
}
