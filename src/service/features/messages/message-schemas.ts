import { z } from '@hono/zod-openapi';
import type { MessageRow } from '../../foundation/database/schema.js';
import { nextCursorSchema } from '../../foundation/http/page-cursor.js';
import { senderFields, sideOfSender } from '../presence/index.js';

/** Characters of a message, as JavaScript counts them. */
const maxTextLength = 4_000;

/** Line ends and tabs are text; other control characters (Unicode, category Cc) are none. What is seen must be there. */
const textForm = /^[\t\n\r ]*[\x21-\x7e\u00a0-\uffff][\t\n\r\x20-\x7e\u00a0-\uffff]*$/;

const clientIdSchema = z
  .string()
  .regex(/^[\w.:-]{1,64}$/, 'up to 64 letters, digits and . _ : -')
  .describe("The sender's own name for it: the same for each try to send it, which is then done once")
  .openapi({ example: '0b5cf1d0-6f9f-4e0e-9d5b-3c2b1f7a9e11' });
const textSchema = z
  .string()
  .max(maxTextLength)
  .regex(textForm, 'text that can be seen, without control characters')
  .describe('Plain text, kept as it is given: never put it into a page as HTML')
  .openapi({ example: 'The water comes from under the sink.' });

export const newMessageSchema = z.strictObject({ text: textSchema, client_id: clientIdSchema });

export const messageSchema = z
  .strictObject({
    id: z.string().openapi({ example: '5f0c9f7e-6a55-4be5-9a0c-2c1c1d2b4a11' }),
    session_id: z.string().openapi({ example: '3f6e3c0e-9d5b-4a53-8f1e-2d1f3c9f7a10' }),
    position: z
      .int()
      .min(1)
      .describe('Its place in the session, from 1 on without a gap: everybody reads them in this order')
      .openapi({ example: 7 }),
    ...senderFields,
    client_id: clientIdSchema,
    text: textSchema,
    created_at: z.int().describe('Whole seconds since the epoch').openapi({ example: 1_767_225_600 }),
  })
  .openapi('Message');

export const messagePageSchema = z.strictObject({
  messages: z.array(messageSchema),
  next_cursor: nextCursorSchema,
});

export function toMessage(row: MessageRow): z.output<typeof messageSchema> {
  const { id, session_id, position, role, participant_id, client_id, text, created_at } = row;
  return {
    id,
    session_id,
    position,
    sent_by: sideOfSender(row),
    role,
    participant_id,
    client_id,
    text,
    created_at: Math.floor(created_at / 1000),
  };
}
