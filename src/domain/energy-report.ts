// Who used what in a billing month, where, and in which sessions: three views of the same books, each with the same total.
import type { Entry } from './entry.ts';
import { totalWh, type EnergyByDay } from './energy.ts';
import type { Session } from './session.ts';
import type { SiteCalendar } from './site-calendar.ts';
import type { SiteState } from './site-state.ts';
import { accountsOf, usageByTag } from './usage.ts';
import type { User } from './user.ts';

/** What a month comes to, in Wh: what sessions used and what entries say is all that was used. */
export interface ReportTotal {
  /** Sessions that began in the month, or had energy in it. */
  readonly sessions: number;
  readonly sessionsWh: number;
  /** Opening balances and adjustments; may be negative. */
  readonly entriesWh: number;
  readonly usedWh: number;
}

/** One card. */
export interface UserRow extends ReportTotal {
  readonly idTag: string;
  /** Null: the card is not in users1.csv (any more). */
  readonly user: User | null;
  readonly grantedWh: number;
  /** Of the account; null: unlimited, or no user. May be negative. */
  readonly leftWh: number | null;
}

export interface ChargerRow {
  readonly chargePointId: string;
  readonly sessions: number;
  readonly sessionsWh: number;
}

export interface SessionRow {
  readonly session: Session;
  /** Of the month; the rest of the session is in others. */
  readonly wh: number;
}

/** One month, as totalOfMonth has it. */
export interface MonthRow extends ReportTotal {
  readonly month: string;
}

export interface Books {
  readonly state: SiteState;
  readonly calendar: SiteCalendar;
  readonly users: Iterable<User>;
}

export function totalOfMonth(month: string, books: Books): ReportTotal {
  const sessions = sessionsOfMonth(month, books);
  return totalOf(sessions, entriesWhOf(entriesOfMonth(month, books)));
}

/** Every month that has something, the oldest first. */
export function reportByMonth(books: Books): MonthRow[] {
  const { state, calendar } = books;
  const months = new Set<string>();
  for (const { startedMs, energyByDay } of state.sessions()) {
    months.add(calendar.monthAt(startedMs));
    for (const day of Object.keys(energyByDay)) months.add(calendar.monthOf(day));
  }
  for (const { month, type } of state.entries()) if (type !== 'grant') months.add(month);
  return [...months].sort(byText).map((month) => ({ month, ...totalOfMonth(month, books) }));
}

/** By idTag: users, and cards that something was booked on. Unlike the others it has entries in its rows. */
export function reportByUser(month: string, books: Books): UserRow[] {
  const { state, users } = books;
  const sessions = Map.groupBy(sessionsOfMonth(month, books), ({ session }) => session.idTag);
  const entries = Map.groupBy(entriesOfMonth(month, books), ({ idTag }) => idTag);
  const known = usageByTag(accountsOf(users), month, state);
  const tags = new Set(known.map(({ idTag }) => idTag));
  // A session without energy books nothing, and its card may be nobody's.
  const others = [...sessions.keys()]
    .filter((idTag) => !tags.has(idTag))
    .map((idTag) => ({ idTag, user: null, grantedWh: 0, leftWh: null }));
  return [...known, ...others]
    .map(({ idTag, user, grantedWh, leftWh }) => ({
      ...{ idTag, user, grantedWh, leftWh },
      ...totalOf(sessions.get(idTag) ?? [], entriesWhOf(entries.get(idTag) ?? [])),
    }))
    .sort((a, b) => byText(a.idTag, b.idTag));
}

/** By id: all chargers that are known, and those of old sessions. Entries were delivered by no charger. */
export function reportByCharger(month: string, books: Books): ChargerRow[] {
  const sessions = Map.groupBy(sessionsOfMonth(month, books), ({ session }) => session.chargePointId);
  const known = Array.from(books.state.chargePoints(), ({ chargePointId }) => chargePointId);
  return [...new Set([...known, ...sessions.keys()])].sort(byText).map((chargePointId) => {
    const own = sessions.get(chargePointId) ?? [];
    return { chargePointId, sessions: own.length, sessionsWh: sum(own.map(({ wh }) => wh)) };
  });
}

/** By the time of their start. */
export function reportBySession(month: string, books: Books): SessionRow[] {
  return sessionsOfMonth(month, books).sort(
    ({ session: a }, { session: b }) =>
      a.startedMs - b.startedMs ||
      byText(a.chargePointId, b.chargePointId) ||
      a.transactionId - b.transactionId,
  );
}

function sessionsOfMonth(month: string, { state, calendar }: Books): SessionRow[] {
  const rows: SessionRow[] = [];
  for (const session of state.sessions()) {
    const ofMonth = energyOfMonth(session.energyByDay, month, calendar);
    const isOfMonth = ofMonth !== null || calendar.monthAt(session.startedMs) === month;
    if (isOfMonth) rows.push({ session, wh: totalWh(ofMonth ?? {}) });
  }
  return rows;
}

/** Null: none flowed in it. */
function energyOfMonth(energy: EnergyByDay, month: string, calendar: SiteCalendar): EnergyByDay | null {
  const days = Object.entries(energy).filter(([day]) => calendar.monthOf(day) === month);
  return days.length === 0 ? null : Object.fromEntries(days);
}

/** Those that count as used. */
function entriesOfMonth(month: string, { state }: Books): Entry[] {
  return [...state.entries()].filter((entry) => entry.month === month && entry.type !== 'grant');
}

function entriesWhOf(entries: readonly Entry[]): number {
  return sum(entries.map(({ wh }) => wh));
}

function totalOf(sessions: readonly SessionRow[], entriesWh: number): ReportTotal {
  const sessionsWh = sum(sessions.map(({ wh }) => wh));
  return { sessions: sessions.length, sessionsWh, entriesWh, usedWh: sessionsWh + entriesWh };
}

function sum(amounts: readonly number[]): number {
  return amounts.reduce((all, amount) => all + amount, 0);
}

function byText(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}
