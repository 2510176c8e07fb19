/** Proves that requests come from the browser that holds the session's key (DPoP, RFC 9449). */
export interface Prover {
  /** Headers of one request, the proof among them (RFC 9449, 7.1); undefined where this browser cannot keep a key. */
  prove(method: string, url: string, sessionToken: string): Promise<Record<string, string> | undefined>;
  /** Makes the proof for a request ahead: a page that is being left has no time to sign. */
  prepare(method: string, url: string, sessionToken: string): void;
}
