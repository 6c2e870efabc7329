// The users in force: those of users1.csv as last read well, looked up by idTag and by the account they share.
import { accountKey, type Account } from '../domain/quota.ts';
import type { Session } from '../domain/session.ts';
import type { User } from '../domain/user.ts';

export type IdTagMatch = 'exact' | 'case-insensitive';

export class Users {
  readonly #match: IdTagMatch;
  #byTag = new Map<string, User>();
  #byAccount = new Map<string, [User, ...User[]]>();

  constructor(match: IdTagMatch) {
    this.#match = match;
  }

  replace(users: readonly User[]): void {
    this.#byTag = new Map(users.map((user) => [this.#keyOf(user.idTag), user]));
    this.#byAccount = new Map();
    for (const user of users) {
      const cards = this.#byAccount.get(accountKey(user));
      if (cards) cards.push(user);
      else this.#byAccount.set(accountKey(user), [user]);
    }
  }

  find(idTag: string): User | null {
    return this.#byTag.get(this.#keyOf(idTag)) ?? null;
  }

  /** The user of a running session: should the file have lost the row, the one last known. */
  ofSession(session: Session): User | null {
    return this.find(session.idTag) ?? session.user;
  }

  /** All cards that share this user's quota, the user among them. */
  accountOf(user: User): Account {
    const cards = this.#byAccount.get(accountKey(user));
    if (!cards) return [user];
    return cards.some((card) => card.idTag === user.idTag) ? cards : [user, ...cards];
  }

  all(): Iterable<User> {
    return this.#byTag.values();
  }

  count(): number {
    return this.#byTag.size;
  }

  #keyOf(idTag: string): string {
    return this.#match === 'exact' ? idTag : idTag.toLowerCase();
  }
}
