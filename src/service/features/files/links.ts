import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { SessionError } from '../../../protocol/errors.js';
import type { ServiceContext } from '../../foundation/context.js';
import { fromStored, storedAnew, toStored } from '../../foundation/secrets/stored-secret.js';
import type { FileRow } from '../../foundation/database/schema.js';
import { basePath } from '../../foundation/http/paths.js';
import type { FileSettings } from './options.js';

const place = 'file-link-secret';

/** A link to the content of a file. */
export interface FileLink {
  url: string;
  /** Whole seconds since the epoch. */
  expiresAt: number;
}

/** Links that open a file to whoever has them, for a while: signed by a secret that all instances share. */
export class FileLinks {
  readonly #context: ServiceContext;
  readonly #settings: FileSettings;
  #secret = '';

  constructor(context: ServiceContext, settings: FileSettings) {
    this.#context = context;
    this.#settings = settings;
  }

  /** Makes the secret where there is none, and has it encrypted by the key that encrypts now. */
  async start(): Promise<void> {
    const { kysely, box } = this.#context;
    await kysely.transaction().execute(async (trx) => {
      const made = toStored(randomBytes(32).toString('base64url'), place, box);
      await trx
        .insertInto('file_link_secrets')
        .values({ secret: made })
        .onConflict((conflict) => conflict.doNothing())
        .execute();
      const { secret } = await trx
        .selectFrom('file_link_secrets')
        .select('secret')
        .forUpdate()
        .executeTakeFirstOrThrow();
      this.#secret = fromStored(secret, place, box);
      const anew = box && storedAnew(secret, place, box);
      if (anew) await trx.updateTable('file_link_secrets').set({ secret: anew }).execute();
    });
  }

  async linkTo({ id, name, content_type }: FileRow): Promise<FileLink> {
    const { storage, limits } = this.#settings;
    const expiresAt = Math.floor(this.#context.now() / 1000) + limits.linkSeconds;
    const url =
      (await storage.link?.(id, {
        fileName: name,
        contentType: content_type,
        expiresInSeconds: limits.linkSeconds,
      })) ??
      `${this.#context.publicUrl}${basePath}/files/${id}?expires=${expiresAt}&signature=${this.#sign(id, expiresAt)}`;
    return { url, expiresAt };
  }

  /** @throws {SessionError} `FILE_LINK_EXPIRED`; whoever made one up learns nothing else. */
  require(id: string, { expires, signature }: { expires: number; signature: string }): void {
    const [given, right] = [Buffer.from(signature), Buffer.from(this.#sign(id, expires))];
    const isRight = given.length === right.length && timingSafeEqual(given, right);
    if (!isRight || expires * 1000 <= this.#context.now()) throw new SessionError('FILE_LINK_EXPIRED');
  }

  #sign(id: string, expires: number): string {
    return createHmac('sha256', this.#secret).update(`${id}\n${expires}`).digest('base64url');
  }
}
