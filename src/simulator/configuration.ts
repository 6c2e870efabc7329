// The configuration of one charger: what GetConfiguration and ChangeConfiguration see, and what the charger reads of it itself.
import type { RequestOf, ResponseOf } from '../ocpp/v16/messages.ts';
import {
  measurands,
  type ConfigurationKey,
  type ConfigurationKeys,
  type EffectiveKey,
  type Measurand,
} from './profile.ts';

interface Entry extends ConfigurationKey {
  readonly key: string;
}

export class Configuration {
  /** By key in lower case: keys are CiStrings (OCPP 1.6 §3.4). */
  readonly #entries = new Map<string, Entry>();

  constructor(keys: ConfigurationKeys) {
    for (const [key, entry] of Object.entries(keys)) this.#entries.set(key.toLowerCase(), { key, ...entry });
  }

  get({ key: keys = [] }: RequestOf<'GetConfiguration'>): ResponseOf<'GetConfiguration'> {
    if (keys.length === 0) return { configurationKey: [...this.#entries.values()].map(toWire) };
    const found = keys.flatMap((key) => this.#entries.get(key.toLowerCase()) ?? []);
    const unknownKey = keys.filter((key) => !this.#entries.has(key.toLowerCase()));
    return { configurationKey: found.map(toWire), ...(unknownKey.length > 0 ? { unknownKey } : {}) };
  }

  change({ key, value }: RequestOf<'ChangeConfiguration'>): ResponseOf<'ChangeConfiguration'> {
    const entry = this.#entries.get(key.toLowerCase());
    if (entry === undefined) return { status: 'NotSupported' };
    if (entry.isReadonly === true || entry.accepts?.test(value) === false) return { status: 'Rejected' };
    this.set(entry.key, value);
    return { status: 'Accepted' };
  }

  /** What the charger itself or whoever set it up writes, read-only or not. */
  set(key: string, value: string): void {
    const entry = this.#entries.get(key.toLowerCase());
    if (entry !== undefined) this.#entries.set(key.toLowerCase(), { ...entry, value });
  }

  /** A key of seconds in milliseconds; 0 means never. */
  intervalMs(key: EffectiveKey): number {
    return Number(this.#value(key)) * 1_000;
  }

  measurands(key: EffectiveKey): readonly Measurand[] {
    const listed = this.#value(key).split(',');
    return measurands.filter((measurand) => listed.includes(measurand));
  }

  #value(key: EffectiveKey): string {
    return this.#entries.get(key.toLowerCase())?.value ?? '';
  }
}

function toWire({ key, value, isReadonly = false }: Entry) {
  return { key, readonly: isReadonly, value };
}
