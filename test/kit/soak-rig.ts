// A site that is soaked: many charge points on bad lines, a server that is killed again and again, and the books of both sides
// compared at the end, to the Wh.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { totalWh } from '../../src/domain/energy.ts';
import { compareDataFiles } from './data-files-comparison.ts';
import { startKwota, type KwotaProcess } from './kwota-process.ts';
import { seededRandom } from './seeded-random.ts';
import { SoakChargePoint, type Fault, type SoakSession, type SoakSite } from './soak-charge-point.ts';
import { readDeadStore, type StoredTruth } from './stored-truth.ts';
import { until } from './until.ts';

export interface SoakOptions {
  /** An empty folder. */
  readonly dataDir: string;
  readonly chargers: number;
  readonly durationMs: number;
  readonly killEveryMs: number;
  readonly thinkMs: number;
  readonly seed: number;
  /** Told at each kill, for those who wait. */
  readonly onKill?: (progress: SoakProgress) => void;
}

export interface SoakProgress {
  readonly kills: number;
  readonly answered: number;
  readonly sessions: number;
  /** Of the server that is about to be killed. */
  readonly residentMiB: number;
}

export interface SoakReport {
  readonly kills: number;
  readonly answered: Readonly<Record<string, number>>;
  readonly faults: Readonly<Record<string, number>>;
  readonly sessions: number;
  /** By the charge points' own books, and by kwota's. */
  readonly ledgerWh: number;
  readonly storedWh: number;
  readonly readyMs: readonly number[];
  /** What should not be; empty when all is well. */
  readonly problems: readonly string[];
}

const MAX_PROBLEMS = 20;
const REST_WITHIN_MS = 180_000;
const KIB_PER_MIB = 1024;

export async function soak(options: SoakOptions): Promise<SoakReport> {
  return new SoakRig(options).run();
}

class SoakRig implements SoakSite {
  readonly #options: SoakOptions;
  readonly #chargePoints: readonly SoakChargePoint[];
  readonly #answered: Record<string, number> = {};
  readonly #faults: Record<string, number> = {};
  readonly #readyMs: number[] = [];
  readonly #problems: string[] = [];
  #kills = 0;
  #open = Promise.withResolvers<string | null>();

