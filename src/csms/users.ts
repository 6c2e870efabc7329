// The users in force: those of users1.csv as last read well, looked up by idTag and by the account they share.
import { canonicalIdTag, suggestTags, type Suggestion } from '../domain/id-tag.ts';
import { accountKey, type Account } from '../domain/quota.ts';
import type { Session } from '../domain/session.ts';
import { parentIdTagOf, type User } from '../domain/user.ts';

/** How a tag that a charger sends is looked up in users1.csv. */
export type IdTagMatch = 'exact' | 'case-insensitive' | 'canonical';

/** Likely users named for an unknown tag, and unknown tags they are looked for. */
const MAX_SUGGESTIONS = 3;
const MAX_TAGS_COMPARED = 1000;

export class Users {
  readonly #match: IdTagMatch;
  #byTag = new Map<string, User>();
  #all: readonly User[] = [];
  #byAccount = new Map<string, [User, ...User[]]>();
  /** Of users as this table has them: asked several times for each message, so by identity. */
  #accountOfUser = new Map<User, Account>();
  /** What unknown tags may be, as they were told. */
  readonly #compared = new Map<string, readonly Suggestion[]>();

  constructor(match: IdTagMatch) {
    this.#match = match;
  }

  replace(users: readonly User[]): void {
    this.#byTag = new Map(users.map((user) => [this.keyOf(user.idTag), user]));
    this.#all = [...this.#byTag.values()];
    this.#byAccount = new Map();
    this.#compared.clear();
    for (const user of users) {
      const cards = this.#byAccount.get(accountKey(user));
      if (cards) cards.push(user);
      else this.#byAccount.set(accountKey(user), [user]);
    }
    this.#accountOfUser = new Map(
      [...this.#byAccount.values()].flatMap((cards) => cards.map((user) => [user, cards] as const)),
    );
  }

  find(idTag: string): User | null {
    return this.#byTag.get(this.keyOf(idTag)) ?? null;
  }

  /** As chargers are told it. */
  parentIdTagOf(idTag: string): string | null {
    const user = this.find(idTag);
    return user ? parentIdTagOf(user) : null;
  }

  /**
   * Users whose card an unknown tag may be in another spelling (case, separators, reversed bytes, decimal): for an
   * operator to confirm, never matched. Told once for each tag, until users1.csv changes.
   */
  suggestions(idTag: string): readonly Suggestion[] {
    if (this.#compared.has(idTag) || this.#compared.size >= MAX_TAGS_COMPARED) return [];
    const known = this.#all.map((user) => user.idTag);
    const found = suggestTags(idTag, known, MAX_SUGGESTIONS);
    this.#compared.set(idTag, found);
    return found;
  }

  /** What was suggested for this tag since users1.csv changed. */
  suggested(idTag: string): readonly Suggestion[] {
    return this.#compared.get(idTag) ?? [];
  }

  /** The user of a running session: should the file have lost the row, the one last known. */
  ofSession(session: Session): User | null {
    return this.find(session.idTag) ?? session.user;
  }

  /** All cards that share this user's quota, the user among them. */
  accountOf(user: User): Account {
    const known = this.#accountOfUser.get(user);
    if (known) return known;
    // A row that the file has lost, or had otherwise.
    const cards = this.#byAccount.get(accountKey(user));
    if (!cards) return [user];
    return cards.some((card) => card.idTag === user.idTag) ? cards : [user, ...cards];
  }

  /** Another list each time that users1.csv was read. */
  all(): readonly User[] {
    return this.#all;
  }

  count(): number {
    return this.#byTag.size;
  }

  /** Tags with the same key are the same card. */
  keyOf(idTag: string): string {
    if (this.#match === 'exact') return idTag;
    return this.#match === 'canonical' ? canonicalIdTag(idTag) : idTag.toLowerCase();
  }
}
