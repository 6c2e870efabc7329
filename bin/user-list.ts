// A CSV of users to be imported, with the columns that it has and no others. The file is only read.
import { readFileSync } from 'node:fs';
import { kWhOf } from '../src/domain/energy.ts';
import type { ImportedUser } from '../src/domain/user-change.ts';
import type { User } from '../src/domain/user.ts';
import { readHeader, type UserColumn } from '../src/files/user-row.ts';
import { readUsers } from '../src/files/users-csv.ts';
import { CommandError } from './command-error.ts';

/** Bad rows that are named one by one; the rest is counted. */
const MAX_ROWS_NAMED = 10;

/** All rows, or a CommandError that names those that are no users. */
export async function readUserList(file: string): Promise<ImportedUser[]> {
  const reading = await readUsers(contentOf(file), { encoding: 'auto' });
  if (!reading.ok) {
    const { line, message, hint } = reading.problem;
    throw new CommandError(`${file}${line === null ? '' : `:${line}`}: ${message}`, hint);
  }
  const { problems, users, format } = reading;
  if (problems.length > 0) {
    const named = problems.slice(0, MAX_ROWS_NAMED).map(({ line, message }) => `${file}:${line}: ${message}`);
    const more = problems.length - named.length;
    const message = [...named, ...(more > 0 ? [`and ${more} rows more`] : [])].join('; ');
    throw new CommandError(message, 'nothing was imported; mend the rows, or delete them');
  }
  const { columns } = readHeader(format.header);
  return users.map((user) => importedUser(user, columns));
}

function importedUser(user: User, columns: ReadonlyMap<UserColumn, number>): ImportedUser {
  const has = (column: UserColumn) => columns.has(column);
  return {
    idTag: user.idTag,
    quotaKwh: kWhOf(user.quotaWh),
    ...(has('name') ? { name: user.name } : {}),
    ...(has('surname') ? { surname: user.surname } : {}),
    ...(has('unlimited') ? { isUnlimited: user.isUnlimited } : {}),
    ...(has('account') ? { account: user.account } : {}),
    ...(has('blocked') ? { isBlocked: user.isBlocked } : {}),
    ...(has('expires') ? { expires: user.expires } : {}),
  };
}

function contentOf(file: string): Buffer {
  try {
    return readFileSync(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    throw new CommandError(`${file} cannot be read (${code ?? String(cause)})`, 'check the name', { cause });
  }
}
