// The traces of all chargers: a bounded ring of lines for each in memory, stored in blocks now and then. Nothing that is
// acknowledged ever waits for it, and where the disk fails it forgets instead of growing.
import { cutText, type TraceBlock, type TraceLimits, type TraceLine } from '../domain/trace.ts';
import { every, type CancelTimer, type Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import { blocksAfter, blocksBefore, packBlock, type TraceStore } from './trace-blocks.ts';
import { lengthOf, TraceRing } from './trace-ring.ts';

// Lengths are in bytes, about.

/** A longer frame is cut (see cutText): as much as the default of ocpp.maxPayload. */
const MAX_TEXT_LENGTH = 1024 * 1024;
/** Of one charger's lines in memory; above it the oldest go, until a quarter is free. */
const MAX_LENGTH_OF_CHARGER = 4 * 1024 * 1024;
/** Of all lines in memory; above it each charger's older half goes. */
const MAX_LENGTH_OF_ALL = 32 * 1024 * 1024;
/** All lines are stored, due or not, when this much is in memory. */
const FULL_LENGTH_OF_ALL = 16 * 1024 * 1024;
/** A charger's lines are stored when they are this long, in blocks of about as much … */
const BLOCK_LENGTH = 64 * 1024;
/** … or when the oldest has waited this long. */
const MAX_WAIT_MS = 30_000;
const LOOK_EVERY_MS = 1_000;
/** In one transaction: it stays short, for a commit may wait for it. */
const MAX_BLOCKS_AT_ONCE = 64;
/**
 * Stored in one look, at most: what a hundred thousand chargers say in a second of a usual day. Under a flood the ring
 * forgets lines (their seq tells of the gap) instead of taking a part of every message's time.
 */
const MAX_LENGTH_AT_ONCE = 1024 * 1024;
/** After a failed save nothing is saved for this long. */
const PAUSE_AFTER_FAILURE_MS = 30_000;
/** Of the lines that one read returns. */
const MAX_LENGTH_READ = 32 * 1024 * 1024;
/** A disk that hangs must not hold up the end of the program. */
const CLOSE_WAIT_MS = 2_000;

/** The lines of a charger that are not stored yet, without a gap. */
interface Waiting {
  readonly ring: TraceRing;
  /** When the first of the lines came, or one before it. */
  sinceMs: number;
}

export interface TracesParts {
  readonly store: TraceStore;
  readonly limits: TraceLimits;
  /** False: they stay in memory, and end with the process. */
  readonly isStored: boolean;
  readonly clock: Clock;
  readonly log: Log;
}

export interface TraceRange {
  readonly afterSeq?: number;
  readonly limit?: number;
}

export class Traces {
  readonly #parts: TracesParts;
  /** Those first that were stored longest ago. */
  readonly #waiting = new Map<string, Waiting>();
  /** Of the chargers that have not been heard since the start. */
  readonly #storedSeqs: ReadonlyMap<string, number>;
  readonly #cancelLooks: CancelTimer;
  #length = 0;
  #saving: Promise<void> | null = null;
  #failedAtMs: number | null = null;
  #droppedSinceFailure = 0;

  /** Throws what the store throws when it cannot be read. */
  constructor(parts: TracesParts) {
    this.#parts = parts;
    this.#storedSeqs = parts.store.lastTraceSeqs();
    this.#cancelLooks = parts.isStored
      ? every(parts.clock, LOOK_EVERY_MS, () => this.#look())
      : () => undefined;
  }

  add(chargePointId: string, kind: TraceLine['kind'], text: string): void {
    const { clock } = this.#parts;
    const waiting = this.#waiting.get(chargePointId) ?? this.#begin(chargePointId);
    const { ring } = waiting;
    if (ring.isEmpty) waiting.sinceMs = clock.monotonicMs();
    this.#length += ring.add(clock.now(), kind, cutText(text, MAX_TEXT_LENGTH));
    if (ring.length > MAX_LENGTH_OF_CHARGER) this.#shorten(ring, (MAX_LENGTH_OF_CHARGER / 4) * 3);
    if (this.#length > MAX_LENGTH_OF_ALL) {
      for (const one of this.#waiting.values()) this.#shorten(one.ring, one.ring.length / 2);
    }
  }

  /**
   * Oldest first, none twice, and none missing but what was dropped: the first `limit` lines after `afterSeq`, or without
   * it the newest. Fewer when they are very long, but some if there are any: read on after the last one.
   */
  async read(chargePointId: string, { afterSeq, limit = Infinity }: TraceRange): Promise<TraceLine[]> {
    // Taken before the store is asked: what is stored meanwhile leaves the ring.
    const inMemory = this.#waiting.get(chargePointId)?.ring.lines() ?? [];
    const firstInMemory = inMemory[0]?.seq ?? Number.MAX_SAFE_INTEGER;
    const page = new Page(limit);
    if (afterSeq === undefined) {
      if (!page.addAll(inMemory.reverse())) return page.lines.reverse();
      for await (const lines of blocksBefore(this.#parts.store, chargePointId, firstInMemory)) {
        if (!page.addAll([...lines].reverse())) break;
      }
      return page.lines.reverse();
    }
    if (afterSeq + 1 < firstInMemory) {
      for await (const lines of blocksAfter(this.#parts.store, chargePointId, afterSeq)) {
        if (!page.addAll(lines.filter((line) => line.seq < firstInMemory))) return page.lines;
        if ((lines.at(-1)?.seq ?? 0) >= firstInMemory) break;
      }
    }
    page.addAll(inMemory.filter((line) => line.seq > afterSeq));
    return page.lines;
  }

  /** Stores what is left, as far as the disk takes it in time. Call it before the store is closed. */
  async close(): Promise<void> {
    const { clock, isStored } = this.#parts;
    this.#cancelLooks();
    if (!isStored) return;
    const timeUp = Promise.withResolvers<undefined>();
    const cancel = clock.after(CLOSE_WAIT_MS, () => timeUp.resolve(undefined));
    await Promise.race([this.#saveRest(), timeUp.promise]);
    cancel();
  }

  #begin(chargePointId: string): Waiting {
    const waiting = { ring: new TraceRing(this.#storedSeqs.get(chargePointId) ?? 0), sinceMs: 0 };
    this.#waiting.set(chargePointId, waiting);
    return waiting;
  }

  /** Drops the oldest lines until at most this much is left. */
  #shorten(ring: TraceRing, maxLength: number): void {
    const firstSeq = ring.firstSeq;
    this.#length -= ring.shorten(maxLength);
    if (this.#failedAtMs !== null) this.#droppedSinceFailure += ring.firstSeq - firstSeq;
  }

  #look(): void {
    const nowMs = this.#parts.clock.monotonicMs();
    const isPaused = this.#failedAtMs !== null && nowMs - this.#failedAtMs < PAUSE_AFTER_FAILURE_MS;
    if (this.#saving !== null || isPaused) return;
    const isFull = this.#length > FULL_LENGTH_OF_ALL;
    const due = this.#chargersWith(
      ({ ring, sinceMs }) => isFull || ring.length >= BLOCK_LENGTH || nowMs - sinceMs >= MAX_WAIT_MS,
    );
    if (due.length > 0) void this.#save(due, MAX_LENGTH_AT_ONCE);
  }

  #chargersWith(isWanted: (waiting: Waiting) => boolean): string[] {
    const chargePointIds: string[] = [];
    // Not `for … of`: every second it would make an array of two for each charger that was ever heard.
    this.#waiting.forEach((waiting, id) => {
      if (!waiting.ring.isEmpty && isWanted(waiting)) chargePointIds.push(id);
    });
    return chargePointIds;
  }

  async #saveRest(): Promise<void> {
    await this.#saving;
    while (
      this.#length > 0 &&
      (await this.#save(
        this.#chargersWith(() => true),
        Infinity,
      ))
    );
  }

  /** Stores one block of each of these chargers; false when that failed. Never two at a time. */
  #save(chargePointIds: readonly string[], maxLength: number): Promise<boolean> {
    const saved = this.#saveOneOfEach(chargePointIds, maxLength).then(
      () => true,
      (error: unknown) => this.#failed(error),
    );
    this.#saving = saved.then(() => {
      this.#saving = null;
    });
    return saved;
  }

  async #saveOneOfEach(chargePointIds: readonly string[], maxLength: number): Promise<void> {
    let blocks: TraceBlock[] = [];
    let length = 0;
    for (const chargePointId of chargePointIds) {
      const ring = this.#waiting.get(chargePointId)?.ring;
      // Dropped meanwhile, if there are none.
      if (ring === undefined || ring.isEmpty) continue;
      const lines = ring.lines(0, BLOCK_LENGTH);
      length += lines.reduce((sum, line) => sum + lengthOf(line), 0);
      blocks.push(await packBlock(chargePointId, lines));
      if (length >= maxLength) break;
      if (blocks.length < MAX_BLOCKS_AT_ONCE) continue;
      await this.#saveBlocks(blocks);
      blocks = [];
    }
    if (blocks.length > 0) await this.#saveBlocks(blocks);
  }

  async #saveBlocks(blocks: readonly TraceBlock[]): Promise<void> {
    await this.#parts.store.saveTrace(blocks, this.#parts.limits);
    this.#succeeded();
    for (const { chargePointId, lastSeq } of blocks) {
      const waiting = this.#waiting.get(chargePointId);
      if (waiting === undefined) continue;
      this.#length -= waiting.ring.dropThrough(lastSeq);
      // To the end of the line: where not all can be stored, each has its turn.
      this.#waiting.delete(chargePointId);
      this.#waiting.set(chargePointId, waiting);
    }
  }

  #succeeded(): void {
    if (this.#failedAtMs === null) return;
    this.#parts.log.info('DATA', 'traces are stored again', { dropped: this.#droppedSinceFailure });
    this.#failedAtMs = null;
    this.#droppedSinceFailure = 0;
  }

  #failed(error: unknown): boolean {
    if (this.#failedAtMs === null) {
      const reason = error instanceof Error ? error.message : String(error);
      this.#parts.log.warn('DATA', 'traces cannot be stored; only the newest frames are kept', { reason });
    }
    this.#failedAtMs = this.#parts.clock.monotonicMs();
    return false;
  }
}

/** The lines of one answer, in the order they are added, up to its bounds. */
class Page {
  readonly lines: TraceLine[] = [];
  readonly #limit: number;
  #length = 0;

  constructor(limit: number) {
    this.#limit = limit;
  }

  /** False when it is full. */
  addAll(lines: readonly TraceLine[]): boolean {
    for (const line of lines) {
      if (this.lines.length >= this.#limit || this.#length > MAX_LENGTH_READ) return false;
      this.#length += lengthOf(line);
      this.lines.push(line);
    }
    return this.lines.length < this.#limit && this.#length <= MAX_LENGTH_READ;
  }
}
