// The services of a site inside the test's process: memory store, a clock moved by hand, chargers that only note what they are told.
import { begin, createServices, isFresh, putUsersInForce, type Services } from '../../src/csms/services.ts';
import type { EnforcementRules } from '../../src/csms/enforcement.ts';
import type { QuotaRules } from '../../src/csms/quotas.ts';
import type { Answer, Requests } from '../../src/csms/remote.ts';
import type { StartMessage, StopMessage } from '../../src/csms/session-messages.ts';
import type { EnergyUnit } from '../../src/domain/meter-value.ts';
import type { Session } from '../../src/domain/session.ts';
import { createSiteCalendar, type SiteCalendar } from '../../src/domain/site-calendar.ts';
import { DEFAULT_LADDER } from '../../src/domain/stop-ladder.ts';
import { sampleUser } from '../../src/domain/sample.fixture.ts';
import type { User } from '../../src/domain/user.ts';
import { createManualClock, type ManualClock } from '../../src/runtime/manual-clock.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { createMemoryStore, type MemoryStore } from '../../src/store/memory.ts';

export interface RemoteStop {
  readonly chargePointId: string;
  readonly transactionId: number;
  readonly atMs: number;
}

/** Stops at the sample that shows the quota used up; configures nothing. */
export const PLAIN_ENFORCEMENT: EnforcementRules = {
  onExhausted: 'stop',
  isPredictive: false,
  marginWh: 0,
  isGuarded: false,
  warnAt: [],
  ladderOf: () => DEFAULT_LADDER,
  wantedOf: () => ({ keys: {}, localStart: 'allow' }),
};

export interface SentCall {
  readonly chargePointId: string;
  readonly action: keyof Requests;
  readonly payload: object;
  readonly atMs: number;
}

/** An answer with this status. */
export function answered(status: string): Promise<Answer> {
  return Promise.resolve({ kind: 'result', payload: { status } });
}

export interface SiteOptions {
  /** ISO 8601; 30 November 2026, 12:00 UTC unless told otherwise. */
  readonly now?: string;
  readonly timeZone?: string;
  readonly users?: readonly User[];
  readonly rules?: Partial<QuotaRules>;
  readonly enforcement?: Partial<EnforcementRules>;
  readonly energyUnit?: EnergyUnit;
  readonly startStopUnit?: EnergyUnit;
  readonly maxPowerW?: number;
  readonly idTagMatch?: 'exact' | 'case-insensitive' | 'canonical';
  /** Readings that are loaded again after a restart. */
  readonly readingsLoaded?: number;
}

const NOW = '2026-11-30T12:00:00Z';
const READINGS_LOADED = 1000;

export class Site {
  readonly clock: ManualClock = createManualClock();
  readonly store: MemoryStore = createMemoryStore();
  readonly calendar: SiteCalendar;
  /** RemoteStopTransactions that were sent, oldest first. */
  readonly stops: RemoteStop[] = [];
  readonly connected = new Set(['CP1', 'CP2', 'CP3']);
  /** All CALLs that were sent, oldest first. */
  readonly calls: SentCall[] = [];
  /** What chargers answer: everything is accepted unless told otherwise. */
  answer: (action: keyof Requests, payload: object) => Promise<Answer> = () => answered('Accepted');
  services: Services;
  readonly #options: SiteOptions;
  #users: readonly User[];

  constructor(options: SiteOptions = {}) {
    this.#options = options;
    this.#users = options.users ?? [sampleUser('A'), sampleUser('B')];
    this.calendar = createSiteCalendar(options.timeZone ?? 'UTC', 1);
    this.clock.advance(Date.parse(options.now ?? NOW));
    this.services = this.#create();
  }

  /** What is not durable is lost, as when the process dies; the rest is loaded again. */
  restart(): void {
    this.services.enforcer.close();
    // What it was about to hand to the store is lost with it.
    this.store.pause();
    void this.services.journal.durable();
    this.store.crash();
    this.services = this.#create();
    this.services.enforcer.reviewAll();
  }

  /** users1.csv says this from now on. */
  putUsers(...users: User[]): void {
    this.#users = users;
    putUsersInForce(this.services, users);
  }

