import { z } from '@hono/zod-openapi';
import { signalTypes } from '../../../protocol/room.js';

/** JSON of a signal, characters: an offer of sound, camera and screen has about 13,000. */
const maxDataLength = 32_768;

export const participantSchema = z
  .enum(['customer', 'provider'])
  .describe('The side: for servers, which are on none')
  .openapi({ example: 'provider' });

const instant = z.int().describe('Whole seconds since the epoch');

export const roomSchema = z
  .strictObject({
    provider: z
      .string()
      .describe('embedded: in the page itself, by signals')
      .openapi({ example: 'embedded' }),
    participant: z.enum(['customer', 'provider']).openapi({ example: 'customer' }),
    polite: z
      .boolean()
      .describe('Whether this side gives way where both offer at once: one of the two does')
      .openapi({ example: true }),
    join_url: z
      .string()
      .describe('Where the room is, outside of the page')
      .openapi({ example: 'https://meet.example/3f6e3c0e?jwt=e30' })
      .optional(),
    ice_servers: z
      .array(
        z.strictObject({
          urls: z.array(z.string()).openapi({ example: ['turn:turn.example'] }),
          username: z
            .string()
            .openapi({ example: '1767226500:3f6e3c0e-9d5b-4a53-8f1e-2d1f3c9f7a10' })
            .optional(),
          credential: z.string().openapi({ example: 'Gu4tKvBm6fpTj0mCuYhLrE8Mzks=' }).optional(),
        }),
      )
      .describe('Of an embedded room: as RTCConfiguration takes them')
      .optional(),
    opens_at: instant
      .nullable()
      .describe('When the session started; null while it waits')
      .openapi({ example: 1_767_225_600 }),
    ends_at: instant
      .nullable()
      .describe('When its time is up as things stand; null while it stands still')
      .openapi({ example: 1_767_227_400 }),
    expires_at: instant
      .describe('Until when one can join with this answer')
      .openapi({ example: 1_767_226_500 }),
  })
  .openapi('Room');

export const signalSchema = z.strictObject({
  type: z
    .enum(signalTypes)
    .describe('join is answered by the other side with a description')
    .openapi({ example: 'description' }),
  data: z
    .record(z.string(), z.unknown())
    .refine((data) => JSON.stringify(data).length <= maxDataLength, {
      message: `at most ${maxDataLength} characters of JSON`,
    })
    .describe(`What the browser gave, as it is: at most ${maxDataLength} characters of JSON`)
    .openapi({ example: { type: 'offer', sdp: 'v=0' } })
    .optional(),
  sender_id: z
    .string()
    .regex(/^[\w.:-]{1,64}$/, 'up to 64 letters, digits and . _ : -')
    .describe('The sending page’s own name for itself: the other side tells pages apart by it')
    .openapi({ example: '0b5cf1d0-6f9f-4e0e-9d5b-3c2b1f7a9e11' }),
  participant: participantSchema.optional(),
});
