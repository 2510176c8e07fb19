import type { SessionFileLimits } from '../../protocol/api.js';
import type { ErrorCode } from '../../protocol/error-codes.js';

/** Types that every browser names as the service does, which looks at the content. */
const sure = /^(image\/(png|jpeg|gif|webp)|application\/pdf)$/;

/** What a session holds already, and what is on its way. */
export interface TakenRoom {
  files: number;
  bytes: number;
}

/**
 * Why a file would be refused, as far as that is known before it is sent; undefined where nothing is against it. Only what is
 * certain: the service judges by content.
 */
export function fileRefusal(
  { size, type }: Pick<File, 'size' | 'type'>,
  limits: SessionFileLimits,
  taken: TakenRoom,
): ErrorCode | undefined {
  if (!size) return 'FILE_UNREADABLE';
  if (size > limits.max_file_bytes) return 'FILE_TOO_LARGE';
  if (limits.accepted_types && sure.test(type) && !limits.accepted_types.includes(type))
    return 'FILE_TYPE_REFUSED';
  if (taken.files >= limits.max_files || taken.bytes + size > limits.max_bytes) return 'FILE_QUOTA_REACHED';
  return undefined;
}
