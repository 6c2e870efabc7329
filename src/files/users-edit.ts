// users1.csv with some users changed: the new text, everything else as it was. It opens no file: that is users-writer.ts.
import { kWhOf } from '../domain/energy.ts';
import { isSameUser, type User } from '../domain/user.ts';
import { splitFields, type CsvRecord } from './csv-records.ts';
import { encodeText } from './text-encoding.ts';
import { readHeader, USER_COLUMNS, type UserColumn, type UserHeader } from './user-row.ts';
import { readUsers, type UsersFormat, type UsersReading } from './users-csv.ts';

/** By idTag, what its row shall say; null: no such row any more. The idTag of a user is its key. */
export type WantedUsers = ReadonlyMap<string, User | null>;

/** Why the file cannot be made to say what was wanted; it stays as it is. */
export interface UsersEditProblem {
  /** `unwritable`: the encoding lacks a character. `rowInTheWay`: a row that is no user has the idTag, or would become one. */
  readonly code: 'unwritable' | 'rowInTheWay';
  readonly message: string;
  readonly hint: string;
}

export type UsersEditing =
  | { readonly ok: true; readonly content: Buffer; readonly reading: GoodReading }
  | { readonly ok: false; readonly problem: UsersEditProblem };

export type GoodReading = Extract<UsersReading, { ok: true }>;

const QUOTE = '"';

/**
 * Product contract, users1.csv: column order, unknown columns, comments, byte-order mark, delimiter, line ends and encoding
 * survive, and records that nothing is wanted of are the same bytes. What comes out is read back before it is handed over.
 * `encoding` is what the file was read with: `auto` or a label.
 */
export async function editUsers(
  reading: GoodReading,
  wanted: WantedUsers,
  encoding: string,
): Promise<UsersEditing> {
  const { format } = reading;
  const known = new Map(reading.users.map((user) => [user.idTag, user]));
  for (const [idTag, user] of wanted) {
    const bad = known.has(idTag) || user === null ? undefined : badRowOf(reading, idTag);
    if (bad !== undefined) return inTheWay(`line ${bad} has the id_tag ${idTag} already and cannot be read`);
  }
  const text = editedText(reading, wanted, known);
  const encoded = encodeText(text, format.encoding, format.hasBom);
  if (!encoded.ok) {
    const shown = JSON.stringify(encoded.character);
    const message = `users1.csv is written in ${format.encoding}, which has no ${shown}`;
    return problem('unwritable', message, 'write it another way, or save the file as UTF-8 first');
  }
  const read = await readUsers(encoded.content, { encoding });
  if (!read.ok) return inTheWay(`the file would not be readable any more: ${read.problem.message}`);
  const odd = firstDifference(expectedUsers(reading.users, wanted), read.users);
  if (odd !== null) return inTheWay(`the row of ${odd} would be read as something else`);
  return { ok: true, content: encoded.content, reading: read };
}

function editedText(reading: GoodReading, wanted: WantedUsers, known: ReadonlyMap<string, User>): string {
  const { format } = reading;
  const header = headerFor(format, wanted);
  const replaced = new Map<CsvRecord, string | null>();
  if (header.text !== null) replaced.set(format.headerRecord, header.text);
  const added: string[] = [];
  for (const [idTag, user] of wanted) {
    const before = known.get(idTag);
    const records = format.recordsByTag.get(idTag) ?? [];
    const [first] = records;
    if (user === null) for (const record of records) replaced.set(record, null);
    else if (!before || !first) added.push(newRow(user, header.read, format));
    else if (!isSameUser(user, before))
      replaced.set(first, changedRow(first, before, user, header.read, format));
  }
  return joined(format, replaced, added);
}

/** The header with the columns appended that a user needs and that are not there; its text is null when none is. */
function headerFor(format: UsersFormat, wanted: WantedUsers): { read: UserHeader; text: string | null } {
  const { header, headerRecord, delimiter, text } = format;
  const users = [...wanted.values()].filter((user) => user !== null);
  const { columns } = readHeader(header);
  const missing = USER_COLUMNS.filter(
    ({ column }) => !columns.has(column) && users.some((user) => !isDefault(column, user)),
  ).map(({ name }) => name);
  if (missing.length === 0) return { read: readHeader(header), text: null };
  const appended = missing.map((name) => delimiter + name).join('');
  return {
    read: readHeader([...header, ...missing]),
    text: text.slice(headerRecord.start, headerRecord.end) + appended,
  };
}

