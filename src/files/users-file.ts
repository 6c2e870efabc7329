// Keeps the users in force in step with users1.csv. What cannot be taken changes nothing: the last good users stay.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { User } from '../domain/user.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log, LogTag } from '../runtime/log.ts';
import { replaceFile } from './atomic-write.ts';
import { errnoOf, FileError } from './file-error.ts';
import { readUsers, type RowProblem } from './users-csv.ts';
import type { GoodReading } from './users-edit.ts';
import { createUsersWriter, type UsersWriter, type WrittenUsers } from './users-writer.ts';
import { watchFile } from './watch.ts';

/** Its name in the data folder. */
export const USERS_FILE = 'users1.csv';
/** The columns, and nobody. */
export const EMPTY_USERS_FILE = 'id_tag,header name,surname,quota_kwh,unlimited\n';
/** The file as it was last taken, so that a restart with a broken one still knows the users. */
const LAST_GOOD = join('.kwota', 'users1.last-good.csv');
const ALARM_FILE = 'users-file';
const ALARM_ROWS = 'users-rows';
const ALARM_EMPTY = 'users-none';
/** Bad rows that are named one by one; the rest is counted. */
const MAX_ROWS_NAMED = 10;

export interface UsersFileParts {
  readonly dataDir: string;
  readonly encoding: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly alarms: {
    raise(id: string, tag: LogTag, message: string): void;
    clear(id: string, tag: LogTag): void;
  };
  /** The users now in force: at opening, and whenever the file changed and could be taken. */
  readonly onUsers: (users: readonly User[]) => void;
}

/** users1.csv: watched until it is closed, and edited by kwota itself. */
export interface UsersFile extends UsersWriter {
  close(): void;
}

/** Reads the users, making an empty file where there is none, and watches the file from then on. */
export async function openUsersFile(parts: UsersFileParts): Promise<UsersFile> {
  const { dataDir, clock } = parts;
  const path = join(dataDir, USERS_FILE);
  const lastGoodPath = join(dataDir, LAST_GOOD);
  let previous = await readIfThere(lastGoodPath);
  if (previous) await take(parts, previous, null);
  else if ((await readIfThere(path)) === null) await replaceFile(path, EMPTY_USERS_FILE, { clock });
  let examined = previous;
  let isKept = previous !== null;

  async function onChange(content: Buffer | null): Promise<void> {
    const isKnown = content !== null && examined?.equals(content) === true;
    examined = content;
    if (content === null) {
      parts.alarms.raise(ALARM_FILE, 'DATA', `${USERS_FILE} is gone; the users last read stay in force`);
      return;
    }
    if (!isKnown && (await take(parts, content, previous))) {
      previous = content;
      isKept = false;
    }
    if (previous?.equals(content) !== true) return;
    // Also when nothing is new: what kept the file from being read, or its copy from being written, may be over.
    await keep(content);
    parts.alarms.clear(ALARM_FILE, 'DATA');
  }

  async function keep(content: Buffer): Promise<void> {
    if (!isKept) await replaceFile(lastGoodPath, content, { clock, mode: 0o600 });
    isKept = true;
  }

  async function onWritten({ content, reading, identity }: WrittenUsers): Promise<void> {
    examined = content;
    previous = content;
    isKept = false;
    putInForce(parts, reading, false);
    try {
      await keep(content);
      watch.acknowledge(identity);
    } catch (cause) {
      // The edit holds all the same. The next look finds the file changed, and tries the copy again.
      parts.alarms.raise(ALARM_FILE, 'DATA', `${USERS_FILE}: ${String(cause)}`);
    }
  }

  try {
    await onChange(await readIfThere(path));
  } catch (cause) {
    parts.alarms.raise(ALARM_FILE, 'DATA', `${USERS_FILE}: ${String(cause)}`);
  }
  const onProblem = (problem: Error) =>
    parts.alarms.raise(ALARM_FILE, 'DATA', `${USERS_FILE}: ${problem.message}`);
  const watch = watchFile(path, { clock, onProblem }, onChange);
  const writer = createUsersWriter({ path, encoding: parts.encoding, clock, watch, onWritten });
  return { edit: (plan) => writer.edit(plan), close: () => watch.close() };
}

/** Whether the content could be taken. */
async function take(parts: UsersFileParts, content: Buffer, previous: Buffer | null): Promise<boolean> {
  const { alarms, encoding } = parts;
  const reading = await readUsers(content, previous ? { encoding, previous } : { encoding });
  if (!reading.ok) {
    const { message, line, hint } = reading.problem;
    const where = line === null ? USERS_FILE : `${USERS_FILE}:${line}`;
    alarms.raise(ALARM_FILE, 'DATA', `${where}: ${message}; the users last read stay in force (${hint})`);
    return false;
  }
  putInForce(parts, reading, previous === null);
  parts.log.info('DATA', 'users read', { users: reading.users.length, skipped: reading.problems.length });
  return true;
}

/** `isFirst`: nobody has been known so far, and a file without users is no surprise. */
function putInForce({ alarms, log, onUsers }: UsersFileParts, reading: GoodReading, isFirst: boolean): void {
  alarms.clear(ALARM_FILE, 'DATA');
  const { problems, users } = reading;
  for (const { line, message, hint } of problems.slice(0, MAX_ROWS_NAMED)) {
    log.warn('DATA', `${USERS_FILE}:${line}: ${message}`, { hint });
  }
  if (problems.length === 0) alarms.clear(ALARM_ROWS, 'DATA');
  else alarms.raise(ALARM_ROWS, 'DATA', `${USERS_FILE}: ${skippedRows(problems)}`);
  if (users.length > 0) alarms.clear(ALARM_EMPTY, 'DATA');
  else if (problems.length > 0 || !isFirst) {
    alarms.raise(ALARM_EMPTY, 'DATA', `${USERS_FILE} has no users: every card is refused`);
  }
  onUsers(users);
}

/** "1 row skipped, in line 3". */
function skippedRows(problems: readonly RowProblem[]): string {
  const line = problems[0]?.line ?? 0;
  return problems.length === 1
    ? `1 row skipped, in line ${line}`
    : `${problems.length} rows skipped, the first in line ${line}`;
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return null;
    throw FileError.from(cause, path, `read ${path}`);
  }
}
