import type { FileStorage } from './storage/file-storage.js';

/** What is found about a file by whoever looks for viruses. */
export type ScanFile = (
  content: ReadableStream<Uint8Array>,
  file: { name: string; size: number; contentType: string; sha256: string },
) => Promise<'clean' | 'infected'>;

export interface FileOptions {
  /** `localFiles(folder)`, `s3Files({...})`, or one of your own. */
  storage: FileStorage;
  /** Looks at each file before anybody gets it; what it throws refuses the file for now. */
  scan?: ScanFile;
  limits?: Partial<FileLimits>;
}

export interface FileLimits {
  /** The largest file, bytes. */
  maxFileBytes: number;
  /** Files of a session that are there at a time, and being sent. */
  maxFiles: number;
  /** All files of a session together, bytes. */
  maxBytes: number;
  /** Files of a session that are being sent at a time. */
  maxUploads: number;
  /** The types that are taken, as they are found by content; null: all but programs. */
  acceptedTypes: readonly string[] | null;
  /** How long a link opens its file, seconds. */
  linkSeconds: number;
}

const defaultFileLimits: FileLimits = {
  maxFileBytes: 10 * 1024 * 1024,
  maxFiles: 50,
  maxBytes: 100 * 1024 * 1024,
  maxUploads: 3,
  acceptedTypes: null,
  linkSeconds: 3_600,
};

/** What the feature goes by. */
export interface FileSettings {
  storage: FileStorage;
  scan: ScanFile | undefined;
  limits: FileLimits;
}

/** @throws {TypeError} where a limit is none. */
export function fileSettings({ storage, scan, limits: given }: FileOptions): FileSettings {
  const limits = { ...defaultFileLimits, ...given };
  for (const [name, limit] of Object.entries(limits)) {
    if (name === 'acceptedTypes') continue;
    if (!Number.isSafeInteger(limit) || (limit as number) < 1)
      throw new TypeError(`files.limits.${name} must be a whole number from 1 on`);
  }
  return { storage, scan, limits };
}
