// How much room is left on the disk of a folder.
import { statfs } from 'node:fs/promises';

/** Bytes that this user may still write there; null: the system does not tell. */
export async function freeBytes(folder: string): Promise<number | null> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    // Not every file system counts. Writing tells when it is full.
    return null;
  }
}
