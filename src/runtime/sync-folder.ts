// Makes the names in a folder survive a power failure: for whoever has made, renamed or removed a file in it.
import { closeSync, fsyncSync, openSync } from 'node:fs';
import { platform } from 'node:os';

/** Windows writes names down by itself, and refuses to be asked; so do folders that may not be read. */
export function syncFolder(folder: string): void {
  if (platform() === 'win32') return;
  let fd: number;
  try {
    fd = openSync(folder, 'r');
  } catch {
    return;
  }
  try {
    fsyncSync(fd);
  } finally {
    closeSync(fd);
  }
}
