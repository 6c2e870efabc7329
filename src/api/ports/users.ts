// What the API needs of users, grants and usage; joined in src/user-ports.ts.
import type { Entry } from '../../domain/entry.ts';
import type { Suggestion } from '../../domain/id-tag.ts';
import type { AccountUsage, MonthUsage, TagUsage } from '../../domain/usage.ts';
import type { ImportCounts, ImportedUser, UserOutcome } from '../../domain/user-change.ts';
import type { FieldProblem, UserFields } from '../../domain/user-fields.ts';
import type { User } from '../../domain/user.ts';

/** A user, and what it has used of the current month. */
export interface ShownUser extends TagUsage {
  readonly user: User;
  readonly etag: string;
}

export interface SeenTag {
  readonly idTag: string;
  readonly chargePointId: string;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly count: number;
  readonly suggestions: readonly Suggestion[];
}

export type GrantAnswer =
  | { readonly ok: true; readonly entry: Entry }
  | { readonly ok: false; readonly code: 'invalid'; readonly problems: readonly FieldProblem[] }
  | { readonly ok: false; readonly code: 'unknown' | 'revoked' };

export type CardAnswer =
  | { readonly kind: 'card'; readonly tag: { readonly idTag: string } }
  | { readonly kind: 'none' | 'cancelled' | 'busy' };

/** `by` is the name of the caller's token; an `etag` of null asks for no match. */
export interface UserPorts {
  /** As users1.csv has them. */
  all(): ShownUser[];
  /** Null: no such row, to the letter. */
  find(idTag: string): ShownUser | null;
  etagOfAll(): string;
  add(idTag: string, fields: UserFields, by: string): Promise<UserOutcome<User>>;
  change(idTag: string, fields: UserFields, etag: string | null, by: string): Promise<UserOutcome<User>>;
  replace(idTag: string, fields: UserFields, etag: string | null, by: string): Promise<UserOutcome<User>>;
  remove(idTag: string, etag: string | null, by: string): Promise<UserOutcome<null>>;
  import(list: readonly ImportedUser[], by: string): Promise<UserOutcome<ImportCounts>>;
  /** What is wrong with the fields of a user to come. */
  check(fields: UserFields): readonly FieldProblem[];
  /** Of all months unless one is told, the oldest first. */
  grants(idTag: string, month?: string): readonly Entry[];
  grant(
    user: User,
    request: { readonly kWh: number; readonly month?: string; readonly note?: string },
    by: string,
  ): Promise<GrantAnswer>;
  revoke(idTag: string, grantId: string, by: string): Promise<GrantAnswer>;
  currentMonth(): string;
  /** The newest first; also of a card that is no user. */
  monthsOf(idTag: string): readonly MonthUsage[];
  usageByTag(month: string): readonly TagUsage[];
  usageByAccount(month: string): readonly AccountUsage[];
  /** Seen lately, the newest first. */
  unknownTags(): readonly SeenTag[];
  nextCard(wanted: {
    readonly chargePointId: string | null;
    readonly withinMs: number;
    readonly signal?: AbortSignal;
  }): Promise<CardAnswer>;
}
