// The one error of reading and writing shared files, with a code that does not depend on the platform.

/** What went wrong, in few words: stable, for health and tests. */
export type FileErrorCode =
  'noSpace' | 'denied' | 'busy' | 'missing' | 'notAFile' | 'tooLarge' | 'changed' | 'failed';

const CODE_BY_ERRNO = new Map<string, FileErrorCode>([
  ['ENOSPC', 'noSpace'],
  ['EDQUOT', 'noSpace'],
  ['EACCES', 'denied'],
  ['EPERM', 'denied'],
  ['EROFS', 'denied'],
  ['EBUSY', 'busy'],
  ['ETXTBSY', 'busy'],
  ['ENOENT', 'missing'],
  ['ENOTDIR', 'missing'],
  ['EISDIR', 'notAFile'],
  ['ENOTEMPTY', 'notAFile'],
  ['EEXIST', 'notAFile'],
]);

/** A shared file that could not be read or written; `cause` is the system's own error. */
export class FileError extends Error {
  readonly code: FileErrorCode;
  readonly path: string;

  constructor(code: FileErrorCode, path: string, message: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'FileError';
    this.code = code;
    this.path = path;
  }

  /** Wraps what the file system threw; a FileError stays as it is. `doing` completes "cannot …". */
  static from(error: unknown, path: string, doing: string): FileError {
    if (error instanceof FileError) return error;
    const code = CODE_BY_ERRNO.get(errnoOf(error)) ?? 'failed';
    const reason = error instanceof Error ? error.message : String(error);
    return new FileError(code, path, `cannot ${doing}: ${reason}`, { cause: error });
  }
}

/** The system's own code (`ENOENT`); empty when the error has none. */
export function errnoOf(error: unknown): string {
  if (!(error instanceof Error) || !('code' in error)) return '';
  return typeof error.code === 'string' ? error.code : '';
}

/** Whether the disk has no room, or this user's share of it is used up. */
export function isNoSpace(error: unknown): boolean {
  return CODE_BY_ERRNO.get(errnoOf(error)) === 'noSpace';
}
