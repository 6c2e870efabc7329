// A file that a person asked for, written where he said: readable by him alone, and never over another one.
import { writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Saved } from './desk/desk.ts';

/** What goes wrong here in everyday life, in words. */
const PROBLEMS: Readonly<Record<string, string>> = {
  EEXIST: 'there is such a file already: choose another name',
  ENOENT: 'there is no such folder',
  ENOTDIR: 'there is no such folder',
  EISDIR: 'this is a folder: name a file in it',
  EACCES: 'you may not write there',
  EPERM: 'you may not write there',
  EROFS: 'nothing can be written there',
  ENOSPC: 'the disk is full',
  ENAMETOOLONG: 'the name is too long',
};

/** `path` counts from the folder that the dashboard was started in; `~/` is the person's own. */
export async function saveFile(path: string, text: string): Promise<Saved> {
  const full = path.startsWith('~/') ? join(homedir(), path.slice(2)) : resolve(path);
  try {
    await writeFile(full, text, { flag: 'wx', mode: 0o600 });
    return { isSaved: true, path: full };
  } catch (error) {
    const code = error instanceof Error && 'code' in error ? String(error.code) : '';
    return { isSaved: false, problem: PROBLEMS[code] ?? `${full} cannot be written (${code})` };
  }
}
