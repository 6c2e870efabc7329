// After a charger has connected: reads its configuration, sets what the site wants, and tells what stands in the way of quotas.
import {
  isAsWanted,
  LOCAL_START_OFF,
  localStartsLeft,
  mergedKeys,
  meteringFault,
  readConfiguration,
  settingText,
  valuesToTry,
  type ReportedKey,
} from '../domain/configuration-key.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Alarms } from './alarms.ts';
import type { Journal } from './journal.ts';
import { statusOf, type Answer, type Remote, type Requests } from './remote.ts';
import { SettledKeys } from './settled-keys.ts';

/** A charger that reconnects more often than this is left alone: its configuration has not changed. */
const AGAIN_AFTER_MS = 10 * 60_000;
const WHOLE_CONFIGURATION = 'GetConfiguration';
/** Once may be the network or our own end; what it hung up on or did not answer this often is not tried again. */
const MAX_SILENCES = 2;

export interface Wanted {
  readonly keys: Readonly<Record<string, string>>;
  /** forbid beats the keys. */
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

/** One charger, while it is commissioned. */
interface Run {
  readonly chargePointId: string;
  readonly keys: Readonly<Record<string, string>>;
  readonly reported: Map<string, ReportedKey>;
  /** Keys that it takes with its next restart. */
  readonly afterRestart: string[];
  /** There is more to do or to see: it is asked again as soon as it reconnects. */
  isOpen: boolean;
  hasToRestart: boolean;
}

/** The charger cannot be asked now: the rest is for another time. */
const GONE = Symbol('gone');

export class Commissioning {
  readonly #parts: CommissioningParts;
  readonly #settled: SettledKeys;
  readonly #last = new Map<string, { readonly monotonicMs: number; readonly firmware: string }>();
  readonly #underWay = new Set<string>();
  /** Connected anew while the run of the connection before was under way. */
  readonly #again = new Set<string>();
  readonly #silences = new Map<string, number>();

  constructor(parts: CommissioningParts) {
    this.#parts = parts;
    this.#settled = new SettledKeys(parts.journal);
  }

  /** To be called when a charger has connected. What it sends waits for its turn behind the gate of the connection. */
  connected(chargePointId: string): void {
    const { clock } = this.#parts;
    if (this.#underWay.has(chargePointId)) {
      this.#again.add(chargePointId);
      return;
    }
    const last = this.#last.get(chargePointId);
    if (last && clock.monotonicMs() - last.monotonicMs < AGAIN_AFTER_MS) return;
    const keys = this.#keysOf(chargePointId);
    if (Object.keys(keys).length === 0) return;
    this.#underWay.add(chargePointId);
    clock.after(0, () => void this.#run(chargePointId, keys));
  }

  /** A new firmware may have forgotten everything, however recent the last look was. */
  booted(chargePointId: string): void {
    const last = this.#last.get(chargePointId);
    if (!last || last.firmware === this.#firmwareOf(chargePointId)) return;
    this.#last.delete(chargePointId);
    this.connected(chargePointId);
  }

  #firmwareOf(chargePointId: string): string {
    return this.#parts.journal.live.chargePoint(chargePointId)?.firmwareVersion ?? '';
  }

  #keysOf(chargePointId: string): Readonly<Record<string, string>> {
    const { keys, localStart } = this.#parts.wantedOf(chargePointId);
    return mergedKeys(keys, localStart === 'forbid' ? LOCAL_START_OFF : {});
  }

