// API tokens that were added by hand: their hashes are records, the tokens themselves are told once and never kept.
import { createHash, randomBytes } from 'node:crypto';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Journal } from './journal.ts';

export type TokenRole = 'viewer' | 'operator' | 'admin';

export interface KnownToken {
  readonly name: string;
  readonly role: TokenRole;
  readonly createdMs: number;
  /** Who added it. */
  readonly by: string;
}

/** As stored; a token that was removed stays as a record without its hash. */
interface TokenRecord extends KnownToken {
  /** Hexadecimal; null: removed. */
  readonly sha256: string | null;
}

const BYTES = 32;
/** Each request is compared with them, and nobody needs more. */
const MAX_TOKENS = 100;

export type AddOutcome =
  { readonly kind: 'added'; readonly token: string } | { readonly kind: 'nameTaken' | 'tooMany' };

export interface TokenParts {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
}

export class Tokens {
  readonly #parts: TokenParts;
  /** Those that are on disk, by name. */
  readonly #durable = new Map<string, TokenRecord>();

  constructor(parts: TokenParts) {
    this.#parts = parts;
    const { journal } = parts;
    for (const record of journal.durableState.others('token')) this.#learn(record as TokenRecord);
    journal.onDurable(({ records }) => {
      for (const { kind, value } of records) if (kind === 'token') this.#learn(value as TokenRecord);
    });
  }

  /** By name. */
  list(): readonly KnownToken[] {
    const kept = [...this.#durable.values()].map(({ name, role, createdMs, by }) => ({
      name,
      role,
      createdMs,
      by,
    }));
    return kept.sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** Whose token has this SHA-256; it counts as soon as it is on disk. */
  find(digest: Uint8Array): Pick<KnownToken, 'name' | 'role'> | null {
    const sha256 = Buffer.from(digest).toString('hex');
    for (const one of this.#durable.values())
      if (one.sha256 === sha256) return { name: one.name, role: one.role };
    return null;
  }

  /** `by` is who adds it. The answer has the token: it cannot be told again. */
  async add(name: string, role: TokenRole, by: string): Promise<AddOutcome> {
    const { journal, clock, log } = this.#parts;
    const known = journal.live.other('token', name) as TokenRecord | undefined;
    if (typeof known?.sha256 === 'string') return { kind: 'nameTaken' };
    if (this.#durable.size >= MAX_TOKENS) return { kind: 'tooMany' };
    const token = randomBytes(BYTES).toString('base64url');
    const record: TokenRecord = { name, role, createdMs: clock.now(), by, sha256: digestOf(token) };
    journal.put('token', name, record, null, null);
    log.info('API', 'token added', { name, role, by });
    await journal.durable();
    return { kind: 'added', token };
  }

  /** Whether there was one. It opens nothing any more when this resolves. */
  async remove(name: string, by: string): Promise<boolean> {
    const { journal, log } = this.#parts;
    const known = journal.live.other('token', name) as TokenRecord | undefined;
    if (typeof known?.sha256 !== 'string') return false;
    journal.put('token', name, { ...known, sha256: null } satisfies TokenRecord, null, null);
    log.info('API', 'token removed', { name, by });
    await journal.durable();
    return true;
  }

  #learn(record: TokenRecord): void {
    if (record.sha256 === null) this.#durable.delete(record.name);
    else this.#durable.set(record.name, record);
  }
}

/** Random tokens need no salt, and comparing hashes tells nothing of the token. */
function digestOf(token: string): string {
  return createHash('sha256').update(token).digest('hex');
}
