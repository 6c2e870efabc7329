// The fold: what sessions and entries come to. Two of these exist, one ahead (it decides) and one durable (it is shown).
import type { ChargePoint } from './charge-point.ts';
import { daysOf, WH_PER_KWH } from './energy.ts';
import type { Entry } from './entry.ts';
import type { RecordVersion } from './record.ts';
import { isRunning, type Session } from './session.ts';
import type { SiteCalendar } from './site-calendar.ts';

type WhByTag = Map<string, number>;

const NONE: readonly string[] = [];

/** Applying the newest versions of all records, in any order and any number of times, gives the same state. */
export class SiteState {
  readonly #calendar: SiteCalendar;
  readonly #sessions = new Map<string, Session>();
  readonly #entries = new Map<string, Entry>();
  readonly #chargePoints = new Map<string, ChargePoint>();
  readonly #forgotten = new Map<string, ChargePoint>();
  readonly #others = new Map<string, object>();
  readonly #running = new Set<string>();
  readonly #runningOfTag = new Map<string, Set<string>>();
  readonly #runningOfChargePoint = new Map<string, Set<string>>();
  readonly #latestOnConnector = new Map<string, string>();
  readonly #byStartKey = new Map<string, string>();
  readonly #stopOnly = new Map<string, Set<string>>();
  readonly #usedWh = new Map<string, WhByTag>();
  readonly #grantedWh = new Map<string, WhByTag>();
  readonly #suspectedWh = new Map<string, WhByTag>();
  readonly #deliveredWh = new Map<string, number>();
  readonly #flowedWh = new Map<string, number>();

  constructor(calendar: SiteCalendar) {
    this.#calendar = calendar;
  }

