// What comes of a wish to change users, in the words of all who make, carry out and show such changes. It decides nothing.
import type { FieldProblem, UserFields } from './user-fields.ts';

/** Why users1.csv could not be written; it is as it was. */
export interface UsersFileFault {
  /** `busy`, `unreadable`, `unwritable`, `rowInTheWay` or `system`. */
  readonly code: string;
  readonly message: string;
  readonly hint: string;
}

/** Why nothing was changed. */
export type UserRefusal =
  | { readonly code: 'invalid'; readonly problems: readonly FieldProblem[] }
  | { readonly code: 'unknown'; readonly idTag: string }
  | { readonly code: 'exists'; readonly idTag: string }
  /** Somebody else has changed the user since; `etag` is that of the present state. */
  | { readonly code: 'changed'; readonly idTag: string; readonly etag: string }
  | { readonly code: 'file'; readonly fault: UsersFileFault };

export type UserOutcome<T> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly refusal: UserRefusal };

/** A row of a list to import: columns that the list does not have are left out. */
export interface ImportedUser extends UserFields {
  readonly idTag: string;
}

/** What importing a list has done. */
export interface ImportCounts {
  readonly added: number;
  readonly changed: number;
  readonly unchanged: number;
}

/** A refusal as one sentence for people, and what to do about it. */
export function refusalText(refusal: UserRefusal): { readonly message: string; readonly hint: string } {
  switch (refusal.code) {
    case 'invalid': {
      const message = refusal.problems.map((one) => one.message).join('; ');
      return { message, hint: 'nothing was changed' };
    }
    case 'unknown':
      return {
        message: `there is no user ${JSON.stringify(refusal.idTag)}`,
        hint: 'the tag is as in users1.csv, to the letter; kwota users list shows all',
      };
    case 'exists':
      return {
        message: `there is a user ${JSON.stringify(refusal.idTag)} already`,
        hint: 'change that one (kwota users set), or remove it first',
      };
    case 'changed':
      return {
        message: `the user ${JSON.stringify(refusal.idTag)} was changed by somebody else meanwhile`,
        hint: 'look at it again, then repeat the change',
      };
    case 'file':
      return refusal.fault;
  }
}
