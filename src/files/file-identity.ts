// Which file, in which state, lies at a path: cheap to ask, so that content is read only when there is something new.
import { stat } from 'node:fs/promises';
import { errnoOf, FileError } from './file-error.ts';

/** Changes whenever the file is replaced, written to, or has its mode changed. Times in nanoseconds since 1970. */
export interface FileIdentity {
  readonly device: bigint;
  readonly inode: bigint;
  readonly sizeBytes: bigint;
  readonly modifiedNs: bigint;
  readonly changedNs: bigint;
  /** False for folders, pipes and devices: opening one of those may never return. */
  readonly isFile: boolean;
}

/** What `stat` tells, as far as it identifies a file. */
export interface FileStats {
  readonly dev: bigint;
  readonly ino: bigint;
  readonly size: bigint;
  readonly mtimeNs: bigint;
  readonly ctimeNs: bigint;
  isFile(): boolean;
}

export function identityOf(stats: FileStats): FileIdentity {
  return {
    device: stats.dev,
    inode: stats.ino,
    sizeBytes: stats.size,
    modifiedNs: stats.mtimeNs,
    changedNs: stats.ctimeNs,
    isFile: stats.isFile(),
  };
}

/** Null when nothing is at the path; throws a FileError when that cannot be found out. */
export async function identify(path: string): Promise<FileIdentity | null> {
  try {
    return identityOf(await stat(path, { bigint: true }));
  } catch (error) {
    const errno = errnoOf(error);
    if (errno === 'ENOENT' || errno === 'ENOTDIR') return null;
    throw FileError.from(error, path, `look at ${path}`);
  }
}

/** Whether nothing has happened to the file between the two looks; two absent files are the same. */
export function sameFile(a: FileIdentity | null, b: FileIdentity | null): boolean {
  if (a === null || b === null) return a === b;
  return sameContent(a, b) && a.changedNs === b.changedNs;
}

/** As sameFile, but a rename or a change of mode in between does not count. */
export function sameContent(a: FileIdentity, b: FileIdentity): boolean {
  return (
    a.device === b.device &&
    a.inode === b.inode &&
    a.sizeBytes === b.sizeBytes &&
    a.modifiedNs === b.modifiedNs &&
    a.isFile === b.isFile
  );
}
