// Cards that were refused because nobody knows them: seen where and when, for who wants to enroll one. They decide nothing.
import { isNobodysTag, type Suggestion } from '../domain/id-tag.ts';
import type { Users } from './users.ts';

/** The cards seen last; more are forgotten, the oldest first. */
const MAX_TAGS = 200;

export interface UnknownTag {
  readonly idTag: string;
  /** Where it was shown last. */
  readonly chargePointId: string;
  readonly firstMs: number;
  readonly lastMs: number;
  readonly count: number;
}

export interface ShownUnknownTag extends UnknownTag {
  /** Users whose card it may be in another spelling. */
  readonly suggestions: readonly Suggestion[];
}

type Listener = (tag: UnknownTag) => void;

export class UnknownTags {
  readonly #users: Users;
  /** The one seen last comes last. */
  readonly #tags = new Map<string, UnknownTag>();
  readonly #listeners = new Set<Listener>();

  constructor(users: Users) {
    this.#users = users;
  }

  /** A charger showed a card that is Invalid. What chargers send when nobody shows a card is none. */
  seen(chargePointId: string, idTag: string, atMs: number): void {
    if (isNobodysTag(idTag)) return;
    const before = this.#tags.get(idTag);
    const [firstMs, count] = [before?.firstMs ?? atMs, (before?.count ?? 0) + 1];
    const tag = { idTag, chargePointId, firstMs, lastMs: atMs, count };
    this.#tags.delete(idTag);
    this.#tags.set(idTag, tag);
    const [oldest] = this.#tags.keys();
    if (this.#tags.size > MAX_TAGS && oldest !== undefined) this.#tags.delete(oldest);
    for (const listener of [...this.#listeners]) listener(tag);
  }

  /** Those that are unknown still, the one seen last first. */
  list(): ShownUnknownTag[] {
    return [...this.#tags.values()]
      .filter(({ idTag }) => this.#users.find(idTag) === null)
      .map((tag) => ({ ...tag, suggestions: this.#users.suggested(tag.idTag) }))
      .reverse();
  }

  /** Returns what ends it. */
  onSeen(listener: Listener): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }
}
