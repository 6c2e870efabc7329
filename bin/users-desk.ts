// Where `kwota users` does its work: with the server when one runs, else in the file. Both know the same rules.
import type { Grant, Imported, NewGrant, UnknownTag, UserChange } from '../src/api/contract/users.ts';
import type { ImportedUser } from '../src/domain/user-change.ts';

/** A user, as commands show it; what it has used is known to a server alone. */
export interface DeskUser {
  readonly idTag: string;
  readonly name: string;
  readonly surname: string;
  readonly quotaKwh: number;
  readonly isUnlimited: boolean;
  readonly account: string | null;
  readonly isBlocked: boolean;
  readonly expires: string | null;
  readonly usedWh?: number;
  readonly leftWh?: number | null;
  readonly running?: number;
}

/** Rejects with an error that has a hint. */
export interface UsersDesk {
  list(): Promise<readonly DeskUser[]>;
  add(idTag: string, fields: UserChange): Promise<DeskUser>;
  change(idTag: string, fields: UserChange): Promise<DeskUser>;
  remove(idTag: string): Promise<void>;
  import(list: readonly ImportedUser[]): Promise<Imported>;
  readonly server: ServerDesk | null;
}

/** What a file cannot do. */
export interface ServerDesk {
  grant(idTag: string, grant: NewGrant): Promise<Grant>;
  grants(idTag: string): Promise<readonly Grant[]>;
  revoke(idTag: string, grantId: string): Promise<Grant>;
  nextUnknownTag(chargerId: string | undefined, waitSeconds: number): Promise<UnknownTag>;
}