  /** Card A on connector 1 of CP1, now, at register 0, unless told otherwise. */
  start(changed: Partial<StartMessage> = {}): number {
    return this.services.sessions.start({
      ...this.#message(),
      connectorId: 1,
      idTag: 'A',
      meterStart: 0,
      ...changed,
    }).transactionId;
  }

  /** One sample of the register in Wh, now, on connector 1 of CP1 unless told otherwise. */
  meter(
    transactionId: number | null,
    wh: number,
    changed: { chargePointId?: string; connectorId?: number; timestamp?: string } = {},
  ): void {
    const { timestamp, ...where } = { ...this.#message(), connectorId: 1, ...changed };
    this.services.sessions.meterValues({
      ...where,
      transactionId,
      meterValue: [{ timestamp, sampledValue: [{ value: String(wh), unit: 'Wh' }] }],
    });
  }

  /** Now, on CP1, stopped locally, unless told otherwise. */
  stop(transactionId: number | null, meterStop: number | null, changed: Partial<StopMessage> = {}): void {
    const message = { transactionId, meterStop, idTag: null, reason: 'Local', transactionData: [] };
    this.services.sessions.stop({ ...this.#message(), ...message, ...changed });
  }

  session(transactionId: number, chargePointId = 'CP1'): Session {
    const session = this.services.journal.live.session(`${chargePointId}/${transactionId}`);
    if (!session) throw new Error(`there is no session ${chargePointId}/${transactionId}`);
    return session;
  }

  /** Wh used in the current month. */
  used(idTag: string): number {
    return this.services.journal.live.usedWh(this.calendar.monthAt(this.clock.now()), idTag);
  }

  /** Lets what was planned for now happen, and what it answers arrive. */
  async settle(): Promise<void> {
    this.clock.advance(0);
    await this.services.journal.durable();
    // An answer of a charger passes through a few promises before the next attempt is planned.
    for (let i = 0; i < 10; i += 1) await Promise.resolve();
  }

  /** Moves the time second by second, so that what is planned on the way can plan further. */
  async pass(seconds: number): Promise<void> {
    await this.settle();
    for (let i = 0; i < seconds; i += 1) {
      this.clock.advance(1000);
      await this.settle();
    }
  }

  /** The present moment as a charger writes it. */
  timestamp(): string {
    return new Date(this.clock.now()).toISOString();
  }

  #message(): { chargePointId: string; receivedAtMs: number; timestamp: string } {
    return { chargePointId: 'CP1', receivedAtMs: this.clock.now(), timestamp: this.timestamp() };
  }

  #create(): Services {
    const { rules, enforcement, energyUnit, startStopUnit, maxPowerW, idTagMatch, readingsLoaded } =
      this.#options;
    const services = createServices({
      store: this.store,
      loaded: this.store.load(readingsLoaded ?? READINGS_LOADED),
      calendar: this.calendar,
      rules: { acceptsUnknownTags: false, allowsConcurrentSessions: true, ...rules },
      enforcement: { ...PLAIN_ENFORCEMENT, ...enforcement },
      admission: { unknown: 'accept', maxKnown: 1000, configuredIds: new Map() },
      idTagMatch: idTagMatch ?? 'exact',
      meterSettingsOf: () => ({
        energyUnit: energyUnit ?? 'auto',
        startStopUnit: startStopUnit ?? 'auto',
        maxPowerW: maxPowerW ?? 400_000,
      }),
      remote: {
        isConnected: (chargePointId) => this.connected.has(chargePointId),
        call: (chargePointId, action, payload, isWanted) => {
          if (isWanted && !isWanted()) return Promise.resolve({ kind: 'cancelled' });
          // A clock that is set moves no CALL.
          const atMs = this.clock.monotonicMs();
          this.calls.push({ chargePointId, action, payload, atMs });
          if (action === 'RemoteStopTransaction') {
            const { transactionId } = payload as Requests['RemoteStopTransaction'];
            this.stops.push({ chargePointId, transactionId, atMs });
          }
          return this.answer(action, payload);
        },
      },
      clock: this.clock,
      log: silentLog,
    });
    services.users.replace(this.#users);
    if (isFresh(services)) begin(services, {}, this.calendar, this.clock.now(), silentLog);
    return services;
  }
}
