// What each charger said of its configuration, whoever asked: the newest value of each key, on record. It asks for nothing.
import { isSecretKey, readConfiguration } from '../../domain/configuration-key.ts';
import type { Clock, EpochMs } from '../../runtime/clock.ts';
import type { Journal } from '../journal.ts';
import { statusOf, type Answer, type Remote, type Requests } from '../remote.ts';

export interface KnownKey {
  /** In the charger's spelling. */
  readonly key: string;
  /** `***` for a key that holds a secret. */
  readonly value: string;
  readonly isReadonly: boolean;
  /** When the charger said so, or took it. */
  readonly atMs: EpochMs;
  /** It was taken, and holds with the next restart (RebootRequired). */
  readonly isAfterRestart?: true;
}

/** As stored, one record for each charger. */
interface StoredConfiguration {
  readonly keys: readonly KnownKey[];
}

/** More keys than any charger has, and longer values: what goes beyond is not kept. */
const MAX_KEYS = 1000;
const MAX_VALUE_LENGTH = 2000;
const HIDDEN = '***';

export class Configurations {
  readonly #journal: Journal;
  readonly #clock: Clock;

  constructor(journal: Journal, clock: Clock) {
    this.#journal = journal;
    this.#clock = clock;
  }

  /** By key, in the order in which the charger told them. */
  of(chargePointId: string): readonly KnownKey[] {
    const stored = this.#journal.live.other('configuration', chargePointId) as
      StoredConfiguration | undefined;
    return stored?.keys ?? [];
  }

  /** The same chargers; what is read from and written to their configurations by anybody is noted. */
  observe(remote: Remote): Remote {
    return {
      isConnected: (chargePointId) => remote.isConnected(chargePointId),
      call: async (chargePointId, action, payload, isWanted) => {
        const answer = await remote.call(chargePointId, action, payload, isWanted);
        if (action === 'GetConfiguration')
          this.#read(chargePointId, payload as Requests['GetConfiguration'], answer);
        if (action === 'ChangeConfiguration')
          this.#written(chargePointId, payload as Requests['ChangeConfiguration'], answer);
        return answer;
      },
    };
  }

  #read(chargePointId: string, { key: asked }: Requests['GetConfiguration'], answer: Answer): void {
    if (answer.kind !== 'result') return;
    const atMs = this.#clock.now();
    const told = [...readConfiguration(answer.payload).values()].map((one) => ({ ...one, atMs }));
    // Some answer {} to what they do not like: it tells nothing of keys that were known.
    if (told.length === 0 && asked === undefined) return;
    const { unknownKey } = answer.payload;
    const gone = Array.isArray(unknownKey) ? (unknownKey as unknown[]).map(nameOf) : [];
    const isWhole = asked === undefined || asked.length === 0;
    // Vendors' keys that are told only when they are asked for by name stay known.
    this.#put(chargePointId, isWhole ? told : told.slice(0, MAX_KEYS), new Set(gone));
  }

  #written(chargePointId: string, { key, value }: Requests['ChangeConfiguration'], answer: Answer): void {
    const status = statusOf(answer);
    if (status !== 'Accepted' && status !== 'RebootRequired') return;
    const known = this.of(chargePointId).find((one) => nameOf(one.key) === nameOf(key));
    const written: KnownKey = { key: known?.key ?? key, value, isReadonly: false, atMs: this.#clock.now() };
    const isAfterRestart = status === 'RebootRequired';
    this.#put(chargePointId, [isAfterRestart ? { ...written, isAfterRestart } : written], new Set());
  }

  #put(chargePointId: string, told: readonly KnownKey[], gone: ReadonlySet<string>): void {
    const before = this.of(chargePointId);
    const byName = new Map(before.map((one) => [nameOf(one.key), one]));
    for (const name of gone) byName.delete(name);
    for (const one of told) byName.set(nameOf(one.key), storable(one));
    const keys = [...byName.values()].slice(0, MAX_KEYS);
    const stored: StoredConfiguration = { keys };
    if (!isSaidAlready(keys, before))
      this.#journal.put('configuration', chargePointId, stored, chargePointId, null);
  }
}

/** Read at each connect: the same again is not worth a write. */
function isSaidAlready(keys: readonly KnownKey[], before: readonly KnownKey[]): boolean {
  const textOf = (list: readonly KnownKey[]) => JSON.stringify(list.map((one) => ({ ...one, atMs: 0 })));
  return textOf(keys) === textOf(before);
}

function storable(one: KnownKey): KnownKey {
  const value = isSecretKey(one.key) && one.value !== '' ? HIDDEN : one.value.slice(0, MAX_VALUE_LENGTH);
  return { ...one, value };
}

function nameOf(key: unknown): string {
  return String(key).trim().toLowerCase();
}
