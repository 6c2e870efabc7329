// Everything in a data folder that kwota reads, looked at without changing anything: what each file is, and what is wrong.
import { existsSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { Problem } from '../config/problem.ts';
import { errnoOf } from '../files/file-error.ts';
import { hasStore } from '../store/sqlite/lost-store.ts';
import { inspectStore } from '../store/sqlite/snapshot.ts';
import { StoreError } from '../store/store.ts';
import { checkSharedJson, JSON_FILES } from './data-json.ts';
import { checkUsersFile } from './users-check.ts';

export interface CheckedFile {
  readonly path: string;
  /** What was found in it, in words; null where nothing could be. */
  readonly content: string | null;
  readonly problems: readonly Problem[];
}

/** A shared file is no longer than this. */
const MAX_BYTES = 64 * 1024 * 1024;

/** Those that are there, in an order for people. `nameOf` is how a path is shown. */
export async function checkDataFolder(
  dataDir: string,
  usersEncoding: string,
  nameOf: (path: string) => string,
): Promise<CheckedFile[]> {
  const checked: CheckedFile[] = [];
  for (const name of ['users1.csv', ...JSON_FILES]) {
    const path = join(dataDir, name);
    if (!existsSync(path)) continue;
    const content = readWhole(path, nameOf(path));
    if ('problem' in content) checked.push({ path, content: null, problems: [content.problem] });
    else if (name === 'users1.csv')
      checked.push(await usersFile(path, content.bytes, usersEncoding, nameOf(path)));
    else {
      const problems = checkSharedJson(name, content.bytes.toString('utf8'), nameOf(path));
      checked.push({ path, content: null, problems });
    }
  }
  const store = join(dataDir, '.kwota', 'kwota.sqlite');
  if (hasStore(store)) checked.push(storeFile(store, nameOf(store)));
  return checked;
}

async function usersFile(
  path: string,
  bytes: Buffer,
  encoding: string,
  source: string,
): Promise<CheckedFile> {
  const { problems, users } = await checkUsersFile(bytes, encoding, source);
  return { path, content: users === null ? null : counted(users, 'user'), problems };
}

function storeFile(path: string, source: string): CheckedFile {
  try {
    const { sessions, chargers } = inspectStore(path);
    return {
      path,
      content: `${counted(sessions, 'session')}, ${counted(chargers, 'charger')}`,
      problems: [],
    };
  } catch (error) {
    if (!(error instanceof StoreError)) throw error;
    const { message, hint } = error;
    return { path, content: null, problems: [{ ...nowhere(source), message, hint }] };
  }
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}

function readWhole(path: string, source: string): { readonly bytes: Buffer } | { readonly problem: Problem } {
  try {
    if (statSync(path).size <= MAX_BYTES) return { bytes: readFileSync(path) };
    const message = `it is larger than ${MAX_BYTES} bytes`;
    return { problem: { ...nowhere(source), message, hint: 'is this the right file?' } };
  } catch (error) {
    const message = `it cannot be read (${errnoOf(error)})`;
    const hint = 'check that it is a file, and that you may read it';
    return { problem: { ...nowhere(source), message, hint } };
  }
}

function nowhere(source: string): Pick<Problem, 'source' | 'line' | 'column' | 'path'> {
  return { source, line: null, column: null, path: '' };
}
