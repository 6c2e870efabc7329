// A user as users1.csv tells it. What a user has used is not here: that is a fold over sessions and entries (quota.ts).

/** A larger quota is a slip of the keyboard. */
export const MAX_QUOTA_KWH = 10_000_000;

export interface User {
  /** As in the file, to the letter. */
  readonly idTag: string;
  readonly name: string;
  readonly surname: string;
  /** kWh limit of a month, in Wh. */
  readonly quotaWh: number;
  readonly isUnlimited: boolean;
  /** Rows with the same account share one quota; null: a quota of its own. */
  readonly account: string | null;
  readonly isBlocked: boolean;
  /** The last day (`2026-12-31`, in the site's time zone) on which the card is good; null: no end. */
  readonly expires: string | null;
}

export function fullName(user: User): string {
  return `${user.name} ${user.surname}`.trim() || user.idTag;
}

/** An idTag of OCPP 1.6 (CiString20), in characters that every charger has. */
const ID_TAG = /^[\x20-\x7e]{1,20}$/;

/** What OCPP calls the parent of a card: its account. Null: none, or one that OCPP has no room for. */
export function parentIdTagOf({ account }: User): string | null {
  return account !== null && ID_TAG.test(account) ? account : null;
}

/** Whether both rows say the same. */
export function isSameUser(a: User, b: User | null): boolean {
  return b !== null && (Object.keys(a) as (keyof User)[]).every((key) => a[key] === b[key]);
}