  /** Another state that tells the same and goes its own way: for years of sessions cheaper than applying all again. */
  copy(): SiteState {
    const copy = new SiteState(this.#calendar);
    const pairs = [
      [this.#sessions, copy.#sessions],
      [this.#entries, copy.#entries],
      [this.#chargePoints, copy.#chargePoints],
      [this.#forgotten, copy.#forgotten],
      [this.#others, copy.#others],
      [this.#latestOnConnector, copy.#latestOnConnector],
      [this.#byStartKey, copy.#byStartKey],
      [this.#deliveredWh, copy.#deliveredWh],
      [this.#flowedWh, copy.#flowedWh],
    ] as const;
    for (const [from, to] of pairs) fill(to as Map<string, unknown>, from);
    for (const id of this.#running) copy.#running.add(id);
    for (const [from, to] of [
      [this.#runningOfTag, copy.#runningOfTag],
      [this.#runningOfChargePoint, copy.#runningOfChargePoint],
      [this.#stopOnly, copy.#stopOnly],
    ] as const)
      fill(to, from, (ids) => new Set(ids));
    for (const [from, to] of [
      [this.#usedWh, copy.#usedWh],
      [this.#grantedWh, copy.#grantedWh],
      [this.#suspectedWh, copy.#suspectedWh],
    ] as const)
      fill(to, from, (whByTag) => new Map(whByTag));
    return copy;
  }

  apply(record: RecordVersion): void {
    if (record.kind === 'session') this.#applySession(record.id, record.value as Session);
    else if (record.kind === 'entry') this.#applyEntry(record.value as Entry);
    else if (record.kind === 'charger') this.#applyChargePoint(record.value as ChargePoint);
    else this.#others.set(`${record.kind}/${record.id}`, record.value);
  }

  session(id: string): Session | undefined {
    return this.#sessions.get(id);
  }

  sessions(): Iterable<Session> {
    return this.#sessions.values();
  }

  *runningSessions(): Iterable<Session> {
    for (const id of this.#running) {
      const session = this.#sessions.get(id);
      if (session) yield session;
    }
  }

  runningOfTag(idTag: string): Session[] {
    return this.#resolve(this.#runningOfTag.get(idTag));
  }

  runningOfChargePoint(chargePointId: string): Session[] {
    return this.#resolve(this.#runningOfChargePoint.get(chargePointId));
  }

  /** The session that started last on this connector, running or ended. */
  latestOnConnector(chargePointId: string, connectorId: number): Session | undefined {
    const id = this.#latestOnConnector.get(`${chargePointId}/${connectorId}`);
    return id === undefined ? undefined : this.#sessions.get(id);
  }

  byStartKey(startKey: string): Session | undefined {
    const id = this.#byStartKey.get(startKey);
    return id === undefined ? undefined : this.#sessions.get(id);
  }

  /** Sessions of this charge point that are known by their StopTransaction alone. */
  stopOnlyOfChargePoint(chargePointId: string): Session[] {
    return this.#resolve(this.#stopOnly.get(chargePointId));
  }

  entry(id: string): Entry | undefined {
    return this.#entries.get(id);
  }

  entries(): Iterable<Entry> {
    return this.#entries.values();
  }

  chargePoint(id: string): ChargePoint | undefined {
    return this.#chargePoints.get(id);
  }

  chargePoints(): Iterable<ChargePoint> {
    return this.#chargePoints.values();
  }

  chargePointCount(): number {
    return this.#chargePoints.size;
  }

  /** What was known of a charger that somebody wanted forgotten, while it has not come back. */
  forgottenChargePoint(id: string): ChargePoint | undefined {
    return this.#forgotten.get(id);
  }

  /** A record that is neither session, entry nor charger. */
  other(kind: RecordVersion['kind'], id: string): object | undefined {
    return this.#others.get(`${kind}/${id}`);
  }

  /** All records of such a kind. */
  *others(kind: RecordVersion['kind']): Iterable<object> {
    for (const [key, value] of this.#others) if (key.startsWith(`${kind}/`)) yield value;
  }

  /** Wh of this tag in a month: its sessions and its entries. */
  usedWh(month: string, idTag: string): number {
    return this.#usedWh.get(month)?.get(idTag) ?? 0;
  }

  /** All tags that something was booked on in a month. */
  usedInMonth(month: string): ReadonlyMap<string, number> {
    return this.#usedWh.get(month) ?? new Map<string, number>();
  }

  grantedWh(month: string, idTag: string): number {
    return this.#grantedWh.get(month)?.get(idTag) ?? 0;
  }

  /** All months that something was booked on, or granted for. */
  months(): ReadonlySet<string> {
    return new Set([...this.#usedWh.keys(), ...this.#grantedWh.keys()]);
  }

  /** What would have to be added to usedWh if all units in doubt were the larger ones: quotas are held to that. */
  suspectedWh(month: string, idTag: string): number {
    return this.#suspectedWh.get(month)?.get(idTag) ?? 0;
  }

  /** All energy booked on a charger since kwota knows it. */
  deliveredWh(chargePointId: string): number {
    return this.#deliveredWh.get(chargePointId) ?? 0;
  }

  /** The energy of all sessions on a day of the site. */
  flowedWh(day: string): number {
    return this.#flowedWh.get(day) ?? 0;
  }

  #applySession(id: string, session: Session): void {
    const before = this.#sessions.get(id);
    if (before === session) return;
    this.#sessions.set(id, session);
    if (before && isCountedAlike(before, session)) this.#countRise(before, session);
    else {
      if (before) this.#count(before, -1);
      this.#count(session, 1);
    }
    if (before?.startKey !== session.startKey) this.#indexStart(id, session);
    // What nearly every version has in common with the one before needs no look at the indexes.
    if (before && isIndexedAlike(before, session)) return;
    this.#index(id, before, session);
  }

  /** Clocks in 1970 may give two sessions the same key: the later one has it, in whatever order they are applied. */
  #indexStart(id: string, session: Session): void {
    if (session.startKey === null) return;
    const other = this.byStartKey(session.startKey);
    if (!other || other.transactionId < session.transactionId) this.#byStartKey.set(session.startKey, id);
  }

  #index(id: string, before: Session | undefined, session: Session): void {
    const { chargePointId } = session;
    const connector = `${chargePointId}/${session.connectorId}`;
    const latestId = this.#latestOnConnector.get(connector);
    const latest = latestId === undefined ? undefined : this.#sessions.get(latestId);
    if (!latest || latest.startedMs <= session.startedMs) this.#latestOnConnector.set(connector, id);
    if (before?.origin !== session.origin) {
      if (session.origin === 'stopOnly') addTo(this.#stopOnly, chargePointId, id);
      else removeFrom(this.#stopOnly, chargePointId, id);
    }
    if (before && before.idTag !== session.idTag) removeFrom(this.#runningOfTag, before.idTag, id);
    if (isRunning(session)) {
      this.#running.add(id);
      addTo(this.#runningOfTag, session.idTag, id);
      addTo(this.#runningOfChargePoint, chargePointId, id);
    } else if (this.#running.delete(id)) {
      removeFrom(this.#runningOfTag, session.idTag, id);
      removeFrom(this.#runningOfChargePoint, chargePointId, id);
    }
  }

  #resolve(ids: ReadonlySet<string> | undefined): Session[] {
    const sessions: Session[] = [];
    for (const id of ids ?? NONE) {
      const session = this.#sessions.get(id);
      if (session) sessions.push(session);
    }
    return sessions;
  }

  #count(session: Session, sign: 1 | -1): void {
    const { energyByDay } = session;
    for (const day of daysOf(energyByDay)) this.#countOnDay(session, day, sign * (energyByDay[day] ?? 0));
  }

  /** Counts what a version has more than the one before. */
  #countRise({ energyByDay: before }: Session, session: Session): void {
    const { energyByDay } = session;
    if (before === energyByDay) return;
    for (const day of daysOf(before))
      if (energyByDay[day] === undefined) this.#countOnDay(session, day, -(before[day] ?? 0));
    for (const day of daysOf(energyByDay))
      this.#countOnDay(session, day, (energyByDay[day] ?? 0) - (before[day] ?? 0));
  }

  #countOnDay({ idTag, chargePointId, suspectedUnit }: Session, day: string, wh: number): void {
    if (wh === 0) return;
    const month = this.#calendar.monthOf(day);
    this.#book(this.#usedWh, month, idTag, wh);
    if (suspectedUnit === 'kWh') this.#book(this.#suspectedWh, month, idTag, wh * (WH_PER_KWH - 1));
    this.#flowedWh.set(day, this.flowedWh(day) + wh);
    this.#deliveredWh.set(chargePointId, this.deliveredWh(chargePointId) + wh);
  }

  #applyChargePoint(chargePoint: ChargePoint): void {
    const isForgotten = chargePoint.forgottenMs !== undefined;
    const [to, from] = isForgotten
      ? [this.#forgotten, this.#chargePoints]
      : [this.#chargePoints, this.#forgotten];
    from.delete(chargePoint.chargePointId);
    to.set(chargePoint.chargePointId, chargePoint);
  }

  #applyEntry(entry: Entry): void {
    if (this.#entries.has(entry.id)) return;
    this.#entries.set(entry.id, entry);
    this.#book(entry.type === 'grant' ? this.#grantedWh : this.#usedWh, entry.month, entry.idTag, entry.wh);
  }

  #book(totals: Map<string, WhByTag>, month: string, idTag: string, wh: number): void {
    let ofMonth = totals.get(month);
    if (!ofMonth) totals.set(month, (ofMonth = new Map<string, number>()));
    ofMonth.set(idTag, (ofMonth.get(idTag) ?? 0) + wh);
  }
}

function fill<V>(to: Map<string, V>, from: ReadonlyMap<string, V>, copyOf = (value: V): V => value): void {
  for (const [key, value] of from) to.set(key, copyOf(value));
}

function addTo(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids) ids.add(id);
  else index.set(key, new Set([id]));
}

function removeFrom(index: Map<string, Set<string>>, key: string, id: string): void {
  const ids = index.get(key);
  if (ids?.delete(id) && ids.size === 0) index.delete(key);
}

/** Whether the energy of both counts for the same, so that only the difference is to be counted. */
function isCountedAlike(before: Session, after: Session): boolean {
  return before.idTag === after.idTag && before.suspectedUnit === after.suspectedUnit;
}

/** Whether every index has the one where it has the other. */
function isIndexedAlike(before: Session, after: Session): boolean {
  return (
    isRunning(before) === isRunning(after) &&
    before.idTag === after.idTag &&
    before.connectorId === after.connectorId &&
    before.startedMs === after.startedMs &&
    before.origin === after.origin
  );
}
