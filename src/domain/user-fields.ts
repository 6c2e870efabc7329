// What a user may be, as people and programs give it: the one set of rules for the API and the command line.
import { Temporal } from 'temporal-polyfill';
import { whOf } from './energy.ts';
import { MAX_QUOTA_KWH, type User } from './user.ts';

/** OCPP 1.6 gives an idTag 20 characters (CiString20Type); chargers have been seen to send more. */
const MAX_ID_TAG_LENGTH = 64;
const MAX_NAME_LENGTH = 200;
/** A larger grant is a slip of the keyboard. */
const MAX_GRANT_KWH = 100_000;
const MAX_NOTE_LENGTH = 500;

/** A user without its card; what is left out stays as it is, and in a new user is what an empty column says. */
export interface UserFields {
  readonly name?: string;
  readonly surname?: string;
  /** kWh of a month; counted in whole Wh. */
  readonly quotaKwh?: number;
  readonly isUnlimited?: boolean;
  /** Null: a quota of its own. */
  readonly account?: string | null;
  readonly isBlocked?: boolean;
  /** The last good day, `2026-12-31`; null: no end. */
  readonly expires?: string | null;
}

/** A field that cannot be as it was given. */
export interface FieldProblem {
  readonly field: keyof UserFields | 'idTag' | 'kWh' | 'month' | 'note';
  readonly message: string;
}

export type CheckedUser =
  | { readonly ok: true; readonly user: User }
  | { readonly ok: false; readonly problems: readonly FieldProblem[] };

/** What empty columns say. */
const NEW_USER: Omit<User, 'idTag'> = {
  name: '',
  surname: '',
  quotaWh: 0,
  isUnlimited: false,
  account: null,
  isBlocked: false,
  expires: null,
};

/** The user that comes of `fields` on `base`; null: a new one, which needs a quota unless it is unlimited. Blanks around texts go. */
export function checkUser(idTag: string, fields: UserFields, base: User | null): CheckedUser {
  const { quotaKwh, isUnlimited, isBlocked } = fields;
  const problems = [
    ...textProblems('idTag', idTag, MAX_ID_TAG_LENGTH),
    ...textProblems('name', fields.name, MAX_NAME_LENGTH),
    ...textProblems('surname', fields.surname, MAX_NAME_LENGTH),
    ...textProblems('account', fields.account, MAX_NAME_LENGTH),
    ...quotaProblems(quotaKwh, base !== null || isUnlimited === true),
    ...dateProblems(fields.expires),
  ];
  if (problems.length > 0) return { ok: false, problems };
  const before = base ?? NEW_USER;
  const user: User = {
    idTag: idTag.trim(),
    name: fields.name?.trim() ?? before.name,
    surname: fields.surname?.trim() ?? before.surname,
    quotaWh: quotaKwh === undefined ? before.quotaWh : whOf(quotaKwh),
    isUnlimited: isUnlimited ?? before.isUnlimited,
    account: textOrNull(fields.account, before.account),
    isBlocked: isBlocked ?? before.isBlocked,
    expires: textOrNull(fields.expires, before.expires),
  };
  return { ok: true, user };
}

function textOrNull(text: string | null | undefined, before: string | null): string | null {
  if (text === undefined) return before;
  const trimmed = text?.trim() ?? '';
  return trimmed === '' ? null : trimmed;
}

/** What is wrong with a grant; empty: nothing. Of `month` only the form is looked at. */
export function checkGrant(kWh: number, month: string | undefined, note: string | undefined): FieldProblem[] {
  const problems = textProblems('note', note, MAX_NOTE_LENGTH);
  if (!(whOf(kWh) > 0 && kWh <= MAX_GRANT_KWH))
    problems.push({ field: 'kWh', message: `a grant is more than 0 and at most ${MAX_GRANT_KWH} kWh` });
  if (month !== undefined && !isMonth(month))
    problems.push({ field: 'month', message: `${JSON.stringify(month)} is no month like 2026-11` });
  return problems;
}

/** A billing month as it is written: `2026-11`. */
function isMonth(text: string): boolean {
  return /^[2-9]\d{3}-(0[1-9]|1[0-2])$/.test(text);
}

function textProblems(
  field: FieldProblem['field'],
  text: string | null | undefined,
  maxLength: number,
): FieldProblem[] {
  if (text === undefined || text === null) return [];
  if (field === 'idTag' && text.trim() === '') return [{ field, message: 'idTag is empty' }];
  if (/\p{Cc}/u.test(text.trim()))
    return [{ field, message: `${field} has a control character or a line break` }];
  // JSON can write half of a surrogate pair; no file can.
  if (!text.isWellFormed()) return [{ field, message: `${field} has half a character` }];
  if (text.length <= maxLength) return [];
  return [{ field, message: `${field} is longer than ${maxLength} characters` }];
}

function quotaProblems(quotaKwh: number | undefined, mayBeMissing: boolean): FieldProblem[] {
  if (quotaKwh === undefined) {
    return mayBeMissing ? [] : [{ field: 'quotaKwh', message: 'a new user needs quotaKwh, or is unlimited' }];
  }
  if (quotaKwh >= 0 && quotaKwh <= MAX_QUOTA_KWH) return [];
  return [{ field: 'quotaKwh', message: `quotaKwh is a number from 0 to ${MAX_QUOTA_KWH}` }];
}

function dateProblems(expires: string | null | undefined): FieldProblem[] {
  if (expires === undefined || expires === null || expires.trim() === '' || isDay(expires.trim())) return [];
  return [{ field: 'expires', message: `expires is ${JSON.stringify(expires)}, and no day like 2026-12-31` }];
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false;
  try {
    Temporal.PlainDate.from(text, { overflow: 'reject' });
    return true;
  } catch {
    return false;
  }
}
