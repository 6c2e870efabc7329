// How much of the time each charger was connected, in the last day: by the hour, in memory, since the server started.
import type { Clock } from '../runtime/clock.ts';

const HOUR_MS = 3_600_000;
const HOURS_KEPT = 24;

interface Line {
  /** All times are the monotonic clock's. */
  readonly firstMs: number;
  /** Null: it is not connected. */
  upSinceMs: number | null;
  /** Connected milliseconds by the hour, without the connection that lasts; null: there was no other. */
  upMs: Map<number, number> | null;
}

export class Uptimes {
  readonly #clock: Clock;
  readonly #startedMs: number;
  readonly #lines = new Map<string, Line>();

  /** `known`: chargers that are expected, though they have not connected yet. */
  constructor(clock: Clock, known: Iterable<string>) {
    this.#clock = clock;
    this.#startedMs = clock.monotonicMs();
    for (const chargePointId of known) this.#lineOf(chargePointId, this.#startedMs);
  }

  connected(chargePointId: string): void {
    const nowMs = this.#clock.monotonicMs();
    this.#lineOf(chargePointId, nowMs).upSinceMs ??= nowMs;
  }

  disconnected(chargePointId: string): void {
    const line = this.#lines.get(chargePointId);
    if (typeof line?.upSinceMs !== 'number') return;
    const nowMs = this.#clock.monotonicMs();
    const upMs = (line.upMs ??= new Map<number, number>());
    addByHour(upMs, line.upSinceMs, nowMs);
    line.upSinceMs = null;
    for (const hour of upMs.keys()) if (hour < hourOf(nowMs) - HOURS_KEPT) upMs.delete(hour);
  }

  /** 0 to 1, of the last 24 full hours and this one, or since it is known; null: nothing is known of it. */
  share(chargePointId: string): number | null {
    const line = this.#lines.get(chargePointId);
    if (!line) return null;
    const nowMs = this.#clock.monotonicMs();
    const fromMs = Math.max(line.firstMs, (hourOf(nowMs) - HOURS_KEPT) * HOUR_MS);
    if (nowMs === fromMs) return line.upSinceMs === null ? 0 : 1;
    let upMs = line.upSinceMs === null ? 0 : nowMs - Math.max(line.upSinceMs, fromMs);
    for (const [hour, ms] of line.upMs ?? []) if (hour >= hourOf(nowMs) - HOURS_KEPT) upMs += ms;
    return Math.min(1, upMs / (nowMs - fromMs));
  }

  #lineOf(chargePointId: string, firstMs: number): Line {
    const known = this.#lines.get(chargePointId);
    if (known) return known;
    const line: Line = { firstMs, upSinceMs: null, upMs: null };
    this.#lines.set(chargePointId, line);
    return line;
  }
}

function hourOf(ms: number): number {
  return Math.floor(ms / HOUR_MS);
}

function addByHour(upMs: Map<number, number>, fromMs: number, toMs: number): void {
  for (let atMs = fromMs; atMs < toMs;) {
    const hour = hourOf(atMs);
    const endMs = Math.min(toMs, (hour + 1) * HOUR_MS);
    upMs.set(hour, (upMs.get(hour) ?? 0) + endMs - atMs);
    atMs = endMs;
  }
}
