// After a charger has connected: reads its configuration, sets what the site wants, and remembers what its firmware refuses.
import {
  isSameValue,
  LOCAL_START_OFF,
  SAMPLE_INTERVAL,
  sampleIntervalS,
  valuesToTry,
} from '../domain/configuration-key.ts';
import type { Clock, EpochMs } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Alarms } from './alarms.ts';
import type { Journal } from './journal.ts';
import { statusOf, type Answer, type Remote } from './remote.ts';

/** A charger that reconnects more often than this is left alone: its configuration has not changed. */
const AGAIN_AFTER_MS = 10 * 60_000;
/** A quota cannot be held well where samples come less often. */
const LONGEST_INTERVAL_S = 300;
const WHOLE_CONFIGURATION = 'GetConfiguration';
const MAX_VALUE_LENGTH = 500;

export interface Wanted {
  readonly keys: Readonly<Record<string, string>>;
  readonly localStart: 'allow' | 'forbid';
}

export interface CommissioningParts {
  readonly journal: Journal;
  readonly remote: Remote;
  readonly alarms: Alarms;
  readonly wantedOf: (chargePointId: string) => Wanted;
  readonly clock: Clock;
  readonly log: Log;
}

/** A key as the charger reports it. */
interface Reported {
  /** In the charger's spelling. */
  readonly key: string;
  readonly value: string;
  readonly isReadonly: boolean;
}

export class Commissioning {
  readonly #parts: CommissioningParts;
  readonly #lastMs = new Map<string, EpochMs>();
  readonly #underWay = new Set<string>();

  constructor(parts: CommissioningParts) {
    this.#parts = parts;
  }

  /** To be called when a charger has connected. What it sends waits for its turn behind the gate of the connection. */
  connected(chargePointId: string): void {
    const { clock } = this.#parts;
    const lastMs = this.#lastMs.get(chargePointId);
    const isRecent = lastMs !== undefined && Math.abs(clock.now() - lastMs) < AGAIN_AFTER_MS;
    if (isRecent || this.#underWay.has(chargePointId)) return;
    const keys = this.#keysOf(chargePointId);
    if (Object.keys(keys).length === 0) return;
    this.#underWay.add(chargePointId);
    clock.after(0, () => {
      void this.#commission(chargePointId, keys).finally(() => this.#underWay.delete(chargePointId));
    });
  }

  #keysOf(chargePointId: string): Readonly<Record<string, string>> {
    const { keys, localStart } = this.#parts.wantedOf(chargePointId);
    return { ...(localStart === 'forbid' ? LOCAL_START_OFF : {}), ...keys };
  }

