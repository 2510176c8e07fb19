/** What a file is, as far as its storage has to know. */
export interface StoredContent {
  /** Bytes: exactly so many are streamed, or the stream fails. */
  size: number;
  /** By its content; never `text/html` or another type that a browser runs. */
  contentType: string;
  /** Nobody waits for it any more. */
  signal: AbortSignal;
}

/** How somebody is to get a file, where the storage itself hands it out. */
export interface StorageLink {
  fileName: string;
  contentType: string;
  expiresInSeconds: number;
}

/** Where the content of files is kept. A key is a UUID. */
export interface FileStorage {
  /** Keeps what is streamed, whole or not at all: nothing is left of what fails, once `delete` was called too. */
  put(key: string, content: AsyncIterable<Uint8Array>, about: StoredContent): Promise<void>;
  /** @returns undefined where there is nothing by that key. */
  get(key: string): Promise<ReadableStream<Uint8Array> | undefined>;
  /** Also what a broken `put` has left. Nothing there is as good. */
  delete(key: string): Promise<void>;
  /** An address of its own that gives the file as an attachment; without it the service hands it out. */
  link?(key: string, link: StorageLink): Promise<string>;
}
