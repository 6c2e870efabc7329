// Users edited by an administrator: rows of users1.csv, in force at once, and who did it in the log. What may be is user-edits.ts.
import assert from 'node:assert/strict';
import type {
  ImportCounts,
  ImportedUser,
  UserOutcome,
  UserRefusal,
  UsersFileFault,
} from '../domain/user-change.ts';
import type { UserFields } from '../domain/user-fields.ts';
import type { User } from '../domain/user.ts';
import type { Log } from '../runtime/log.ts';
import {
  planToAdd,
  planToChange,
  planToImport,
  planToRemove,
  planToReplace,
  type RowsPlan,
} from './user-edits.ts';
import type { Users } from './users.ts';

/** What the administration needs of users1.csv: once it says `edited`, the new users are in force. */
export interface EditableUsers {
  edit(
    plan: RowsPlan,
  ): Promise<
    | { readonly kind: 'edited' }
    | { readonly kind: 'refused'; readonly refusal: UserRefusal }
    | { readonly kind: 'failed'; readonly fault: UsersFileFault }
  >;
}

export interface UserAdminParts {
  readonly users: Users;
  readonly file: EditableUsers;
  readonly log: Log;
}

/** `by` is who asks: the name of an API token. An `etag` of null asks for no match. */
export class UserAdmin {
  readonly #parts: UserAdminParts;

  constructor(parts: UserAdminParts) {
    this.#parts = parts;
  }

  async add(idTag: string, fields: UserFields, by: string): Promise<UserOutcome<User>> {
    const { users } = this.#parts;
    return this.#edit(
      'user added',
      idTag,
      planToAdd(idTag, fields, (tag) => users.keyOf(tag)),
      by,
    );
  }

  async change(
    idTag: string,
    fields: UserFields,
    etag: string | null,
    by: string,
  ): Promise<UserOutcome<User>> {
    return this.#edit('user changed', idTag, planToChange(idTag, fields, etag), by);
  }

  async replace(
    idTag: string,
    fields: UserFields,
    etag: string | null,
    by: string,
  ): Promise<UserOutcome<User>> {
    return this.#edit('user changed', idTag, planToReplace(idTag, fields, etag), by);
  }

  /** Its running sessions go on up to the quota last known (product contract, users1.csv). */
  async remove(idTag: string, etag: string | null, by: string): Promise<UserOutcome<null>> {
    const outcome = await this.#run(planToRemove(idTag, etag));
    if (outcome.ok) this.#parts.log.info('DATA', 'user removed', { user: idTag, by });
    return outcome;
  }

  async import(list: readonly ImportedUser[], by: string): Promise<UserOutcome<ImportCounts>> {
    const { users, log } = this.#parts;
    const { plan, counts } = planToImport(list, (tag) => users.keyOf(tag));
    const outcome = await this.#run(plan);
    if (outcome.ok) log.info('DATA', 'users imported', { ...counts(), by });
    return outcome.ok ? { ok: true, value: counts() } : outcome;
  }

  async #edit(what: string, idTag: string, plan: RowsPlan, by: string): Promise<UserOutcome<User>> {
    const written: User[] = [];
    const outcome = await this.#run((users) => {
      const planned = plan(users);
      if ('wanted' in planned)
        written.unshift(...[...planned.wanted.values()].filter((user) => user !== null));
      return planned;
    });
    if (!outcome.ok) return outcome;
    const [user] = written;
    assert(user, 'a plan that was carried out wanted a user');
    this.#parts.log.info('DATA', what, { user: idTag, by });
    return { ok: true, value: user };
  }

  async #run(plan: RowsPlan): Promise<UserOutcome<null>> {
    const outcome = await this.#parts.file.edit(plan);
    if (outcome.kind === 'edited') return { ok: true, value: null };
    if (outcome.kind === 'refused') return { ok: false, refusal: outcome.refusal };
    return { ok: false, refusal: { code: 'file', fault: outcome.fault } };
  }
}
