// kwota's own edits of users1.csv: on the file as it lies there now, whole or not at all. What an edit may be is not decided here.
import { readFile } from 'node:fs/promises';
import type { User } from '../domain/user.ts';
import type { Clock } from '../runtime/clock.ts';
import { replaceFile } from './atomic-write.ts';
import { FileError } from './file-error.ts';
import { identify, sameFile, type FileIdentity } from './file-identity.ts';
import { editUsers, type GoodReading, type UsersEditProblem, type WantedUsers } from './users-edit.ts';
import { readUsers } from './users-csv.ts';
import type { FileWatch } from './watch.ts';

/** Another program is writing: how often its file is looked at again, and with what pause, before the edit is given up. */
const MAX_ATTEMPTS = 20;
const PAUSE_MS = 150;

/** Why the file could not be edited; it is as the other program left it. */
export interface UsersFileFault {
  /** `busy`: another program goes on writing it. `unreadable`: what lies there cannot be taken. `system`: the disk, or rights. */
  readonly code: UsersEditProblem['code'] | 'busy' | 'unreadable' | 'system';
  readonly message: string;
  readonly hint: string;
}

/** What is wanted of the users found; or why nothing is. May be called again, when another program was faster. */
export type UsersPlan<Refusal> = (
  users: readonly User[],
) => { readonly wanted: WantedUsers } | { readonly refusal: Refusal };

export type UsersEdited<Refusal> =
  | { readonly kind: 'edited' }
  | { readonly kind: 'refused'; readonly refusal: Refusal }
  | { readonly kind: 'failed'; readonly fault: UsersFileFault };

export interface UsersWriter {
  /** Once it says `edited`, the file is on disk and its users are in force. */
  edit<Refusal>(plan: UsersPlan<Refusal>): Promise<UsersEdited<Refusal>>;
}

export interface WrittenUsers {
  readonly content: Buffer;
  readonly reading: GoodReading;
  readonly identity: FileIdentity;
}

export interface UsersWriterParts {
  readonly path: string;
  readonly encoding: string;
  readonly clock: Clock;
  readonly watch: FileWatch;
  /** The file now has this content, with these users. */
  readonly onWritten: (written: WrittenUsers) => Promise<void>;
}

/** One edit at a time; another one waits for it. */
export function createUsersWriter(parts: UsersWriterParts): UsersWriter {
  let turn: Promise<unknown> = Promise.resolve();
  return {
    edit(plan) {
      const edited = turn.then(() => editWhenQuiet(parts, plan)).catch(systemFault);
      turn = edited.catch(() => undefined);
      return edited;
    },
  };
}

async function editWhenQuiet<Refusal>(
  parts: UsersWriterParts,
  plan: UsersPlan<Refusal>,
): Promise<UsersEdited<Refusal>> {
  for (let attempt = 0; attempt < MAX_ATTEMPTS; attempt += 1) {
    // What its writer is half way through is not read, and not replaced either.
    const outcome = (await parts.watch.checkNow()) === 'pending' ? null : await editOnce(parts, plan);
    if (outcome) return outcome;
    await new Promise<void>((resolve) => {
      parts.clock.after(PAUSE_MS, resolve);
    });
  }
  return failed('busy', 'users1.csv is being written by another program', 'try again when it has finished');
}

/** Null: another program wrote to the file meanwhile. */
async function editOnce<Refusal>(
  { path, encoding, clock, onWritten }: UsersWriterParts,
  plan: UsersPlan<Refusal>,
): Promise<UsersEdited<Refusal> | null> {
  const found = await readAsItIs(path);
  if (!found) return null;
  const { content, identity } = found;
  const reading = await readUsers(content, { encoding });
  if (!reading.ok) {
    const { message, hint } = reading.problem;
    return failed('unreadable', `users1.csv cannot be edited: ${message}`, hint);
  }
  const planned = plan(reading.users);
  if ('refusal' in planned) return { kind: 'refused', refusal: planned.refusal };
  const editing = await editUsers(reading, planned.wanted, encoding);
  if (!editing.ok) return { kind: 'failed', fault: editing.problem };
  if (editing.content.equals(content)) return { kind: 'edited' };
  const written = await replaceUnchanged(path, editing.content, identity, clock);
  if (!written) return null;
  await onWritten({ content: editing.content, reading: editing.reading, identity: written });
  return { kind: 'edited' };
}

/** Null when somebody else was faster. */
async function replaceUnchanged(
  path: string,
  content: Buffer,
  expected: FileIdentity,
  clock: Clock,
): Promise<FileIdentity | null> {
  try {
    return await replaceFile(path, content, { clock, expected });
  } catch (error) {
    if (error instanceof FileError && error.code === 'changed') return null;
    throw error;
  }
}

/** Null when it changed while it was read. */
async function readAsItIs(path: string): Promise<{ content: Buffer; identity: FileIdentity } | null> {
  const identity = await identify(path);
  if (identity === null) throw new FileError('missing', path, `cannot edit ${path}: it is gone`);
  try {
    const content = await readFile(path);
    return sameFile(await identify(path), identity) ? { content, identity } : null;
  } catch (error) {
    throw FileError.from(error, path, `read ${path}`);
  }
}

function systemFault(error: unknown): UsersEdited<never> {
  if (!(error instanceof FileError)) throw error;
  return failed('system', error.message, 'see that the disk has room and that kwota may write there');
}

function failed(code: UsersFileFault['code'], message: string, hint: string): UsersEdited<never> {
  return { kind: 'failed', fault: { code, message, hint } };
}
