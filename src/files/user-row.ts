// One row of users1.csv, already split into fields, as a User. Files, encodings and line ends are users-csv.ts.
import { Temporal } from 'temporal-polyfill';
import { whOf } from '../domain/energy.ts';
import { MAX_QUOTA_KWH, type User } from '../domain/user.ts';

/** The columns that kwota understands; all others are left alone. */
export type UserColumn =
  'idTag' | 'name' | 'surname' | 'quotaKwh' | 'unlimited' | 'account' | 'blocked' | 'expires';

/** Accepted names, lower case; the first one that is there counts. */
const COLUMN_NAMES: Readonly<Record<UserColumn, readonly string[]>> = {
  idTag: ['id_tag'],
  name: ['header name', 'name', 'first_name'],
  surname: ['surname', 'last_name'],
  quotaKwh: ['quota_kwh'],
  unlimited: ['unlimited'],
  account: ['account'],
  blocked: ['blocked'],
  expires: ['expires'],
};

/** All of them, with the names that kwota gives them where it appends one. */
export const USER_COLUMNS: readonly { readonly column: UserColumn; readonly name: string }[] = (
  Object.entries(COLUMN_NAMES) as [UserColumn, readonly [string]][]
).map(([column, [name]]) => ({ column, name }));

const WORDS_FOR_TRUE = ['true', '1', 'yes'];
const WORDS_FOR_FALSE = ['false', '0', 'no', ''];
const MAX_SHOWN_LENGTH = 40;

export type RowProblemCode = 'quotes' | 'fields' | 'idTag' | 'duplicate' | 'quota' | 'flag' | 'date';

/** Why a row is no user. */
export interface RowFault {
  readonly code: RowProblemCode;
  /** As kwota's documentation spells the column; null when it is about the whole row. */
  readonly column: string | null;
  readonly message: string;
  readonly hint: string;
}

export interface UserHeader {
  readonly columns: ReadonlyMap<UserColumn, number>;
  /** All fields of the header record. */
  readonly fieldCount: number;
  /** Without empty names at the end, which spreadsheets leave behind. */
  readonly namedFieldCount: number;
  /** Names that stand there twice and that kwota understands. */
  readonly repeated: readonly string[];
}

export type UserRow =
  { readonly ok: true; readonly user: User } | { readonly ok: false; readonly fault: RowFault };

export function readHeader(fields: readonly string[]): UserHeader {
  const names = fields.map((field) => field.trim().toLowerCase());
  const columns = new Map<UserColumn, number>();
  const repeated: string[] = [];
  for (const [column, accepted] of Object.entries(COLUMN_NAMES) as [UserColumn, readonly string[]][]) {
    const found = accepted.find((name) => names.includes(name));
    if (found === undefined) continue;
    columns.set(column, names.indexOf(found));
    if (names.indexOf(found) !== names.lastIndexOf(found)) repeated.push(found);
  }
  const namedFieldCount = names.findLastIndex((name) => name !== '') + 1;
  return { columns, fieldCount: fields.length, namedFieldCount, repeated };
}

/** Fields that are not there are empty. `isDecimalComma`: how a file with `;` writes its numbers. */
export function readUserRow(fields: readonly string[], header: UserHeader, isDecimalComma: boolean): UserRow {
  const field = (column: UserColumn): string => fields[header.columns.get(column) ?? -1] ?? '';
  try {
    if (fields.slice(header.fieldCount).some((extra) => extra.trim() !== '')) {
      throw new Fault(
        'fields',
        null,
        `${fields.length} fields, but the header has ${header.fieldCount}`,
        'put a field that contains the delimiter in double quotes',
      );
    }
    const isUnlimited = readFlag(field('unlimited'), 'unlimited');
    const user: User = {
      idTag: readIdTag(field('idTag')),
      name: readName(field('name')),
      surname: readName(field('surname')),
      quotaWh: readQuota(field('quotaKwh'), isUnlimited, isDecimalComma),
      isUnlimited,
      account: readName(field('account')) || null,
      isBlocked: readFlag(field('blocked'), 'blocked'),
      expires: readDate(field('expires')),
    };
    return { ok: true, user };
  } catch (error) {
    if (error instanceof Fault) return { ok: false, fault: error.fault };
    throw error;
  }
}

/** Leaves readUserRow from any depth, and never its own file. */
class Fault extends Error {
  readonly fault: RowFault;

  constructor(code: RowProblemCode, column: string | null, message: string, hint: string) {
    super(message);
    this.fault = { code, column, message, hint };
  }
}

function readIdTag(text: string): string {
  const idTag = text.trim();
  if (idTag === '')
    throw new Fault('idTag', 'id_tag', 'id_tag is empty', 'write the id of the card, or delete the row');
  if (/\p{Cc}/u.test(idTag)) {
    throw new Fault('idTag', 'id_tag', `id_tag ${shown(idTag)} has a control character`, 'type the id anew');
  }
  return idTag;
}

/** Any text; a line break or tab is a blank, other control characters would only disturb terminals. */
function readName(text: string): string {
  return text
    .replace(/[\t\n\r]+/g, ' ')
    .replace(/\p{Cc}/gu, '')
    .trim();
}

function readFlag(text: string, column: string): boolean {
  const word = text.trim().toLowerCase();
  if (WORDS_FOR_TRUE.includes(word)) return true;
  if (WORDS_FOR_FALSE.includes(word)) return false;
  throw new Fault('flag', column, `${column} is ${shown(text)}`, 'write TRUE or FALSE');
}

/** Wh. With a decimal comma, `1.500` may mean 1500 or 1.5: nobody's quota is guessed. */
function readQuota(text: string, isUnlimited: boolean, isDecimalComma: boolean): number {
  const number = text.trim();
  if (number === '' && isUnlimited) return 0;
  const hint = isDecimalComma ? 'write kWh like 150 or 12,5' : 'write kWh like 150 or 12.5';
  const isAmbiguous = isDecimalComma && /^[1-9]\d{0,2}\.\d{3}$/.test(number);
  const shape = isDecimalComma ? /^\d+([.,]\d+)?$/ : /^\d+(\.\d+)?$/;
  if (isAmbiguous || !shape.test(number)) {
    const problem = number === '' ? 'is empty' : `is ${shown(number)}`;
    throw new Fault('quota', 'quota_kwh', `quota_kwh ${problem}`, hint);
  }
  const kWh = Number(number.replace(',', '.'));
  if (kWh > MAX_QUOTA_KWH) {
    throw new Fault('quota', 'quota_kwh', `quota_kwh is ${shown(number)}, more than ${MAX_QUOTA_KWH}`, hint);
  }
  return whOf(kWh);
}

function readDate(text: string): string | null {
  const date = text.trim();
  if (date === '') return null;
  if (/^\d{4}-\d{2}-\d{2}$/.test(date)) {
    try {
      return Temporal.PlainDate.from(date, { overflow: 'reject' }).toString();
    } catch {
      // No such day: told below like every other date that cannot be read.
    }
  }
  throw new Fault(
    'date',
    'expires',
    `expires is ${shown(date)}`,
    'write the last good day as YYYY-MM-DD, like 2026-12-31',
  );
}

function shown(text: string): string {
  const clean = text.replace(/\p{Cc}/gu, ' ');
  return JSON.stringify(clean.length > MAX_SHOWN_LENGTH ? `${clean.slice(0, MAX_SHOWN_LENGTH)}…` : clean);
}
