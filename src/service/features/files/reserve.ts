import { sql, type Transaction } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import { isFinal } from '../../../protocol/state-machine.js';
import type { FileRow, SessionRow, Tables } from '../../foundation/database/schema.js';
import { announceDue, fileDueChannel } from '../../foundation/jobs/due-channel.js';
import type { Sender } from '../presence/index.js';
import type { FileLimits } from './options.js';
import { uploadLeaseMs } from './upload-lease.js';

/** A file that somebody wants to send. */
export interface NewFile {
  sender: Sender;
  name: string;
  size: number;
  /** The same for each try to send it; undefined where each try is a file of its own. */
  uploadKey: string | undefined;
}

/**
 * Makes room for a file in a locked session: from then on it counts, and whatever comes of it in the storage is removed unless it
 * is kept, and as soon as nobody says any more that it is being taken. One that was kept by the same key is answered.
 * @throws {SessionError} `SESSION_ENDED`, `FILE_TOO_LARGE`, `FILE_QUOTA_REACHED`, `UPLOADS_TOO_MANY`, `IDEMPOTENCY_KEY_IN_USE`,
 * `IDEMPOTENCY_KEY_REUSED`
 */
export async function reserveFile(
  trx: Transaction<Tables>,
  session: SessionRow,
  limits: FileLimits,
  file: NewFile,
  now: number,
): Promise<{ id: string } | { kept: FileRow }> {
  const kept = await findKept(trx, session.id, file);
  if (kept) return { kept };
  if (isFinal(session.status)) throw new SessionError('SESSION_ENDED');
  if (file.size > limits.maxFileBytes) throw new SessionError('FILE_TOO_LARGE');
  const { count, bytes, uploading } = await trx
    .selectFrom('file_objects')
    .select([
      sql<number>`count(*)`.as('count'),
      sql<number>`coalesce(sum(size), 0)::bigint`.as('bytes'),
      sql<number>`count(*) filter (where state = 'uploading')`.as('uploading'),
    ])
    .where('session_id', '=', session.id)
    .where('state', '<>', 'gone')
    .executeTakeFirstOrThrow();
  if (uploading >= limits.maxUploads) throw new SessionError('UPLOADS_TOO_MANY', { retryAfterSeconds: 5 });
  if (count >= limits.maxFiles || bytes + file.size > limits.maxBytes)
    throw new SessionError('FILE_QUOTA_REACHED');
  const id = crypto.randomUUID();
  await trx
    .insertInto('file_objects')
    .values({
      id,
      session_id: session.id,
      sender: file.sender.sender,
      upload_key: file.uploadKey ?? null,
      size: file.size,
      state: 'uploading',
      due_at: now + uploadLeaseMs,
    })
    .execute();
  await announceDue(trx, now + uploadLeaseMs, fileDueChannel);
  return { id };
}

async function findKept(
  trx: Transaction<Tables>,
  sessionId: string,
  { sender, name, size, uploadKey }: NewFile,
): Promise<FileRow | undefined> {
  if (uploadKey === undefined) return undefined;
  const before = await trx
    .selectFrom('file_objects')
    .leftJoin('files', 'files.id', 'file_objects.id')
    .selectAll('files')
    .where('file_objects.session_id', '=', sessionId)
    .where('file_objects.sender', '=', sender.sender)
    .where('upload_key', '=', uploadKey)
    .executeTakeFirst();
  if (!before) return undefined;
  if (before.id === null) throw new SessionError('IDEMPOTENCY_KEY_IN_USE', { retryAfterSeconds: 1 });
  if (before.name !== name || before.size !== size) throw new SessionError('IDEMPOTENCY_KEY_REUSED');
  return before as FileRow;
}
