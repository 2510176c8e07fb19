import { SessionError } from '../../../../protocol/errors.js';
import type { ServiceContext } from '../../../foundation/context.js';
import { readSession, type SessionView } from '../session-view.js';
import { bindAnew, bindOnce } from './binding.js';
import { SeenProofs } from './seen-proofs.js';
import { verifyProof, type ProofExpectations, type VerifiedProof } from './verify-proof.js';

/** A request with a session token, as far as possession is concerned. */
export interface PresentedToken extends Pick<ProofExpectations, 'token' | 'method' | 'path'> {
  /** Where the session token was found: behind `Authorization: DPoP`, behind `Bearer`, or in the body. */
  place: 'dpop' | 'bearer' | 'body';
  /** The header `DPoP`. */
  proof: string | undefined;
  /** Whether the request validates the session: the first one binds it. */
  isValidation: boolean;
  /** Of a session token that was issued for a signed-in user and that no request has come with yet. */
  unusedTokenId?: string | undefined;
}

/**
 * Proof of possession (DPoP, RFC 9449): the first validation binds a session to the key of its proof; from then on each
 * request with its session token needs a fresh proof by that key. A session whose first validation came without one stays
 * unbound: proofs of its requests are not looked at, and nobody can capture it later. A customer who comes back in another
 * browser, signed in, brings a fresh session token, whose first validation binds the session to that browser.
 */
export class Possession {
  readonly #context: ServiceContext;
  readonly #seen: SeenProofs;

  constructor(context: ServiceContext) {
    this.#context = context;
    this.#seen = new SeenProofs(context);
  }

  /**
   * @returns the session as it is bound now.
   * @throws {SessionError} `PROOF_REQUIRED`, `PROOF_INVALID`, `PROOF_REPLAYED`, `SESSION_BOUND_ELSEWHERE`
   */
  async check(view: SessionView, presented: PresentedToken): Promise<SessionView> {
    if (view.binding === 'unbound') return view;
    const isOptional = view.binding === 'open' && view.proof_of_possession !== 'required';
    const proof = await this.#verify(presented, isOptional);
    const { isValidation, unusedTokenId } = presented;
    const comesFirst = isValidation && unusedTokenId !== undefined && proof !== undefined;
    const comesBack = comesFirst && view.binding === 'bound' && proof.thumbprint !== view.key_thumbprint;
    if (view.binding === 'bound' && !comesBack) requireKey(view, proof);
    if (proof && !(await this.#seen.claim(proof))) throw new SessionError('PROOF_REPLAYED');
    if (view.binding === 'open' && isValidation) await this.#bind(view, proof);
    if (!comesBack) return view;
    if (await bindAnew(this.#context, view, proof.thumbprint, unusedTokenId))
      return readSession(this.#context, view.id);
    throw new SessionError('SESSION_BOUND_ELSEWHERE');
  }

  async #verify(presented: PresentedToken, isOptional: boolean): Promise<VerifiedProof | undefined> {
    const { proof, place } = presented;
    const isBearer = place === 'bearer';
    if (proof === undefined && isOptional && place !== 'dpop') return undefined;
    // RFC 9449, 7.1: a bound token as a bearer token is refused, whatever comes beside it.
    if (proof === undefined || isBearer) throw new SessionError('PROOF_REQUIRED');
    const { publicUrl } = this.#context;
    return verifyProof(proof, { ...presented, publicUrl, now: this.#context.now() });
  }

  async #bind(view: SessionView, proof: VerifiedProof | undefined): Promise<void> {
    if (await bindOnce(this.#context, view, proof?.thumbprint ?? null)) return;
    const now = await readSession(this.#context, view.id);
    if (now.launch_count !== view.launch_count) throw new SessionError('TOKEN_SUPERSEDED');
    if (now.binding === 'bound') requireKey(now, proof);
  }
}

function requireKey({ key_thumbprint }: SessionView, proof: VerifiedProof | undefined): void {
  if (!proof) throw new SessionError('PROOF_REQUIRED');
  if (proof.thumbprint !== key_thumbprint) throw new SessionError('SESSION_BOUND_ELSEWHERE');
}
