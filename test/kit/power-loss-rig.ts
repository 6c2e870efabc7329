// A site whose server is killed again and again while its chargers work: the kills, and what is looked at after each.
import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { killStartWhen } from './interrupted-start.ts';
import { compareWithLedgers } from './ledger-comparison.ts';
import { startKwota, type KwotaProcess } from './kwota-process.ts';
import { seededRandom, type SeededRandom } from './seeded-random.ts';
import { compareDataFiles } from './data-files-comparison.ts';
import { readDeadStore, readRunningStore, type StoredTruth } from './stored-truth.ts';
import { TirelessChargePoint, type Site } from './tireless-charge-point.ts';
import { until } from './until.ts';

export const MOMENTS = ['anytime', 'justAnswered', 'connectStorm', 'duringShutdown', 'duringStart'] as const;
export type Moment = (typeof MOMENTS)[number];

export interface PowerLossOptions {
  /** An empty folder. */
  readonly dataDir: string;
  readonly kills: number;
  readonly seed: number;
  /** Told after each kill, for those who wait. */
  readonly onKill?: (done: number, moment: Moment) => void;
}

export interface PowerLossReport {
  readonly kills: Record<Moment, number>;
  /** Answers by action. */
  readonly acknowledged: Readonly<Record<string, number>>;
  /** Transaction messages that a kill left without an answer, and how many of them were stored. */
  readonly outstanding: { messages: number; stored: number };
  readonly sessions: number;
  /** Comparisons of the whole store, and of the shared files, with the ledgers. */
  readonly comparisons: { store: number; files: number };
  /** From the start of the process to [READY], each time. */
  readonly readyMs: readonly number[];
  /** What should not be; empty when all is well. */
  readonly problems: readonly string[];
}

const CHARGE_POINTS = 20;
const ID_TAGS = Array.from({ length: 12 }, (_, index) => `TAG${index + 1}`);
/** Half of the users have no limit, the others one that nobody reaches. */
const USERS = ['id_tag,header name,surname,quota_kwh,unlimited']
  .concat(
    ID_TAGS.map((tag, index) => `${tag},User,${index + 1},100000,${index % 2 === 0 ? 'TRUE' : 'FALSE'}`),
  )
  .join('\n');

/** Out of this many kills so many come at each moment. */
const WEIGHTS: Readonly<Record<Moment, number>> = {
  anytime: 8,
  justAnswered: 5,
  connectStorm: 3,
  duringShutdown: 2,
  duringStart: 2,
};
/** One start in so many is looked at before the chargers come back. */
const FILES_EVERY = 4;
const MAX_PROBLEMS = 20;
/** About what a start takes. */
const MAX_START_MS = 900;
const MAX_ANSWERS = 1200;
const ANSWERS_WITHIN_MS = 60_000;

export async function runPowerLoss(options: PowerLossOptions): Promise<PowerLossReport> {
  return new PowerLossRig(options).run();
}

class PowerLossRig implements Site {
  readonly #options: PowerLossOptions;
  readonly #random: SeededRandom;
  readonly #chargePoints: readonly TirelessChargePoint[];
  readonly #kills: Record<Moment, number> = Object.fromEntries(MOMENTS.map((m) => [m, 0])) as never;
  readonly #acknowledged: Record<string, number> = {};
  readonly #outstanding = { messages: 0, stored: 0 };
  readonly #comparisons = { store: 0, files: 0 };
  readonly #readyMs: number[] = [];
  readonly #problems: string[] = [];
  #running: KwotaProcess | null = null;
  #open = Promise.withResolvers<string | null>();
  #onAnswer: () => void = () => undefined;

