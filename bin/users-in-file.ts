// users1.csv edited without a server: under the folder's lock, so that none starts meanwhile. Grants need the store, and so a server.
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import {
  planToAdd,
  planToChange,
  planToImport,
  planToRemove,
  type RowsPlan,
} from '../src/csms/user-edits.ts';
import { Users } from '../src/csms/users.ts';
import { refusalText, type ImportCounts, type ImportedUser } from '../src/domain/user-change.ts';
import type { UserFields } from '../src/domain/user-fields.ts';
import type { User } from '../src/domain/user.ts';
import { FolderLockError, lockFolder, type FolderLock } from '../src/files/folder-lock.ts';
import { readUsers } from '../src/files/users-csv.ts';
import { openUsersFile } from '../src/files/users-file.ts';
import { systemClock } from '../src/runtime/clock.ts';
import { silentLog } from '../src/runtime/log.ts';
import type { Configuration } from './configuration.ts';
import { CommandError } from './command-error.ts';

/** The clock's timers do not hold the process; this one does while the file is edited. */
const HOLD_MS = 60_000;
const LOCK_PAUSE_MS = 100;
const LOCK_WITHIN_MS = 5_000;

export interface UsersInFile {
  list(): Promise<readonly User[]>;
  add(idTag: string, fields: UserFields): Promise<User>;
  change(idTag: string, fields: UserFields): Promise<User>;
  remove(idTag: string): Promise<void>;
  import(list: readonly ImportedUser[]): Promise<ImportCounts>;
}

/** All of it rejects with a CommandError where the users are not as that needs. */
export function usersInFile({ config, dataDir }: Configuration): UsersInFile {
  const keys = new Users(config.quota.idTagMatch);
  const keyOf = (idTag: string) => keys.keyOf(idTag);
  const edit = (plan: RowsPlan) => editLocked(dataDir, config.data.usersEncoding, plan);
  return {
    list: async () => readList(dataDir, config.data.usersEncoding),
    add: async (idTag, fields) => written(await edit(planToAdd(idTag, fields, keyOf))),
    change: async (idTag, fields) => written(await edit(planToChange(idTag, fields, null))),
    async remove(idTag) {
      await edit(planToRemove(idTag, null));
    },
    async import(list) {
      const { plan, counts } = planToImport(list, keyOf);
      await edit(plan);
      return counts();
    },
  };
}

async function readList(dataDir: string, encoding: string): Promise<readonly User[]> {
  const path = join(dataDir, 'users1.csv');
  if (!existsSync(path)) throw new CommandError(`there is no ${path}`, 'name the data folder with --data');
  const reading = await readUsers(readFileSync(path), { encoding });
  if (reading.ok) return reading.users;
  throw new CommandError(`${path}: ${reading.problem.message}`, reading.problem.hint);
}

/** What the plan wanted, once it is on disk. */
async function editLocked(dataDir: string, encoding: string, plan: RowsPlan): Promise<(User | null)[]> {
  if (!existsSync(dataDir))
    throw new CommandError(`there is no data folder ${dataDir}`, 'name it with --data, or start kwota serve');
  const lock = await lockSoon(dataDir);
  const hold = setInterval(() => undefined, HOLD_MS);
  try {
    const alarms = { raise: () => undefined, clear: () => undefined };
    const log = silentLog;
    const file = await openUsersFile({
      ...{ dataDir, encoding, clock: systemClock, log, alarms },
      onUsers: () => undefined,
    });
    let wanted: (User | null)[] = [];
    const outcome = await file.edit((users) => {
      const planned = plan(users);
      if ('wanted' in planned) wanted = [...planned.wanted.values()];
      return planned;
    });
    file.close();
    if (outcome.kind === 'edited') return wanted;
    const refusal =
      outcome.kind === 'refused' ? outcome.refusal : { code: 'file' as const, fault: outcome.fault };
    const { message, hint } = refusalText(refusal);
    throw new CommandError(message, hint);
  } finally {
    clearInterval(hold);
    lock.release();
  }
}

/** Another command may be at it, which takes no second. */
async function lockSoon(dataDir: string): Promise<FolderLock> {
  for (let waitedMs = 0; ; waitedMs += LOCK_PAUSE_MS) {
    try {
      return lockFolder(dataDir);
    } catch (error) {
      const isLocked = error instanceof FolderLockError && error.code === 'locked';
      if (!isLocked || waitedMs >= LOCK_WITHIN_MS) throw error;
    }
    await pause(LOCK_PAUSE_MS);
  }
}

function written([user]: readonly (User | null)[]): User {
  if (user) return user;
  throw new Error('a plan that was carried out wanted no user');
}
