// The site at a glance, in figures: counts, power now, and what the month comes to. It decides nothing.
import type { ChargePoint } from '../domain/charge-point.ts';
import { standingOf } from '../domain/quota.ts';
import type { Session } from '../domain/session.ts';
import type { SiteCalendar } from '../domain/site-calendar.ts';
import type { SiteState } from '../domain/site-state.ts';
import { accountsOf } from '../domain/usage.ts';
import type { Clock, EpochMs } from '../runtime/clock.ts';
import type { Users } from './users.ts';

/** A month is judged by how it began from its second day on. */
const PACE_AFTER_MS = 24 * 3_600_000;

export interface SiteFigureParts {
  /** What is shown: durable. */
  readonly state: SiteState;
  readonly users: Users;
  readonly calendar: SiteCalendar;
  readonly isConnected: (chargePointId: string) => boolean;
  /** Waits until somebody approves it. */
  readonly isPending: (chargePoint: ChargePoint) => boolean;
  readonly powerOf: (session: Session) => number | null;
  readonly clock: Clock;
}

/** Wh of a billing month. */
export interface MonthFigures {
  readonly month: string;
  readonly monthEndsMs: EpochMs;
  /** Each day up to today. */
  readonly energyByDay: readonly { readonly day: string; readonly wh: number }[];
  readonly usedWh: number;
  readonly runningWh: number;
  /** Limits and grants of all accounts that have a limit, and what these have used. */
  readonly quotaWh: number;
  readonly quotaUsedWh: number;
  readonly paceWh: number | null;
}

export class SiteFigures {
  readonly #parts: SiteFigureParts;

  constructor(parts: SiteFigureParts) {
    this.#parts = parts;
  }

  chargers(): { total: number; connected: number; faulted: number; pending: number } {
    const { state, isConnected, isPending } = this.#parts;
    const all = [...state.chargePoints()];
    return {
      total: all.length,
      connected: all.filter(({ chargePointId }) => isConnected(chargePointId)).length,
      faulted: all.filter(isFaulted).length,
      pending: all.filter(isPending).length,
    };
  }

  sessions(): { running: number; charging: number } {
    const running = [...this.#parts.state.runningSessions()];
    const charging = running.filter((session) => this.connectorStatusOf(session) === 'Charging');
    return { running: running.length, charging: charging.length };
  }

  /** Empty: not known. */
  connectorStatusOf({ chargePointId, connectorId }: Session): string {
    const connector = this.#parts.state.chargePoint(chargePointId)?.connectors[connectorId];
    return connector?.status ?? '';
  }

  /** Null: there are sessions, and nobody can tell of any. */
  powerW(): number | null {
    return sumOfKnown(this.#parts.state.runningSessions(), this.#parts.powerOf);
  }

  /** Null as `powerW` has it. */
  powerOfChargePoint(chargePointId: string): number | null {
    return sumOfKnown(this.#parts.state.runningOfChargePoint(chargePointId), this.#parts.powerOf);
  }

  month(): MonthFigures {
    const { state, calendar, clock } = this.#parts;
    const nowMs = clock.now();
    const month = calendar.monthAt(nowMs);
    const { startMs, endMs: monthEndsMs } = calendar.spanOf(month);
    const usedWh = sum(state.usedInMonth(month).values());
    const isEarly = nowMs - startMs < PACE_AFTER_MS;
    return {
      ...{ month, monthEndsMs, usedWh },
      energyByDay: this.#energyByDay(startMs, nowMs),
      runningWh: sum([...state.runningSessions()].map((session) => this.#whOfMonth(session, month))),
      ...this.#quotas(month),
      paceWh: isEarly ? null : Math.round((usedWh * (monthEndsMs - startMs)) / (nowMs - startMs)),
    };
  }

  #energyByDay(startMs: EpochMs, nowMs: EpochMs): { day: string; wh: number }[] {
    const { state, calendar } = this.#parts;
    const days: { day: string; wh: number }[] = [];
    for (let atMs = startMs; atMs <= nowMs;) {
      const { day, endMs } = calendar.dayAt(atMs);
      days.push({ day, wh: state.flowedWh(day) });
      atMs = endMs;
    }
    return days;
  }

  #whOfMonth({ energyByDay }: Session, month: string): number {
    const { calendar } = this.#parts;
    return sum(Object.entries(energyByDay).map(([day, wh]) => (calendar.monthOf(day) === month ? wh : 0)));
  }

  #quotas(month: string): { quotaWh: number; quotaUsedWh: number } {
    const { state, users } = this.#parts;
    const limited = accountsOf(users.all()).flatMap((account) => standingOf(account, month, state) ?? []);
    return {
      quotaWh: sum(limited.map(({ limitWh }) => limitWh)),
      quotaUsedWh: sum(limited.map(({ usedWh }) => usedWh)),
    };
  }
}

function isFaulted({ connectors }: ChargePoint): boolean {
  return Object.values(connectors).some(({ status }) => status === 'Faulted');
}

function sumOfKnown(
  sessions: Iterable<Session>,
  powerOf: (session: Session) => number | null,
): number | null {
  const powers = [...sessions].map(powerOf);
  const known = powers.filter((power) => power !== null);
  return powers.length > 0 && known.length === 0 ? null : sum(known);
}

function sum(amounts: Iterable<number>): number {
  let all = 0;
  for (const amount of amounts) all += amount;
  return all;
}
