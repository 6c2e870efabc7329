// Many charge points of the load in one process: connected at once, driven in slices of time, counted, and their books added up.
import { Charger, type ChargerHost, type Script } from './charger.ts';
import { Histogram, type PlainHistogram } from './histogram.ts';

export interface FleetOptions {
  readonly port: number;
  readonly chargers: number;
  /** The number of the first one, when another fleet has those before. */
  readonly firstIndex?: number;
  readonly script: Script;
  /** Milliseconds between the readings of one charge point; null: the next CALL follows each answer at once. */
  readonly intervalMs: number | null;
  /** Connections that are being opened, until BootNotification is answered, at once. */
  readonly connectAtOnce: number;
}

export interface ConnectReport {
  readonly ready: number;
  readonly seconds: number;
  readonly problems: readonly string[];
}

export interface SliceReport {
  /** CALLs answered, those of the end of the slice among them. */
  readonly answered: number;
  /** CALLs answered within the slice, for each second of it. */
  readonly perSecond: number;
  /** Latencies by action. Paced, they count from when a reading was due: a server that stalls cannot hide it. */
  readonly latency: Readonly<Record<string, PlainHistogram>>;
  readonly problems: readonly string[];
}

/** By idTag: Wh that were acknowledged, and Wh that were sent. */
export type Ledger = Readonly<Record<string, { readonly acknowledgedWh: number; readonly sentWh: number }>>;

const READINGS_PER_TRANSACTION = 20;
const MAX_PROBLEMS = 10;
const SETTLE_LOOK_MS = 2;
const SETTLE_WITHIN_MS = 30_000;

export class Fleet implements ChargerHost {
  readonly port: number;
  readonly script: Script;
  readonly readingsPerTransaction = READINGS_PER_TRANSACTION;
  readonly #options: FleetOptions;
  readonly #chargers: readonly Charger[];
  readonly #latency = new Map<string, Histogram>();
  #answered = 0;
  #isRunning = false;
  #parked = new Set<Charger>();
  #timers = new Map<Charger, NodeJS.Timeout>();
  #problems: string[] = [];
  #onConnected: (charger: Charger, problem: string | null) => void = () => undefined;

  constructor(options: FleetOptions) {
    this.#options = options;
    this.port = options.port;
    this.script = options.script;
    const first = options.firstIndex ?? 0;
    this.#chargers = Array.from({ length: options.chargers }, (_, index) => new Charger(first + index, this));
  }

  /** Resolves when each charge point has booted or failed to. */
  async connect(): Promise<ConnectReport> {
    const waiting = [...this.#chargers];
    const open = new Set<Charger>();
    const done = Promise.withResolvers<undefined>();
    let ready = 0;
    const startedMs = performance.now();
    const openSome = () => {
      while (open.size < this.#options.connectAtOnce) {
        const charger = waiting.shift();
        if (!charger) break;
        open.add(charger);
        charger.connect();
      }
      if (open.size === 0) done.resolve(undefined);
    };
    this.#onConnected = (charger, problem) => {
      if (!open.delete(charger)) return;
      if (problem === null) {
        ready += 1;
        this.#parked.add(charger);
      }
      openSome();
    };
    openSome();
    await done.promise;
    this.#onConnected = () => undefined;
    return { ready, seconds: (performance.now() - startedMs) / 1000, problems: this.#takeProblems() };
  }

  /** Lets the script go on for a while, then until what is under way has been answered. */
  async slice(ms: number): Promise<SliceReport> {
    this.#answered = 0;
    for (const histogram of this.#latency.values()) histogram.clear();
    this.#isRunning = true;
    const startedMs = performance.now();
    const parked = this.#parked;
    this.#parked = new Set();
    for (const charger of parked) {
      // What fell into the pause is not owed; the charge points are spread over the interval.
      charger.nextDueMs = startedMs + Math.random() * (this.#options.intervalMs ?? 0);
      charger.step();
    }
    await new Promise((resolve) => setTimeout(resolve, ms));
    this.#isRunning = false;
    const seconds = (performance.now() - startedMs) / 1000;
    const answeredInTime = this.#answered;
    this.#parkWaiting();
    await this.#settle();
    return {
      answered: this.#answered,
      perSecond: answeredInTime / seconds,
      latency: Object.fromEntries([...this.#latency].map(([action, one]) => [action, one.plain()])),
      problems: this.#takeProblems(),
    };
  }

  /** All lines break. */
  hangUp(): void {
    for (const charger of this.#chargers) charger.drop();
  }

  ledger(): Ledger {
    return Object.fromEntries(
      this.#chargers.map(({ idTag, acknowledgedWh, sentWh }) => [idTag, { acknowledgedWh, sentWh }]),
    );
  }

  ready(charger: Charger): void {
    this.#onConnected(charger, null);
  }

  answered(action: string, askedAtMs: number): void {
    this.#answered += 1;
    let histogram = this.#latency.get(action);
    if (!histogram) this.#latency.set(action, (histogram = new Histogram()));
    histogram.addMs(performance.now() - askedAtMs);
  }

  failed(charger: Charger, what: string): void {
    if (this.#problems.length < MAX_PROBLEMS) this.#problems.push(`${charger.id}: ${what}`);
    charger.drop();
    this.#onConnected(charger, what);
  }

  dueAt(charger: Charger): number | null {
    const { intervalMs } = this.#options;
    const nowMs = performance.now();
    if (intervalMs === null) return nowMs;
    const dueMs = charger.nextDueMs;
    if (dueMs > nowMs) {
      const timer = setTimeout(() => {
        this.#timers.delete(charger);
        charger.step();
      }, dueMs - nowMs);
      this.#timers.set(charger, timer);
      return null;
    }
    charger.nextDueMs = dueMs + intervalMs;
    return dueMs;
  }

  isPaused(charger: Charger): boolean {
    if (!this.#isRunning) this.#parked.add(charger);
    return !this.#isRunning;
  }

  #parkWaiting(): void {
    for (const [charger, timer] of this.#timers) {
      clearTimeout(timer);
      this.#parked.add(charger);
    }
    this.#timers.clear();
  }

  async #settle(): Promise<void> {
    const deadlineMs = performance.now() + SETTLE_WITHIN_MS;
    while (this.#chargers.some((charger) => charger.isBusy)) {
      if (performance.now() > deadlineMs) {
        this.#problems.push(`CALLs without an answer ${SETTLE_WITHIN_MS} ms after the slice`);
        return;
      }
      await new Promise((resolve) => setTimeout(resolve, SETTLE_LOOK_MS));
    }
  }

  #takeProblems(): string[] {
    const problems = this.#problems;
    this.#problems = [];
    return problems;
  }
}
