import type { SessionFile } from '../../protocol/api.js';
import { SessionError } from '../../protocol/errors.js';
import { isFinal } from '../../protocol/state-machine.js';
import type { SandboxContext } from '../context.js';
import { nameOf } from '../credentials.js';
import { InvalidRequest } from '../http/problem.js';
import type { Route } from '../http/route.js';
import { personOf } from './participants.js';
import type { KeptFile } from './session-record.js';
import { sessionOf } from './session-routes.js';

const limits = { max_file_bytes: 10_485_760, max_files: 50, max_bytes: 104_857_600, accepted_types: null };
/** How long a link opens a file, seconds. */
const linkSeconds = 3600;

const hex = (bytes: ArrayBuffer) =>
  Array.from(new Uint8Array(bytes), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** What the sides of a session send each other. */
export function fileRoutes(context: SandboxContext): Route[] {
  const { sessions, settings, clock } = context;

  const withLink = ({ facts }: KeptFile): SessionFile => ({
    ...facts,
    url: `${settings.apiEndpoint}/files/${facts.id}`,
    url_expires_at: Math.floor(clock.now() / 1000) + linkSeconds,
  });

  return [
    {
      method: 'POST',
      path: '/sessions/{id}/files',
      operation: 'sendFile',
      allows: { session: 'use_session', person: 'files.upload' },
      needsKey: true,
      takesContent: true,
      async answer(asked) {
        const name = nameIn(asked.request);
        const bytes = await asked.request.arrayBuffer();
        if (bytes.byteLength > limits.max_file_bytes) throw new SessionError('FILE_TOO_LARGE');
        const sha256 = hex(await crypto.subtle.digest('SHA-256', bytes));
        const session = sessionOf(context, asked);
        const key = `${nameOf(asked.credential)} ${asked.key}`;
        const known = session.files.find((file) => file.key === key);
        if (known && known.facts.sha256 !== sha256) throw new SessionError('IDEMPOTENCY_KEY_REUSED');
        if (known) return withLink(known);
        if (isFinal(session.status)) throw new SessionError('SESSION_ENDED');
        if (session.files.length >= limits.max_files) throw new SessionError('FILE_QUOTA_REACHED');
        const {
          participant: sent_by,
          role,
          participant_id,
        } = personOf(asked.credential, session, settings.providerId);
        const facts = {
          ...{ id: crypto.randomUUID(), session_id: session.id, sent_by, role, participant_id },
          ...{ name, size: bytes.byteLength, content_type: typeOfContent(bytes), sha256 },
          created_at: Math.floor(clock.now() / 1000),
        };
        const file: KeptFile = { facts, content: new Blob([bytes]), key };
        session.files.push(file);
        sessions.tell(session, 'file.created', { file_id: facts.id, sent_by });
        return Response.json(withLink(file), { status: 201 });
      },
    },
    {
      method: 'GET',
      path: '/sessions/{id}/files',
      operation: 'readFiles',
      allows: { session: 'use_session', person: 'files.read' },
      answer(asked) {
        const files = sessionOf(context, asked).files.map(withLink).reverse();
        return { files, limits, next_cursor: null };
      },
    },
    {
      method: 'DELETE',
      path: '/sessions/{id}/files/{file_id}',
      operation: 'deleteFile',
      allows: { session: 'use_session', person: 'files.delete' },
      answer(asked) {
        const session = sessionOf(context, asked);
        const index = session.files.findIndex(({ facts }) => facts.id === asked.params.file_id);
        if (index < 0) throw new SessionError('FILE_NOT_FOUND');
        const [file] = session.files.splice(index, 1);
        sessions.tell(session, 'file.deleted', { file_id: file!.facts.id });
        return new Response(null, { status: 204 });
      },
    },
    {
      method: 'GET',
      path: '/files/{id}',
      operation: 'openFile',
      answer({ params }) {
        const file = sessions
          .all()
          .flatMap(({ files }) => files.find(({ facts }) => facts.id === params.id) ?? [])[0];
        if (!file) throw new SessionError('FILE_NOT_FOUND');
        const name = encodeURIComponent(file.facts.name).replace(/'/g, '%27');
        return new Response(file.content, {
          headers: {
            'Content-Type': file.facts.content_type,
            'Content-Disposition': `attachment; filename*=UTF-8''${name}`,
          },
        });
      },
    },
  ];
}

/** @throws {InvalidRequest} */
function nameIn({ headers }: Request): string {
  try {
    const name = decodeURIComponent(headers.get('X-File-Name') ?? '');
    if (name !== '') return name;
  } catch {
    // Said below.
  }
  throw new InvalidRequest('/X-File-Name', 'the name of the file, percent-encoded');
}

/** What it is, as far as a sandbox looks: text, or anything. */
function typeOfContent(bytes: ArrayBuffer): string {
  try {
    const text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
    return /[^\P{Cc}\t\n\f\r]/u.test(text) ? 'application/octet-stream' : 'text/plain';
  } catch {
    return 'application/octet-stream';
  }
}
