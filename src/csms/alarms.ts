// What needs a person: conditions that are true now, each raised once and cleared when it is over.
import type { Clock, EpochMs } from '../runtime/clock.ts';
import type { Log, LogTag } from '../runtime/log.ts';

export interface Alarm {
  /** Stable name of the condition, e.g. `users-file`. */
  readonly id: string;
  readonly message: string;
  readonly sinceMs: EpochMs;
  /** server: kwota cannot do all of its work. site: it can, and something at the site needs a person. */
  readonly scope: AlarmScope;
}

export type AlarmScope = 'server' | 'site';

export class Alarms {
  readonly #active = new Map<string, Alarm>();
  readonly #listeners: ((alarm: Alarm, isActive: boolean) => void)[] = [];
  readonly #clock: Clock;
  readonly #log: Log;

  constructor(clock: Clock, log: Log) {
    this.#clock = clock;
    this.#log = log;
  }

  /** Raising it again with the same message changes nothing. */
  raise(id: string, tag: LogTag, message: string, scope: AlarmScope = 'server'): void {
    const before = this.#active.get(id);
    if (before?.message === message) return;
    const alarm = { id, message, sinceMs: before?.sinceMs ?? this.#clock.now(), scope };
    this.#active.set(id, alarm);
    this.#log.warn(tag, message, { alarm: id });
    this.#tell(alarm, true);
  }

  clear(id: string, tag: LogTag): void {
    const alarm = this.#active.get(id);
    if (!alarm) return;
    this.#active.delete(id);
    this.#log.info(tag, 'alarm is over', { alarm: id });
    this.#tell(alarm, false);
  }

  /** Told of each alarm that is raised, says something else, or is over. */
  onChange(listener: (alarm: Alarm, isActive: boolean) => void): void {
    this.#listeners.push(listener);
  }

  active(): readonly Alarm[] {
    return [...this.#active.values()];
  }

  #tell(alarm: Alarm, isActive: boolean): void {
    for (const listener of this.#listeners) listener(alarm, isActive);
  }
}
