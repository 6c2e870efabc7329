// Alarms about the site: looked for now and then, raised while they hold, over when they do not. What they are is site-conditions.ts.
import { isMoreThanAnId, type ChargePoint } from '../domain/charge-point.ts';
import type { SiteCalendar } from '../domain/site-calendar.ts';
import type { SiteState } from '../domain/site-state.ts';
import { every, type CancelTimer, type Clock } from '../runtime/clock.ts';
import type { LogTag } from '../runtime/log.ts';
import type { Alarms } from './alarms.ts';
import { siteConditions } from './site-conditions.ts';
import type { Users } from './users.ts';

const LOOK_EVERY_MS = 5_000;
const USED_UP = 100;

export interface SiteAlarmParts {
  readonly alarms: Alarms;
  readonly state: SiteState;
  readonly users: Users;
  readonly calendar: SiteCalendar;
  /** Percent. 100 counts in any case. */
  readonly warnAt: readonly number[];
  /** 0: a charger that is away is no alarm. */
  readonly offlineAfterMs: number;
  readonly isConnected: (chargePointId: string) => boolean;
  readonly isRecordFull: () => boolean;
  /** It is not one of the site's yet. */
  readonly isPending: (chargePoint: ChargePoint) => boolean;
  readonly clock: Clock;
}

export class SiteAlarms {
  readonly #parts: SiteAlarmParts;
  readonly #levels: readonly number[];
  /** Those that were raised here, with the tag that they were raised under. */
  #raised = new Map<string, LogTag>();
  /** Since when chargers are away, by the monotonic clock. */
  readonly #goneMs = new Map<string, number>();
  readonly #cancel: CancelTimer;

  constructor(parts: SiteAlarmParts) {
    this.#parts = parts;
    this.#levels = [...new Set([...parts.warnAt, USED_UP])].sort((a, b) => a - b);
    this.#cancel = every(parts.clock, LOOK_EVERY_MS, () => this.look());
    this.look();
  }

  close(): void {
    this.#cancel();
  }

  look(): void {
    const { alarms, state, users, calendar, clock } = this.#parts;
    this.#seeWhoIsGone();
    const before = this.#raised;
    this.#raised = new Map();
    const conditions = siteConditions({
      ...{ state, users, month: calendar.monthAt(clock.now()), levels: this.#levels },
      isRecordFull: this.#parts.isRecordFull(),
      isLongGone: (chargePoint) => this.#isLongGone(chargePoint),
    });
    for (const { id, tag, message } of conditions) {
      alarms.raise(id, tag, message, 'site');
      this.#raised.set(id, tag);
    }
    for (const [id, tag] of before) if (!this.#raised.has(id)) alarms.clear(id, tag);
  }

  #seeWhoIsGone(): void {
    const { state, isConnected, clock } = this.#parts;
    const known = new Set<string>();
    for (const { chargePointId } of state.chargePoints()) {
      known.add(chargePointId);
      if (isConnected(chargePointId)) this.#goneMs.delete(chargePointId);
      else if (!this.#goneMs.has(chargePointId)) this.#goneMs.set(chargePointId, clock.monotonicMs());
    }
    for (const chargePointId of this.#goneMs.keys())
      if (!known.has(chargePointId)) this.#goneMs.delete(chargePointId);
  }

  #isLongGone(chargePoint: ChargePoint): boolean {
    const { offlineAfterMs, isPending, clock } = this.#parts;
    const sinceMs = this.#goneMs.get(chargePoint.chargePointId);
    if (offlineAfterMs === 0 || sinceMs === undefined || isPending(chargePoint)) return false;
    return clock.monotonicMs() - sinceMs >= offlineAfterMs && this.#isReal(chargePoint);
  }

  /** Else each made-up id that has ever opened a socket would be an alarm, and a message to whoever is told of it. */
  #isReal(chargePoint: ChargePoint): boolean {
    const { state } = this.#parts;
    const { chargePointId: id } = chargePoint;
    const hasSession = state.deliveredWh(id) > 0 || state.runningOfChargePoint(id).length > 0;
    return hasSession || isMoreThanAnId(chargePoint);
  }
}