  constructor(options: SoakOptions) {
    this.#options = options;
    const { chargers, seed, thinkMs, dataDir } = options;
    // Fewer cards than chargers: most of them charge at several at once.
    const idTags = Array.from({ length: Math.max(1, Math.floor(chargers / 2)) }, (_, n) => `TAG${n + 1}`);
    const rows = idTags.map(
      (idTag, n) => `${idTag},User,${n + 1},1000000,${n % 2 === 0 ? 'TRUE' : 'FALSE'}\n`,
    );
    const header = 'id_tag,header name,surname,quota_kwh,unlimited\n';
    writeFileSync(join(dataDir, 'users1.csv'), header + rows.join(''));
    this.#chargePoints = Array.from({ length: chargers }, (_, n) => {
      const random = seededRandom(seed + 1000 * (n + 1));
      return new SoakChargePoint({ id: `CP${n + 1}`, idTags, site: this, random, thinkMs });
    });
  }

  address(): Promise<string | null> {
    return this.#open.promise;
  }

  answered(action: string): void {
    this.#answered[action] = (this.#answered[action] ?? 0) + 1;
  }

  happened(fault: Fault): void {
    this.#faults[fault] = (this.#faults[fault] ?? 0) + 1;
  }

  complain(problem: string): void {
    this.#problems.push(problem);
  }

  async run(): Promise<SoakReport> {
    const working = this.#chargePoints.map((chargePoint) => chargePoint.run());
    let stored: StoredTruth | null = null;
    try {
      await this.#killAgainAndAgain();
      stored = await this.#closingTime();
    } catch (error) {
      this.complain(String(error));
    } finally {
      this.#open.resolve(null);
      await Promise.all(working);
    }
    const sessions = this.#sessions();
    return {
      kills: this.#kills,
      answered: this.#answered,
      faults: this.#faults,
      sessions: sessions.length,
      ledgerWh: sessions.reduce((sum, one) => sum + one.meterStopWh - one.meterStartWh, 0),
      storedWh: (stored?.sessions ?? []).reduce((sum, one) => sum + totalWh(one.energyByDay), 0),
      readyMs: this.#readyMs,
      problems: this.#problems.slice(0, MAX_PROBLEMS),
    };
  }

  async #killAgainAndAgain(): Promise<void> {
    const { durationMs, killEveryMs, onKill } = this.#options;
    // Of working servers: how long the starts take on a busy machine makes no difference.
    let leftMs = durationMs;
    while (leftMs > 0 && this.#problems.length === 0) {
      const kwota = await this.#start();
      await pause(Math.min(killEveryMs, leftMs));
      leftMs -= killEveryMs;
      const answered = Object.values(this.#answered).reduce((sum, count) => sum + count, 0);
      const residentMiB = residentMiBOf(kwota.pid);
      this.#open = Promise.withResolvers<string | null>();
      await kwota.kill();
      this.#kills += 1;
      this.#readLog(kwota);
      onKill?.({ kills: this.#kills, answered, sessions: this.#sessions().length, residentMiB });
    }
  }

  /** Everybody ends what is under way; then the server is stopped, and everything must be equal. */
  async #closingTime(): Promise<StoredTruth> {
    const { dataDir } = this.#options;
    const kwota = await this.#start();
    for (const chargePoint of this.#chargePoints) chargePoint.rest();
    const areResting = () => this.#chargePoints.every(({ isResting }) => isResting);
    await until('everybody rests', areResting, REST_WITHIN_MS).finally(() => this.#readLog(kwota));
    const code = await kwota.stop();
    if (code !== 0) this.complain(`the stop ended with ${code ?? 'a signal'}`);
    const stored = readDeadStore(dataDir);
    for (const problem of compareSessions(this.#sessions(), stored)) this.complain(problem);
    for (const difference of compareDataFiles(dataDir, stored)) this.complain(difference);
    return stored;
  }

  async #start(): Promise<KwotaProcess> {
    const startedMs = performance.now();
    const kwota = await startKwota({ dataDir: this.#options.dataDir });
    this.#readyMs.push(performance.now() - startedMs);
    this.#open.resolve(kwota.ocppUrl);
    return kwota;
  }

  #sessions(): SoakSession[] {
    return this.#chargePoints.flatMap(({ sessions }) => sessions);
  }

  #readLog(kwota: KwotaProcess): void {
    for (const line of kwota.log().match(/^\S+ ERROR .*$/gm) ?? []) this.complain(`the log has: ${line}`);
  }
}

/** Registers only rise, so charge point and meterStart name a session. */
function compareSessions(
  ledger: readonly SoakSession[],
  { sessions, entries, readings }: StoredTruth,
): string[] {
  const problems: string[] = [];
  if (entries.length > 0) problems.push(`usage was corrected by nobody: ${JSON.stringify(entries)}`);
  const stored = new Map(
    sessions.map((one) => [`${one.chargePointId} from ${one.meterStartWh ?? 'nowhere'} Wh`, one]),
  );
  if (stored.size !== sessions.length) problems.push('some sessions are there twice');
  for (const own of ledger) {
    const name = `${own.chargePointId} from ${own.meterStartWh} Wh`;
    const found = stored.get(name);
    stored.delete(name);
    const expected = `${own.transactionId ?? ''} ${own.idTag} ${own.meterStopWh - own.meterStartWh} Wh meterStop`;
    const actual = found
      ? `${found.transactionId} ${found.idTag} ${totalWh(found.energyByDay)} Wh ${found.end?.evidence ?? 'running'}`
      : 'gone';
    if (actual !== expected) problems.push(`${name}: ${actual}, not ${expected}`);
  }
  for (const name of stored.keys()) problems.push(`${name}: nobody charged this`);
  const told = readings.map(
    (one) => `${one.chargePointId} ${one.transactionId ?? ''} ${one.registerWh ?? ''}`,
  );
  if (new Set(told).size !== told.length) problems.push('some readings are there twice');
  return problems;
}

function residentMiBOf(pid: number): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Math.round(Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1]) / KIB_PER_MIB);
}
