import { z } from '@hono/zod-openapi';
import type { FileRow } from '../../foundation/database/schema.js';
import { nextCursorSchema } from '../../foundation/http/page-cursor.js';
import { senderFields, sideOfSender } from '../presence/index.js';
import type { FileLink } from './links.js';
import type { FileLimits } from './options.js';

const instant = z.int().describe('Whole seconds since the epoch').openapi({ example: 1_767_225_600 });
const bytes = z.int().describe('Bytes').openapi({ example: 184_320 });

export const fileSchema = z
  .strictObject({
    id: z.string().openapi({ example: '9c2d8f54-1f0f-4b7e-9d27-6b9f0f7f2a10' }),
    session_id: z.string().openapi({ example: '3f6e3c0e-9d5b-4a53-8f1e-2d1f3c9f7a10' }),
    ...senderFields,
    name: z.string().openapi({ example: 'leak.jpg' }),
    size: bytes,
    content_type: z
      .string()
      .describe('By its content: for an icon, or a preview of pictures')
      .openapi({ example: 'image/jpeg' }),
    sha256: z
      .string()
      .describe('Hex')
      .openapi({ example: '9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08' }),
    url: z
      .string()
      .describe('Opens it to whoever has the address, always as an attachment, until url_expires_at')
      .openapi({ example: 'https://market.example/api/v1/files/9c2d?expires=1767229200&signature=bDd2' }),
    url_expires_at: instant,
    created_at: instant,
  })
  .openapi('SessionFile');

export const filePageSchema = z.strictObject({
  files: z.array(fileSchema),
  limits: z
    .strictObject({
      max_file_bytes: bytes.openapi({ example: 10_485_760 }),
      max_files: z.int().openapi({ example: 50 }),
      max_bytes: bytes.openapi({ example: 104_857_600 }),
      accepted_types: z
        .array(z.string().openapi({ example: 'image/jpeg' }))
        .nullable()
        .describe('Null: all but programs')
        .openapi({ example: null }),
    })
    .describe('What may be sent'),
  next_cursor: nextCursorSchema,
});

/** A file without its link. */
export function toFileFacts(row: FileRow) {
  const { id, session_id, role, participant_id, name, size, content_type, sha256, created_at } = row;
  return {
    id,
    session_id,
    sent_by: sideOfSender(row),
    role,
    participant_id,
    name,
    size,
    content_type,
    sha256,
    created_at: Math.floor(created_at / 1000),
  };
}

export const toFile = (row: FileRow, { url, expiresAt }: FileLink): z.output<typeof fileSchema> => ({
  ...toFileFacts(row),
  url,
  url_expires_at: expiresAt,
});

export const toLimits = ({ maxFileBytes, maxFiles, maxBytes, acceptedTypes }: FileLimits) => ({
  max_file_bytes: maxFileBytes,
  max_files: maxFiles,
  max_bytes: maxBytes,
  accepted_types: acceptedTypes && [...acceptedTypes],
});