  constructor(options: PowerLossOptions) {
    this.#options = options;
    this.#random = seededRandom(options.seed);
    this.#chargePoints = Array.from({ length: CHARGE_POINTS }, (_, index) => {
      return new TirelessChargePoint({
        id: `CP${index + 1}`,
        connectors: index % 4 === 0 ? 2 : 1,
        idTags: ID_TAGS,
        site: this,
        random: seededRandom(options.seed + 1000 * (index + 1)),
      });
    });
  }

  address(): Promise<string | null> {
    return this.#open.promise;
  }

  acknowledged(action: string): void {
    this.#acknowledged[action] = (this.#acknowledged[action] ?? 0) + 1;
    this.#onAnswer();
  }

  async run(): Promise<PowerLossReport> {
    const { dataDir, kills, onKill } = this.#options;
    writeFileSync(join(dataDir, 'users1.csv'), `${USERS}\n`);
    const working = this.#chargePoints.map((chargePoint) =>
      chargePoint.run().catch((cause: unknown) => this.#complain(inWords(cause))),
    );
    try {
      for (let done = 0; done < kills && this.#problems.length === 0; done += 1) {
        const moment = this.#momentOf(done);
        await this.#powerLoss(moment);
        this.#kills[moment] += 1;
        onKill?.(done + 1, moment);
      }
      if (this.#problems.length === 0) await this.#closingTime();
    } catch (cause) {
      this.#complain(inWords(cause));
    } finally {
      await this.#running?.kill();
      this.#open.resolve(null);
      await Promise.all(working);
    }
    return {
      kills: this.#kills,
      acknowledged: this.#acknowledged,
      outstanding: this.#outstanding,
      sessions: this.#ledger().length,
      comparisons: this.#comparisons,
      readyMs: this.#readyMs,
      problems: this.#problems.slice(0, MAX_PROBLEMS),
    };
  }

  /** Each moment once, then by chance. */
  #momentOf(done: number): Moment {
    const lots = MOMENTS.flatMap((moment) => Array.from({ length: WEIGHTS[moment] }, () => moment));
    return MOMENTS[done] ?? lots[this.#random.below(lots.length)] ?? 'anytime';
  }

  async #powerLoss(moment: Moment): Promise<void> {
    if (moment === 'duringStart') {
      const killAtMs = performance.now() + this.#random.below(MAX_START_MS);
      await killStartWhen(this.#options.dataDir, () => performance.now() >= killAtMs);
    } else {
      const kwota = await this.#start();
      if (this.#random.below(FILES_EVERY) === 0) await this.#filesAgree('before the chargers are back');
      this.#open.resolve(kwota.ocppUrl);
      await this.#killAt(moment, kwota);
      await until('the chargers notice', () => this.#chargePoints.every(({ isOnline }) => !isOnline));
    }
    const outstanding = this.#compare(`after a kill ${moment}`, readDeadStore(this.#options.dataDir));
    this.#outstanding.messages += outstanding.messages;
    this.#outstanding.stored += outstanding.stored;
  }

  async #killAt(moment: Exclude<Moment, 'duringStart'>, kwota: KwotaProcess): Promise<void> {
    if (moment === 'anytime') await pause(this.#random.between(50, 1000));
    else if (moment === 'connectStorm') await pause(this.#random.below(80));
    else await this.#answers(this.#random.between(1, MAX_ANSWERS));
    if (!isAlive(kwota.pid)) this.#complain(`the server ended by itself:\n${kwota.log().slice(-2000)}`);
    let stopped: Promise<number | null> | null = null;
    if (moment === 'duringShutdown') {
      stopped = kwota.stop();
      this.#closeGate();
      await pause(this.#random.below(120));
    }
    const killed = kwota.kill();
    if (stopped === null) this.#closeGate();
    await killed;
    // Either it was done before the second blow, or it was not.
    const code = await stopped;
    if (code !== null && code !== 0) this.#complain(`SIGTERM ended it with ${code}`);
    this.#readLog(kwota);
  }

  /** Resolves at the so-manieth answer from now on, in the turn in which it came. */
  async #answers(count: number): Promise<void> {
    const enough = Promise.withResolvers<undefined>();
    let missing = count;
    this.#onAnswer = () => {
      missing -= 1;
      if (missing === 0) enough.resolve(undefined);
    };
    const late = AbortSignal.timeout(ANSWERS_WITHIN_MS);
    late.onabort = () =>
      enough.reject(new Error(`${missing} of ${count} answers are missing after ${ANSWERS_WITHIN_MS} ms`));
    await enough.promise.finally(() => {
      late.onabort = null;
      this.#onAnswer = () => undefined;
    });
  }

  /** The last day: everybody works for a while and comes to rest, so that everything must be equal to the Wh. */
  async #closingTime(): Promise<void> {
    const { dataDir } = this.#options;
    const startedMs = Date.now();
    const kwota = await this.#start();
    // The usage file that a start finds may be another program's edit: it is looked at for a while before it is replaced.
    const usageFile = join(dataDir, 'energy_usage.json');
    await until('the usage file is its own', () => statSync(usageFile).mtimeMs > startedMs);
    this.#open.resolve(kwota.ocppUrl);
    await this.#answers(CHARGE_POINTS * 10);
    for (const chargePoint of this.#chargePoints) chargePoint.rest();
    await until('everybody rests', () => this.#chargePoints.every(({ isResting }) => isResting));
    const { messages } = this.#compare('at rest', readRunningStore(dataDir));
    if (messages > 0) this.#complain(`at rest there are ${messages} messages without an answer`);
    this.#closeGate();
    const code = await kwota.stop();
    if (code !== 0) this.#complain(`the last stop ended with ${code ?? 'a signal'}`);
    this.#readLog(kwota);
    const stored = readDeadStore(dataDir);
    this.#compare('after the last stop', stored);
    // What was not published yet is published before it ends: there is nobody left to wait for.
    for (const difference of compareDataFiles(dataDir, stored))
      this.#complain(`after the last stop: ${difference}`);
    await this.#start();
    await this.#filesAgree('after the last stop and a start');
  }

  async #start(): Promise<KwotaProcess> {
    const startedMs = performance.now();
    const kwota = await startKwota({ dataDir: this.#options.dataDir });
    this.#readyMs.push(performance.now() - startedMs);
    this.#running = kwota;
    return kwota;
  }

  #closeGate(): void {
    this.#open = Promise.withResolvers<string | null>();
  }

  /** The files follow the store within the publishing interval. */
  async #filesAgree(when: string): Promise<void> {
    const { dataDir } = this.#options;
    let differences: readonly string[] = [];
    const agree = () => {
      try {
        differences = compareDataFiles(dataDir, readRunningStore(dataDir));
      } catch (error) {
        differences = [String(error)];
      }
      return differences.length === 0;
    };
    await until('the files say what the store says', agree).catch(() => undefined);
    for (const difference of differences) this.#complain(`${when}: ${difference}`);
    this.#comparisons.files += 1;
  }

  #compare(when: string, stored: StoredTruth): { messages: number; stored: number } {
    const { problems, outstanding } = compareWithLedgers(this.#ledger(), stored);
    for (const problem of problems) this.#complain(`${when}: ${problem}`);
    this.#comparisons.store += 1;
    return outstanding;
  }

  #ledger() {
    return this.#chargePoints.flatMap(({ ledger }) => ledger);
  }

  #readLog(kwota: KwotaProcess): void {
    const errors = kwota.log().match(/^\S+ ERROR .*$/gm) ?? [];
    for (const line of errors) this.#complain(`the log has: ${line}`);
  }

  #complain(problem: string): void {
    this.#problems.push(problem);
  }
}

function inWords(error: unknown): string {
  if (!(error instanceof Error)) return JSON.stringify(error);
  return error.cause === undefined ? error.message : `${error.message}: ${inWords(error.cause)}`;
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
