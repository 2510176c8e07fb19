import type { Transaction } from 'kysely';
import { SessionError } from '../../../protocol/errors.js';
import { isFinal } from '../../../protocol/state-machine.js';
import { recordChange, type AskedChange } from '../../foundation/audit.js';
import type { ServiceContext } from '../../foundation/context.js';
import { failureText } from '../../foundation/database/failures.js';
import type { FileRow, SessionRow, Tables } from '../../foundation/database/schema.js';
import { appendEvents } from '../../foundation/events/append-events.js';
import { sideOfSender } from '../presence/index.js';
import { changeSession } from '../sessions/index.js';
import { contentTypeOf, isProgram } from './content-type.js';
import { IncomingFile } from './incoming-file.js';
import type { FileSettings } from './options.js';
import { letGo } from './removal.js';
import { reserveFile, type NewFile } from './reserve.js';
import { StoredObject } from './stored-object.js';
import { UploadLease } from './upload-lease.js';

export interface Upload {
  sessionId: string;
  file: NewFile;
  body: ReadableStream<Uint8Array>;
  asked: AskedChange;
  /** Called once it is known that the file is wanted, and may take its time. */
  begin(): void;
}

/**
 * Takes a file: room for it, its content into the storage, a look for viruses, and only then the row by which anybody finds it.
 * What fails on the way leaves nothing: the room that was made for it is due to be cleared, whatever becomes of this process.
 * @throws {SessionError} what `reserveFile` throws, `FILE_TYPE_REFUSED`, `FILE_INFECTED`, `STORAGE_UNAVAILABLE`,
 * `BODY_MALFORMED`, `REQUEST_TIMED_OUT`
 */
export async function uploadFile(
  context: ServiceContext,
  settings: FileSettings,
  { sessionId, file, body, asked, begin }: Upload,
): Promise<{ file: FileRow; isRepeated: boolean }> {
  const reserved = await changeSession(context, sessionId, undefined, (trx, session, now) =>
    reserveFile(trx, session, settings.limits, file, now),
  );
  if ('kept' in reserved) return { file: reserved.kept, isRepeated: true };
  const { id } = reserved;
  const lease = new UploadLease(context, id);
  const object = new StoredObject(context, settings.storage, id, lease.lost);
  begin();
  try {
    const content = await store(context, settings, { object, file, body });
    return await changeSession(context, sessionId, undefined, async (trx, session, now) => ({
      file: await keep(context, trx, session, { id, file, asked, ...content }, now),
      isRepeated: false,
    }));
  } catch (error) {
    await letGo(context, id, object).catch((failure: unknown) =>
      // It is cleared when its time is over.
      context.logger.error('a file that was not kept could not be cleared', { error: failureText(failure) }),
    );
    throw error;
  } finally {
    lease.end();
  }
}

interface Coming extends Pick<Upload, 'file' | 'body'> {
  object: StoredObject;
}

interface Content {
  contentType: string;
  sha256: string;
}

async function store(
  context: ServiceContext,
  { scan, limits }: FileSettings,
  { object, file: { name, size }, body }: Coming,
): Promise<Content> {
  const incoming = new IncomingFile(context, body, size);
  try {
    const beginning = await incoming.beginning();
    const contentType = contentTypeOf(beginning);
    const isAccepted = limits.acceptedTypes?.includes(contentType) ?? !isProgram(beginning);
    if (!isAccepted) throw new SessionError('FILE_TYPE_REFUSED');
    await object.put(incoming.content(), { size, contentType });
    const { sha256 } = incoming;
    if (scan) {
      const finding = await object.scan(scan, { name, size, contentType, sha256 });
      if (finding !== 'clean') throw new SessionError('FILE_INFECTED');
    }
    return { contentType, sha256 };
  } catch (error) {
    incoming.leave();
    throw refusalOf(error, incoming.failure);
  }
}

/** @param senders why the sender did not send it whole */
function refusalOf(error: unknown, senders: unknown): SessionError {
  if (senders instanceof SessionError) return senders;
  // He has closed the connection, and reads no answer.
  if (senders !== undefined) return new SessionError('BODY_MALFORMED');
  if (error instanceof SessionError) return error;
  return new SessionError('STORAGE_UNAVAILABLE', { cause: error, retryAfterSeconds: 5 });
}

interface Stored extends Content {
  id: string;
  file: NewFile;
  asked: AskedChange;
}

async function keep(
  context: ServiceContext,
  trx: Transaction<Tables>,
  session: SessionRow,
  { id, file: { sender, name, size }, asked, contentType, sha256 }: Stored,
  now: number,
): Promise<FileRow> {
  if (isFinal(session.status)) throw new SessionError('SESSION_ENDED');
  const room = await trx
    .updateTable('file_objects')
    .set({ state: 'kept', due_at: null })
    .where('id', '=', id)
    .where('state', '=', 'uploading')
    .returning('id')
    .executeTakeFirst();
  // Its lease has run out, and it is being removed.
  if (!room) throw new SessionError('REQUEST_TIMED_OUT');
  const file = await trx
    .insertInto('files')
    .values({
      ...sender,
      id,
      session_id: session.id,
      name,
      size,
      content_type: contentType,
      sha256,
      created_at: now,
    })
    .returningAll()
    .executeTakeFirstOrThrow();
  await recordChange(trx, asked, now, id);
  const payload = { session_id: session.id, file_id: id, sent_by: sideOfSender(sender) };
  await appendEvents(context, trx, [
    { subject: `session:${session.id}`, type: 'file.created', payload, createdAt: now },
  ]);
  return file;
}
