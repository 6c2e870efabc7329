// What may be done to the list of users, as plans for the file: pure, the same with a server and without one.
import { createHash } from 'node:crypto';
import type { ImportCounts, ImportedUser, UserRefusal } from '../domain/user-change.ts';
import { checkUser, type FieldProblem, type UserFields } from '../domain/user-fields.ts';
import { isSameUser, type User } from '../domain/user.ts';

/** By idTag; null: removed. */
export type WantedRows = ReadonlyMap<string, User | null>;

export type PlannedRows = { readonly wanted: WantedRows } | { readonly refusal: UserRefusal };

/** Works on the users that the file has at this moment. */
export type RowsPlan = (users: readonly User[]) => PlannedRows;

/** How tags are compared: two with the same key are the same card. */
export type KeyOf = (idTag: string) => string;

/** Enough of the hash that two never meet. */
const ETAG_LENGTH = 22;

/** Changes whenever what kwota understands of the row does. An entity tag as HTTP writes it (RFC 9110 §8.8.3). */
export function etagOf(users: User | readonly User[]): string {
  const rows = 'length' in users ? users : [users];
  const hash = createHash('sha256');
  for (const { idTag, name, surname, quotaWh, isUnlimited, account, isBlocked, expires } of rows)
    hash.update(JSON.stringify([idTag, name, surname, quotaWh, isUnlimited, account, isBlocked, expires]));
  return `"${hash.digest('base64url').slice(0, ETAG_LENGTH)}"`;
}

export function planToAdd(idTag: string, fields: UserFields, keyOf: KeyOf): RowsPlan {
  return (users) => {
    const checked = checkUser(idTag, fields, null);
    if (!checked.ok) return refuse({ code: 'invalid', problems: checked.problems });
    const { user } = checked;
    const other = users.find((one) => keyOf(one.idTag) === keyOf(user.idTag));
    if (other) return refuse({ code: 'exists', idTag: other.idTag });
    return { wanted: new Map([[user.idTag, user]]) };
  };
}

/** `etag`: only while the user is still this one; null: in any case. */
export function planToChange(idTag: string, fields: UserFields, etag: string | null): RowsPlan {
  return onUser(idTag, etag, (user) => {
    const checked = checkUser(idTag, fields, user);
    if (!checked.ok) return refuse({ code: 'invalid', problems: checked.problems });
    return { wanted: new Map([[idTag, checked.user]]) };
  });
}

/** As planToChange, but what is left out becomes what a new user has. */
export function planToReplace(idTag: string, fields: UserFields, etag: string | null): RowsPlan {
  return onUser(idTag, etag, () => {
    const checked = checkUser(idTag, fields, null);
    if (!checked.ok) return refuse({ code: 'invalid', problems: checked.problems });
    return { wanted: new Map([[idTag, checked.user]]) };
  });
}

export function planToRemove(idTag: string, etag: string | null): RowsPlan {
  return onUser(idTag, etag, () => ({ wanted: new Map([[idTag, null]]) }));
}

/** Users of the list are added, those that are known become as the list says; the others stay. All or nothing. */
export function planToImport(
  list: readonly ImportedUser[],
  keyOf: KeyOf,
): { plan: RowsPlan; counts: () => ImportCounts } {
  let counts: ImportCounts = { added: 0, changed: 0, unchanged: 0 };
  const plan: RowsPlan = (users) => {
    const known = new Map(users.map((user) => [keyOf(user.idTag), user]));
    const wanted = new Map<string, User>();
    const problems: FieldProblem[] = [];
    let added = 0;
    for (const { idTag, ...fields } of list) {
      const before = known.get(keyOf(idTag)) ?? null;
      const checked = checkUser(before?.idTag ?? idTag, fields, before);
      if (!checked.ok) problems.push(...checked.problems.map((one) => ofTag(one, idTag)));
      else if (!isSameUser(checked.user, before)) {
        if (!before) added += 1;
        known.set(keyOf(idTag), checked.user);
        wanted.set(checked.user.idTag, checked.user);
      }
    }
    if (problems.length > 0) return refuse({ code: 'invalid', problems });
    counts = { added, changed: wanted.size - added, unchanged: list.length - wanted.size };
    return { wanted };
  };
  return { plan, counts: () => counts };
}

function ofTag({ field, message }: FieldProblem, idTag: string): FieldProblem {
  return { field, message: `${idTag}: ${message}` };
}

function onUser(idTag: string, etag: string | null, plan: (user: User) => PlannedRows): RowsPlan {
  return (users) => {
    const user = users.find((one) => one.idTag === idTag);
    if (!user) return refuse({ code: 'unknown', idTag });
    const current = etagOf(user);
    if (etag !== null && etag !== current) return refuse({ code: 'changed', idTag, etag: current });
    return plan(user);
  };
}

function refuse(refusal: UserRefusal): PlannedRows {
  return { refusal };
}