  async #commission(chargePointId: string, keys: Readonly<Record<string, string>>): Promise<void> {
    const { clock } = this.#parts;
    const reported = await this.#read(chargePointId, Object.keys(keys));
    if (reported === null) return;
    for (const [key, value] of Object.entries(keys)) {
      const known = reported.get(key.toLowerCase());
      if (known && isSameValue(known.value, value)) continue;
      if (known?.isReadonly) this.#refused(chargePointId, key, value, 'read-only');
      else {
        const written = await this.#write(chargePointId, known?.key ?? key, value);
        if (written !== null) reported.set(key.toLowerCase(), { key, value: written, isReadonly: false });
      }
    }
    this.#lastMs.set(chargePointId, clock.now());
    this.#judgeMetering(chargePointId, reported.get(SAMPLE_INTERVAL.toLowerCase()));
  }

  /** By lower-case key; null when the charger cannot be asked now. The whole configuration first: some know keys only so. */
  async #read(chargePointId: string, keys: readonly string[]): Promise<Map<string, Reported> | null> {
    const { remote } = this.#parts;
    if (!this.#hasRefused(chargePointId, WHOLE_CONFIGURATION)) {
      const answer = await remote.call(chargePointId, 'GetConfiguration', {});
      // Some hang up on the question (Grizzl-E, ABB): next time they are asked for single keys.
      if (answer.kind === 'offline') this.#remember(chargePointId, WHOLE_CONFIGURATION, 'hung up');
      if (isGone(answer)) return null;
      const all = reportedBy(answer);
      if (all.size > 0) return all;
    }
    const some = new Map<string, Reported>();
    for (const key of keys) {
      const answer = await remote.call(chargePointId, 'GetConfiguration', { key: [key] });
      if (isGone(answer)) return null;
      for (const [name, one] of reportedBy(answer)) some.set(name, one);
    }
    return some;
  }

  /** The value that was taken; null when none was. */
  async #write(chargePointId: string, key: string, wanted: string): Promise<string | null> {
    const { remote, log } = this.#parts;
    for (const value of valuesToTry(key, wanted)) {
      if (this.#hasRefused(chargePointId, `${key}=${value}`)) continue;
      const status = statusOf(await remote.call(chargePointId, 'ChangeConfiguration', { key, value }));
      if (status === 'offline' || status === 'timeout' || status === 'queueFull') return null;
      log.info('COMMAND', 'ChangeConfiguration', { charger: chargePointId, key, value, answer: status });
      if (status === 'Accepted' || status === 'RebootRequired') {
        if (status === 'RebootRequired')
          log.warn('COMMAND', 'the setting holds after the next restart', { charger: chargePointId, key });
        return value;
      }
      this.#refused(chargePointId, key, value, status);
    }
    return null;
  }

  #hasRefused(chargePointId: string, what: string): boolean {
    const chargePoint = this.#parts.journal.live.chargePoint(chargePointId);
    const { refusals, firmwareVersion } = chargePoint ?? {};
    return refusals?.firmwareVersion === firmwareVersion && refusals?.answers[what] !== undefined;
  }

  #refused(chargePointId: string, key: string, value: string, answer: string): void {
    if (this.#hasRefused(chargePointId, `${key}=${value}`)) return;
    this.#parts.log.warn('COMMAND', 'a setting was refused, and is not tried again with this firmware', {
      charger: chargePointId,
      key,
      value,
      answer,
    });
    this.#remember(chargePointId, `${key}=${value}`, answer);
  }

  #remember(chargePointId: string, what: string, answer: string): void {
    const { journal } = this.#parts;
    const chargePoint = journal.live.chargePoint(chargePointId);
    if (!chargePoint) return;
    const { firmwareVersion, refusals } = chargePoint;
    const before = refusals?.firmwareVersion === firmwareVersion ? refusals.answers : {};
    const answers = { ...before, [what]: answer };
    journal.putChargePoint({ ...chargePoint, refusals: { firmwareVersion, answers } });
  }

  #judgeMetering(chargePointId: string, interval: Reported | undefined): void {
    const { alarms } = this.#parts;
    const seconds = interval === undefined ? null : sampleIntervalS(interval.value);
    const id = `metering/${chargePointId}`;
    if (seconds === null || (seconds > 0 && seconds <= LONGEST_INTERVAL_S)) {
      alarms.clear(id, 'METER');
      return;
    }
    const often = seconds === 0 ? 'sends no samples' : `sends a sample every ${seconds} s only`;
    alarms.raise(
      id,
      'METER',
      `${chargePointId} ${often} and keeps to that: quotas on it end late; set ${SAMPLE_INTERVAL} to 60 or less at the charger`,
    );
  }
}

function isGone({ kind }: Answer): boolean {
  return kind === 'offline' || kind === 'timeout' || kind === 'queueFull';
}

/** What an answer tells, as far as it can be read: chargers send numbers, quotes, blanks and whole objects amiss. */
function reportedBy(answer: Answer): Map<string, Reported> {
  const reported = new Map<string, Reported>();
  const list = answer.kind === 'result' ? answer.payload['configurationKey'] : null;
  for (const one of Array.isArray(list) ? (list as unknown[]) : []) {
    if (typeof one !== 'object' || one === null) continue;
    const { key, value, readonly } = one as Record<string, unknown>;
    if (typeof key !== 'string') continue;
    const isText = typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean';
    const text = isText ? String(value).slice(0, MAX_VALUE_LENGTH) : '';
    reported.set(key.trim().toLowerCase(), { key, value: text, isReadonly: String(readonly) === 'true' });
  }
  return reported;
}
