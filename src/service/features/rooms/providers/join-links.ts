import { createHmac } from 'node:crypto';
import type { Participant } from '../../../../protocol/events.js';
import type { RoomProvider } from '../room-provider.js';
import { requireWebAddress } from './web-address.js';

export interface JoinLinkOptions {
  /** Where the customer joins: an address with `{session_id}`, `{participant}`, `{expires_at}` and `{signature}` in it, or without. */
  customer: string;
  /** Where the provider's side joins. */
  provider: string;
  /** Signs: needed where `{signature}` is asked for. */
  secret?: string;
}

/**
 * Rooms behind addresses of your own, or of anybody. `{signature}` is HMAC-SHA-256 by the secret, in base64url, of session id,
 * participant and `expires_at` (whole seconds since the epoch), with a line feed between each two.
 * @throws {TypeError} where a template is no address, or asks for what there is not.
 */
export function joinLinks({ customer, provider, secret }: JoinLinkOptions): RoomProvider {
  const templates: Record<Participant, string> = { customer, provider };
  for (const [side, template] of Object.entries(templates)) requireTemplate(side, template, secret);
  return {
    name: 'links',
    open: async ({ sessionId }) => ({ roomId: sessionId }),
    async join({ sessionId }, { participant, expiresAt }) {
      const seconds = String(Math.floor(expiresAt / 1000));
      const values: Record<string, string> = {
        session_id: sessionId,
        participant,
        expires_at: seconds,
        signature: sign(secret ?? '', [sessionId, participant, seconds]),
      };
      return { joinUrl: fill(templates[participant], values) };
    },
    close: async () => {},
  };
}

const fill = (template: string, values: Record<string, string>): string =>
  template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(values[name]!));

const sign = (secret: string, parts: readonly string[]): string =>
  createHmac('sha256', secret).update(parts.join('\n')).digest('base64url');

function requireTemplate(side: string, template: string, secret: string | undefined): void {
  const names = [...template.matchAll(/\{([^}]*)\}/g)].map(([, name]) => name!);
  const unknown = names.find(
    (name) => !['session_id', 'participant', 'expires_at', 'signature'].includes(name),
  );
  if (unknown !== undefined) throw new TypeError(`the link of the ${side} asks for {${unknown}}`);
  if (names.includes('signature') && !secret)
    throw new TypeError(`the link of the ${side} asks for a {signature}, and there is no secret`);
  requireWebAddress(`the link of the ${side}`, template.replace(/\{\w+\}/g, 'x'));
}
