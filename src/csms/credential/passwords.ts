// The passwords of chargers that kwota keeps itself, as hashes on record: set by a person, or given to the charger as a new
// AuthorizationKey. Comparing them with what is presented is authentication.ts.
import { randomBytes } from 'node:crypto';
import type { Clock, EpochMs } from '../../runtime/clock.ts';
import type { Log } from '../../runtime/log.ts';
import type { CommandOutcome, Commands } from '../commands.ts';
import type { Journal } from '../journal.ts';
import { statusOf, type Answer, type Remote, type Requests } from '../remote.ts';
import type { KeptPassword, KeptPasswords } from './authentication.ts';
import { hashPassword, hashRandomKey, type PasswordHash } from './password-hash.ts';

/** As stored, one record for each charger; without passwords: none is kept any more. */
interface StoredPasswords {
  readonly passwords: readonly StoredPassword[];
}

interface StoredPassword extends KeptPassword {
  readonly sinceMs: EpochMs;
}

/** `changing`: a charger was given a new one that it has not used yet. */
export type PasswordState = 'none' | 'kept' | 'changing';

const KEY = 'AuthorizationKey';
/** 40 hexadecimal digits: the longest that OCPP 1.6 allows. */
const KEY_BYTES = 20;
/** Keys that were sent and never used; more than one is rare. */
const UNPROVEN_MAX = 5;

/** The charger said that it did not take it; after anything else it may have. */
const NOT_TAKEN: ReadonlySet<string> = new Set(['Rejected', 'NotSupported', 'NotImplemented']);

export interface ChargerPasswordParts {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: Log;
}

export class ChargerPasswords implements KeptPasswords {
  readonly #parts: ChargerPasswordParts;
  readonly #listeners: ((chargePointId: string) => void)[] = [];
  /** Made by rotate() and on their way. */
  readonly #made = new Set<string>();

  constructor(parts: ChargerPasswordParts) {
    this.#parts = parts;
  }

  of(chargePointId: string): readonly StoredPassword[] {
    const stored = this.#parts.journal.live.other('password', chargePointId) as StoredPasswords | undefined;
    return stored?.passwords ?? [];
  }

  stateOf(chargePointId: string): PasswordState {
    const passwords = this.of(chargePointId);
    if (passwords.some(({ isUnproven }) => isUnproven)) return 'changing';
    return passwords.length === 0 ? 'none' : 'kept';
  }

  /** What is presented from now on. Resolves when it is on disk; `by` is who sets it. */
  async set(chargePointId: string, text: string, by: string): Promise<void> {
    const { journal, log } = this.#parts;
    this.#put(chargePointId, [this.#kept(await hashPassword(text), false)]);
    log.info('AUTH', 'password set', { charger: chargePointId, by });
    await journal.durable();
  }

  /** From now on the configuration says what counts. */
  async clear(chargePointId: string, by: string): Promise<void> {
    const { journal, log } = this.#parts;
    if (this.of(chargePointId).length === 0) return;
    this.#put(chargePointId, []);
    log.info('AUTH', 'password no longer kept', { charger: chargePointId, by });
    await journal.durable();
  }

  /** Gives the charger a new key that nobody has ever seen. The old one counts until the charger has used the new one. */
  async rotate(commands: Commands, chargePointId: string, by: string): Promise<CommandOutcome> {
    const key = randomBytes(KEY_BYTES).toString('hex');
    this.#made.add(key);
    try {
      return await commands.send(chargePointId, 'ChangeConfiguration', { key: KEY, value: key }, by);
    } finally {
      this.#made.delete(key);
    }
  }

  /** The charger came with it: earlier ones are over. */
  used(chargePointId: string, password: KeptPassword): void {
    if (!password.isUnproven) return;
    this.#put(chargePointId, [this.#kept(password.hash, false)]);
    this.#parts.log.info('AUTH', 'the new password is in use', { charger: chargePointId });
  }

  /** Told when other passwords of a charger count than before. */
  onChange(listener: (chargePointId: string) => void): void {
    this.#listeners.push(listener);
  }

  /** The same chargers; whoever gives one a new AuthorizationKey, it is on record before it is sent. */
  observe(remote: Remote): Remote {
    return {
      isConnected: (chargePointId) => remote.isConnected(chargePointId),
      call: (chargePointId, action, payload, isWanted) => {
        const send = () => remote.call(chargePointId, action, payload, isWanted);
        const key =
          action === 'ChangeConfiguration' ? newKeyIn(payload as Requests['ChangeConfiguration']) : null;
        return key === null ? send() : this.#give(chargePointId, key, send);
      },
    };
  }

  async #give(chargePointId: string, key: string, send: () => Promise<Answer>): Promise<Answer> {
    const hash = this.#made.has(key) ? hashRandomKey(key) : await hashPassword(key);
    await this.#given(chargePointId, hash);
    const answer = await send();
    if (isNotTaken(answer)) this.#takenBack(chargePointId, hash);
    return answer;
  }

  async #given(chargePointId: string, hash: PasswordHash): Promise<void> {
    const kept = this.of(chargePointId);
    const proven = kept.filter(({ isUnproven }) => !isUnproven);
    const unproven = kept.filter(({ isUnproven }) => isUnproven).slice(1 - UNPROVEN_MAX);
    this.#put(chargePointId, [...proven, ...unproven, this.#kept(hash, true)]);
    await this.#parts.journal.durable();
  }

  #takenBack(chargePointId: string, given: PasswordHash): void {
    this.#put(
      chargePointId,
      this.of(chargePointId).filter(({ hash }) => hash.hash !== given.hash),
    );
  }

  #kept(hash: PasswordHash, isUnproven: boolean): StoredPassword {
    return { hash, isUnproven, sinceMs: this.#parts.clock.now() };
  }

  #put(chargePointId: string, passwords: readonly StoredPassword[]): void {
    const stored: StoredPasswords = { passwords };
    this.#parts.journal.put('password', chargePointId, stored, chargePointId, null);
    for (const listener of this.#listeners) listener(chargePointId);
  }
}

/** Null: it changes another key. */
function newKeyIn({ key, value }: Requests['ChangeConfiguration']): string | null {
  return key.trim().toLowerCase() === KEY.toLowerCase() ? value : null;
}

function isNotTaken(answer: Answer): boolean {
  if (answer.kind === 'cancelled' || answer.kind === 'queueFull' || answer.kind === 'error') return true;
  return answer.kind === 'result' && NOT_TAKEN.has(statusOf(answer));
}
