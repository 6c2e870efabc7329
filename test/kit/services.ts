// The services of a site inside a test: a store in memory, a clock moved by hand, chargers that only note what they are told.
import { setImmediate as nextTurn } from 'node:timers/promises';
import type { QuotaRules } from '../../src/csms/quotas.ts';
import { begin, createServices, isFresh, putUsersInForce, type Services } from '../../src/csms/services.ts';
import type { MeterMessage, StartMessage, StopMessage } from '../../src/csms/sessions.ts';
import type { IdTagMatch } from '../../src/csms/users.ts';
import type { EnergyUnit } from '../../src/domain/meter-value.ts';
import type { Session } from '../../src/domain/session.ts';
import { createSiteCalendar, type SiteCalendar } from '../../src/domain/site-calendar.ts';
import type { User } from '../../src/domain/user.ts';
import { createManualClock, type ManualClock } from '../../src/files/manual-clock.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { createMemoryStore, type MemoryStore } from '../../src/store/memory.ts';

export interface SiteOptions {
  readonly users?: readonly User[];
  readonly rules?: Partial<QuotaRules>;
  readonly idTagMatch?: IdTagMatch;
  readonly energyUnit?: EnergyUnit;
  /** ISO 8601; when the site's first day begins. */
  readonly at?: string;
}

/** What the chargers were told, and what they answer. */
export interface Line {
  readonly connected: Set<string>;
  /** `CP1/1000@15000`: which session was told to stop, and how many milliseconds after the site began. */
  readonly stops: string[];
  /** The next answers; `Accepted` when there are no more. */
  readonly answers: Promise<string>[];
}

export interface Site {
  readonly clock: ManualClock;
  readonly store: MemoryStore;
  readonly calendar: SiteCalendar;
  readonly line: Line;
  /** Those in force: restart() makes others. */
  services(): Services;
  start(message?: Partial<StartMessage>): ReturnType<Services['sessions']['start']>;
  /** One register value in Wh as a charger samples it. */
  meter(wh: number, message?: Partial<MeterMessage>): void;
  stop(message: Partial<StopMessage>): void;
  /** Of CP1 unless said otherwise; fails when there is none. */
  session(transactionId: number, chargePointId?: string): Session;
  /** In November 2026 unless said otherwise. */
  usedWh(idTag: string, month?: string): number;
  connect(chargePointId?: string): void;
  setUsers(users: readonly User[]): void;
  /** Time passes; what was waiting for it has happened. */
  pass(byMs: number): Promise<void>;
  /** The power goes and comes back: what was not committed is forgotten. */
  restart(): void;
}

const DEFAULT_AT = '2026-11-10T12:00:00Z';
const MANY_READINGS = 5_000;

export function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}

/** One MeterValue with a register in Wh. */
export function sample(wh: number, timestamp?: string, context?: string): MeterMessage['meterValue'][number] {
  const value = { value: String(wh), measurand: 'Energy.Active.Import.Register', unit: 'Wh' };
  return { timestamp, sampledValue: [context === undefined ? value : { ...value, context }] };
}

function createLine(clock: ManualClock, beganMs: number) {
  const line: Line = { connected: new Set(), stops: [], answers: [] };
  const remote = {
    isConnected: (chargePointId: string) => line.connected.has(chargePointId),
    remoteStop(chargePointId: string, transactionId: number) {
      line.stops.push(`${chargePointId}/${transactionId}@${clock.now() - beganMs}`);
      return line.answers.shift() ?? Promise.resolve('Accepted');
    },
  };
  return { line, remote };
}

/** Everything that happens follows from `now`: a charger's clock is the site's unless a message says otherwise. */
function createMessages(clock: ManualClock) {
  const stamp = () => ({
    chargePointId: 'CP1',
    receivedAtMs: clock.now(),
    timestamp: iso(clock.now()),
  });
  return {
    start: (changed: Partial<StartMessage>): StartMessage => ({
      ...stamp(),
      connectorId: 1,
      idTag: 'A',
      meterStart: 1000,
      ...changed,
    }),
    meter: (wh: number, changed: Partial<MeterMessage>): MeterMessage => ({
      ...stamp(),
      connectorId: 1,
      transactionId: null,
      meterValue: [sample(wh, iso(clock.now()))],
      ...changed,
    }),
    stop: (changed: Partial<StopMessage>): StopMessage => ({
      ...stamp(),
      transactionId: null,
      idTag: null,
      meterStop: null,
      reason: 'Local',
      transactionData: [],
      ...changed,
    }),
  };
}

export function createSite(options: SiteOptions = {}): Site {
  const clock = createManualClock();
  const beganMs = Date.parse(options.at ?? DEFAULT_AT);
  clock.advance(beganMs);
  const store = createMemoryStore();
  const calendar = createSiteCalendar('UTC', 1);
  const { line, remote } = createLine(clock, beganMs);
  const message = createMessages(clock);
  let users = options.users ?? [];

  function open(): Services {
    const opened = createServices({
      store,
      loaded: store.load(MANY_READINGS),
      calendar,
      rules: { acceptsUnknownTags: false, allowsConcurrentSessions: true, ...options.rules },
      idTagMatch: options.idTagMatch ?? 'exact',
      energyUnitOf: () => options.energyUnit ?? 'auto',
      remote,
      clock,
      log: silentLog,
    });
    putUsersInForce(opened, users);
    if (isFresh(opened)) begin(opened, {}, calendar, clock.now(), silentLog);
    return opened;
  }
  let services = open();

  return {
    clock,
    store,
    calendar,
    line,
    services: () => services,
    start: (changed = {}) => services.sessions.start(message.start(changed)),
    meter: (wh, changed = {}) => services.sessions.meterValues(message.meter(wh, changed)),
    stop: (changed) => services.sessions.stop(message.stop(changed)),
    session(transactionId, chargePointId = 'CP1') {
      const found = services.journal.live.session(`${chargePointId}/${transactionId}`);
      if (!found) throw new Error(`no session ${chargePointId}/${transactionId}`);
      return found;
    },
    usedWh: (idTag, month = '2026-11') => services.journal.live.usedWh(month, idTag),
    connect(chargePointId = 'CP1') {
      line.connected.add(chargePointId);
      services.chargePoints.connected(chargePointId);
      services.enforcer.reviewChargePoint(chargePointId);
    },
    setUsers(changed) {
      users = changed;
      putUsersInForce(services, users);
    },
    async pass(byMs) {
      clock.advance(byMs);
      await nextTurn();
    },
    restart() {
      services.enforcer.close();
      store.crash();
      services = open();
      services.enforcer.reviewAll();
    },
  };
}
