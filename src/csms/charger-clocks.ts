// When things happened at a charger: by its clock where that is plausible, less the skew that its live messages have shown.
import { learnSkew, NO_SKEW, type ClockSkew } from '../domain/clock-skew.ts';
import { eventTime, parseTimestamp, type EventTime } from '../domain/timestamp.ts';
import type { Log } from '../runtime/log.ts';
import type { Journal } from './journal.ts';
import type { Quirks } from './quirks.ts';

export class ChargerClocks {
  readonly #journal: Journal;
  readonly #log: Log;
  readonly #quirks: Quirks;
  readonly #skews = new Map<string, ClockSkew>();

  constructor(journal: Journal, quirks: Quirks, log: Log) {
    this.#journal = journal;
    this.#quirks = quirks;
    this.#log = log;
  }

  /** The time of a message or sample; a missing or absurd timestamp means the server's time. */
  timeOf(chargePointId: string, timestamp: string | undefined, receivedAtMs: number): EventTime {
    const time = eventTime(timestamp, receivedAtMs, this.#skewOf(chargePointId).skewMs);
    if (!time.isPlausible) this.#quirks.seenInTime(chargePointId, timestamp, receivedAtMs);
    return time;
  }

  /** A message that was sent as it happened shows how the charger's clock goes. */
  learn(chargePointId: string, timestamp: string | undefined, receivedAtMs: number): void {
    const atMs = timestamp === undefined ? null : parseTimestamp(timestamp);
    if (atMs === null) return;
    const before = this.#skewOf(chargePointId);
    const learned = learnSkew(before, atMs, receivedAtMs);
    if (learned === before) return;
    this.#skews.set(chargePointId, learned);
    if (learned.skewMs === before.skewMs) return;
    const chargePoint = this.#journal.live.chargePoint(chargePointId);
    if (chargePoint) this.#journal.putChargePoint({ ...chargePoint, clockSkewMs: learned.skewMs });
    if (learned.skewMs !== 0) this.#quirks.seen(chargePointId, 'clock-skew', receivedAtMs);
    const minutes = learned.skewMs / 60_000;
    this.#log.warn('CONNECT', 'the clock is off by whole half hours, times are corrected', {
      charger: chargePointId,
      minutes,
    });
  }

  #skewOf(chargePointId: string): ClockSkew {
    const known = this.#skews.get(chargePointId);
    if (known) return known;
    const skewMs = this.#journal.live.chargePoint(chargePointId)?.clockSkewMs ?? 0;
    return { ...NO_SKEW, skewMs };
  }
}