/** The fields that differ are written anew, the others stay as they are spelt; a short row is filled up to them. */
function changedRow(
  record: CsvRecord,
  before: User,
  user: User,
  header: UserHeader,
  format: UsersFormat,
): string {
  const fields = splitFields(format.text, record, format.delimiter);
  for (const { column } of USER_COLUMNS) {
    const at = header.columns.get(column);
    const field = fieldOf(column, user, format);
    if (at === undefined || field === fieldOf(column, before, format)) continue;
    while (fields.length <= at) fields.push('');
    fields[at] = quoted(field, fields[at]?.trimStart().startsWith(QUOTE) === true, format);
  }
  return fields.join(format.delimiter);
}

/** Its quotes are those of the header. */
function newRow(user: User, header: UserHeader, format: UsersFormat): string {
  const names = splitFields(format.text, format.headerRecord, format.delimiter);
  const fields = Array.from({ length: header.fieldCount }, () => '');
  for (const { column } of USER_COLUMNS) {
    const at = header.columns.get(column);
    if (at === undefined) continue;
    const isQuoted = names[at]?.trimStart().startsWith(QUOTE) === true;
    fields[at] = quoted(fieldOf(column, user, format), isQuoted, format);
  }
  return fields.join(format.delimiter);
}

function joined(
  format: UsersFormat,
  replaced: ReadonlyMap<CsvRecord, string | null>,
  added: readonly string[],
): string {
  const { text, records, lineEnd, headerRecord } = format;
  const isOpenEnded = records.at(-1)?.lineEnd === '';
  let edited = '';
  for (const record of records) {
    const row = replaced.get(record);
    if (row === null) continue;
    edited += (row ?? text.slice(record.start, record.end)) + record.lineEnd;
  }
  const isEnded = () => /[\r\n]$/.test(edited);
  for (const row of added) edited += `${isEnded() ? '' : lineEnd}${row}${isOpenEnded ? '' : lineEnd}`;
  // Without it, a row shorter than the header, or a text that the old one begins with, reads as a file cut short.
  const looksCut = (added.length === 0 && replaced.has(headerRecord)) || text.startsWith(edited);
  return isEnded() || !looksCut ? edited : edited + lineEnd;
}

function fieldOf(column: UserColumn, user: User, { delimiter }: UsersFormat): string {
  switch (column) {
    case 'idTag':
      return user.idTag;
    case 'name':
      return user.name;
    case 'surname':
      return user.surname;
    case 'quotaKwh': {
      const kWh = String(kWhOf(user.quotaWh));
      return delimiter === ';' ? kWh.replace('.', ',') : kWh;
    }
    case 'unlimited':
      return flag(user.isUnlimited);
    case 'account':
      return user.account ?? '';
    case 'blocked':
      return flag(user.isBlocked);
    case 'expires':
      return user.expires ?? '';
  }
}

function flag(value: boolean): string {
  return value ? 'TRUE' : 'FALSE';
}

/** Whether a file without the column says the same. */
function isDefault(column: UserColumn, user: User): boolean {
  if (column === 'unlimited') return !user.isUnlimited;
  if (column === 'blocked') return !user.isBlocked;
  if (column === 'idTag' || column === 'quotaKwh') return true;
  return (user[column] ?? '') === '';
}

/** A row that began with `#` would be a comment. */
function quoted(field: string, isQuoted: boolean, { delimiter }: UsersFormat): string {
  const isPlain = !field.includes(delimiter) && !/["\r\n]|^\s|^#|\s$/.test(field);
  return isPlain && !isQuoted ? field : `${QUOTE}${field.replaceAll(QUOTE, QUOTE + QUOTE)}${QUOTE}`;
}

function badRowOf({ problems }: GoodReading, idTag: string): number | undefined {
  return problems.find((one) => one.idTag === idTag)?.line;
}

function expectedUsers(users: readonly User[], wanted: WantedUsers): Map<string, User> {
  const expected = new Map(users.map((user) => [user.idTag, user]));
  for (const [idTag, user] of wanted) {
    if (user === null) expected.delete(idTag);
    else expected.set(idTag, user);
  }
  return expected;
}

/** The idTag of a user that is not in both, or not the same in both; null: none. */
function firstDifference(expected: ReadonlyMap<string, User>, users: readonly User[]): string | null {
  const found = new Map(users.map((user) => [user.idTag, user]));
  for (const [idTag, user] of expected) if (!isSameUser(user, found.get(idTag) ?? null)) return idTag;
  return users.find((user) => !expected.has(user.idTag))?.idTag ?? null;
}

function inTheWay(message: string): UsersEditing {
  return problem('rowInTheWay', message, 'mend users1.csv by hand first: kwota check names its bad rows');
}

function problem(code: UsersEditProblem['code'], message: string, hint: string): UsersEditing {
  return { ok: false, problem: { code, message, hint } };
}