  async #run(chargePointId: string, keys: Readonly<Record<string, string>>): Promise<void> {
    const { clock, log } = this.#parts;
    const run: Run = {
      ...{ chargePointId, keys, reported: new Map(), afterRestart: [] },
      isOpen: true,
      hasToRestart: false,
    };
    try {
      await this.#commission(run);
    } catch (cause) {
      log.error('COMMAND', 'a charger could not be configured', {
        charger: chargePointId,
        cause: String(cause),
      });
    }
    if (!run.isOpen) {
      const last = { monotonicMs: clock.monotonicMs(), firmware: this.#firmwareOf(chargePointId) };
      this.#last.set(chargePointId, last);
    }
    this.#underWay.delete(chargePointId);
    if (this.#again.delete(chargePointId)) this.connected(chargePointId);
  }

  async #commission(run: Run): Promise<void> {
    if ((await this.#read(run)) === GONE) return;
    for (const [key, value] of Object.entries(run.keys)) {
      if ((await this.#bring(run, key, value)) === GONE) return;
    }
    this.#judge(run);
    run.isOpen = run.hasToRestart;
  }

  /** The whole configuration first, as some know keys only so; then by name what was not in it. */
  async #read(run: Run): Promise<typeof GONE | undefined> {
    const { chargePointId, keys } = run;
    if (!this.#settled.has(chargePointId, WHOLE_CONFIGURATION)) {
      const answer = await this.#ask(run, WHOLE_CONFIGURATION, 'GetConfiguration', {});
      if (isGone(answer) && answer.kind !== 'timeout') return GONE;
      this.#note(run, answer);
    }
    for (const [key, value] of Object.entries(keys)) {
      if (run.reported.has(key.toLowerCase())) continue;
      const isHopeless = valuesToTry(key, value).every((one) =>
        this.#settled.has(chargePointId, settingText(key, one)),
      );
      if (!isHopeless && (await this.#readOne(run, key)) === GONE) return GONE;
    }
    return undefined;
  }

  async #readOne(run: Run, key: string): Promise<typeof GONE | undefined> {
    const what = `${WHOLE_CONFIGURATION} ${key}`;
    if (this.#settled.has(run.chargePointId, what)) return undefined;
    const answer = await this.#ask(run, what, 'GetConfiguration', { key: [key] });
    if (isGone(answer)) return GONE;
    this.#note(run, answer);
    return undefined;
  }

  #note({ reported }: Run, answer: Answer): void {
    if (answer.kind !== 'result') return;
    for (const [name, one] of readConfiguration(answer.payload)) reported.set(name, one);
  }

  /** Brings one key to the wanted value, or to the nearest that the charger takes. */
  async #bring(run: Run, key: string, wanted: string): Promise<typeof GONE | undefined> {
    const { chargePointId, reported } = run;
    // It hangs up when it is asked for this key: better not to touch it.
    if (this.#settled.has(chargePointId, `${WHOLE_CONFIGURATION} ${key}`)) return undefined;
    for (const value of valuesToTry(key, wanted)) {
      const what = settingText(key, value);
      const known = reported.get(key.toLowerCase());
      if (known && isAsWanted(key, known.value, value)) {
        this.#settled.forget(chargePointId, what);
        return undefined;
      }
      const before = this.#settled.answerTo(chargePointId, what);
      if (before === 'RebootRequired') run.afterRestart.push(key);
      if (before === 'RebootRequired' || before === 'Accepted') return undefined;
      if (before !== undefined) continue;
      const status = known?.isReadonly ? 'read-only' : await this.#write(run, known?.key ?? key, value, what);
      if (status === GONE) return GONE;
      if (status === 'isSet') return undefined;
      this.#refused(run, what, status);
    }
    return undefined;
  }

  /** Resolves with what speaks against the value, if it does not hold. */
  async #write(run: Run, key: string, value: string, what: string): Promise<string | typeof GONE> {
    const { chargePointId, reported } = run;
    const answer = await this.#ask(run, what, 'ChangeConfiguration', { key, value });
    if (isGone(answer)) return GONE;
    const status = statusOf(answer);
    this.#parts.log.info('COMMAND', 'ChangeConfiguration', {
      charger: chargePointId,
      setting: what,
      answer: status,
    });
    if (status === 'RebootRequired') {
      this.#settled.remember(chargePointId, what, status);
      run.afterRestart.push(key);
      run.hasToRestart = true;
      return 'isSet';
    }
    if (status !== 'Accepted') return status;
    // Some say so and keep what they had.
    reported.delete(key.toLowerCase());
    if ((await this.#readOne(run, key)) === GONE) return GONE;
    const shown = reported.get(key.toLowerCase());
    if (shown) return isAsWanted(key, shown.value, value) ? 'isSet' : 'Accepted, but not kept';
    // It cannot be seen whether it holds: to write it at each connect would be no better.
    this.#settled.remember(chargePointId, what, status);
    reported.set(key.toLowerCase(), { key, value, isReadonly: false });
    return 'isSet';
  }

  async #ask<A extends keyof Requests>(
    run: Run,
    what: string,
    action: A,
    payload: Requests[A],
  ): Promise<Answer> {
    // What never reached the charger cannot have made it hang up.
    const call = { isSent: false };
    const answer = await this.#parts.remote.call(run.chargePointId, action, payload, () => {
      call.isSent = true;
      return true;
    });
    if (answer.kind === 'timeout') run.isOpen = false;
    const silence = `${run.chargePointId} ${what}`;
    if (!call.isSent || (answer.kind !== 'offline' && answer.kind !== 'timeout')) {
      this.#silences.delete(silence);
      return answer;
    }
    const count = (this.#silences.get(silence) ?? 0) + 1;
    if (count < MAX_SILENCES) this.#silences.set(silence, count);
    else {
      this.#silences.delete(silence);
      this.#refused(run, what, answer.kind === 'timeout' ? 'not answered' : 'hung up');
    }
    return answer;
  }

  #refused({ chargePointId }: Run, what: string, answer: string): void {
    this.#parts.log.warn('COMMAND', 'not tried again with this firmware', {
      charger: chargePointId,
      what,
      answer,
    });
    this.#settled.remember(chargePointId, what, answer);
  }

  #judge({ chargePointId, keys, reported, afterRestart }: Run): void {
    this.#tell(`metering/${chargePointId}`, chargePointId, meteringFault(reported), 'METER');
    const localStarts = localStartsLeft(keys, reported);
    const starts = localStarts.length === 0 ? null : `can start charges without asking: it keeps`;
    this.#tell(
      `localStart/${chargePointId}`,
      chargePointId,
      starts && `${starts} ${localStarts.join(', ')}`,
      'AUTH',
    );
    const restart = afterRestart.length === 0 ? null : 'has to be restarted before it takes';
    this.#tell(
      `restart/${chargePointId}`,
      chargePointId,
      restart && `${restart} ${afterRestart.join(', ')}`,
      'COMMAND',
    );
  }

  #tell(id: string, chargePointId: string, fault: string | null, tag: 'METER' | 'AUTH' | 'COMMAND'): void {
    const { alarms } = this.#parts;
    if (fault === null) alarms.clear(id, tag);
    else alarms.raise(id, tag, `${chargePointId} ${fault}`);
  }
}

function isGone({ kind }: Answer): boolean {
  return kind !== 'result' && kind !== 'error';
}
