import { gzipSync } from 'node:zlib';

/** As `gzip -9`. */
export const gzip = (content: string | Buffer): Buffer => gzipSync(content, { level: 9 });

export const gzipBytes = (content: string | Buffer): number => gzip(content).length;
