interface PlainClaims {
  jti: string;
  sub: string;
  provider_id: string;
  aud: string;
  iat: number;
  exp: number;
  tokens_allocated: number;
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
  const claims = JSON.parse(text!) as PlainClaims;
  const { jti, sub, provider_id, aud, iat, exp, tokens_allocated } = claims;
  const isPlain =
    // No step of a path (`isPathSegment`).
    jti > '..' &&
    sub &&
    provider_id &&
    aud &&
    iat &&
    exp &&
    tokens_allocated &&
    signature &&
    !others.length &&
    token.length < 8192 &&
    // Known members alone, each of its form: flat, in ASCII and without escapes.
    /^{(?=.*"alg":)("(alg":"[ER]S256|kid":"[\w.-]{1,99}|typ":"(JWT|session\+jwt))",?)+}$/.test(header!) &&
    /^{("((jti|sub|provider_id|aud|iss|return_url)":"[ !#-[\]-~]+"|(iat|exp|nbf|tokens_allocated)":[1-9]\d{0,10}|dpop_bound":true),?)+}$/.test(
      text!,
    ) &&
    [header!, text!].every((json) => JSON.stringify(JSON.parse(json)) === json);
  if (!isPlain) throw 0;
  return claims;
}
