import { z } from '@hono/zod-openapi';
import { participantRoles } from '../../../protocol/events.js';
import { pausers } from '../../../protocol/pauser.js';

/** Who has sent a message or a file, as routes answer it. */
export const senderFields = {
  sent_by: z.enum(pausers).describe('The side').openapi({ example: 'customer' }),
  role: z
    .enum(participantRoles)
    .nullable()
    .describe('Null for the marketplace')
    .openapi({ example: 'customer' }),
  participant_id: z
    .string()
    .nullable()
    .describe('The customer, the provider, or the person that the access token names')
    .openapi({ example: 'customer-17' }),
};
