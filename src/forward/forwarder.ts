// Sends what waits, in the order of each charger, several chargers at once; after a failure one attempt at a time.
// Nothing that a charger waits for waits for this.
import { createHash } from 'node:crypto';
import type { Reading } from '../domain/reading.ts';
import { readingIdText } from '../domain/reading-id.ts';
import type { CancelTimer, Clock, EpochMs } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import { Backoff } from './backoff.ts';
import { MAX_PARKED, type Kept, type Parking } from './parking.ts';
import type { ForwardBooks } from './ports.ts';
import type { ForwardQueue, Parcel } from './queue.ts';
import type { Outcome, Sender } from './sender.ts';

/** Requests on their way at the same time, each of another charger. */
const MAX_AT_ONCE = 8;
/** Failing for so long needs a person; a refusal of who asks does at once. */
const ALARM_AFTER_MS = 5 * 60_000;
const TELL_EVERY_MS = 5 * 60_000;
const KEY_LENGTH = 32;

export interface ForwarderParts {
  readonly queue: ForwardQueue;
  readonly books: ForwardBooks;
  readonly parking: Parking;
  readonly sender: Pick<Sender, 'send' | 'close'>;
  /** The record as the external API gets it; plain JSON data. */
  readonly recordOf: (reading: Reading) => object;
  /** Whether several readings go as a list; else each goes as one object. */
  readonly isInBatches: boolean;
  readonly longestPauseMs: number;
  readonly random: () => number;
  readonly alarms: ForwardAlarms;
  /** How long each request took. */
  readonly onAttempt: (ms: number, isDelivered: boolean) => void;
  readonly clock: Clock;
  readonly log: Log;
}

export interface ForwardAlarms {
  raise(id: string, tag: 'FORWARD', message: string): void;
  clear(id: string, tag: 'FORWARD'): void;
}

export interface ForwarderStatus {
  readonly pausedBy: string | null;
  readonly queued: number;
  readonly oldestMs: EpochMs | null;
  readonly parked: number;
  readonly delivered: number;
  readonly lastDeliveredMs: EpochMs | null;
  /** Null once it works again. */
  readonly lastError: { readonly atMs: EpochMs; readonly reason: string } | null;
  /** When it is tried again; null: nothing is waited for. */
  readonly nextTryMs: EpochMs | null;
}

/** What is sent as one request. */
type Load =
  | { readonly kind: 'parcel'; readonly parcel: Parcel; readonly round: number }
  | { readonly kind: 'parked'; readonly kept: Kept; readonly round: number };

const UNREACHED = 'forward';
const PARKED = 'forward-parked';

export class Forwarder {
  readonly #parts: ForwarderParts;
  readonly #backoff: Backoff;
  #onItsWay = 0;
  /** Counts the failures that were waited for: what was sent before the last one says nothing new when it fails too. */
  #round = 0;
  /** Since when nothing gets through, by the monotonic clock; null: it does. */
  #failingSinceMs: number | null = null;
  /** When a failure was told of last, and whether its end has to be. */
  #toldMs = -Infinity;
  #hasToTell = false;
  #nextTryMs: EpochMs | null = null;
  #cancelWait: CancelTimer = () => undefined;
  #lastError: ForwarderStatus['lastError'] = null;
  #lastDeliveredMs: EpochMs | null = null;
  #delivered = 0;
  #isClosed = false;

  constructor(parts: ForwarderParts) {
    this.#parts = parts;
    this.#backoff = new Backoff(parts.longestPauseMs, parts.random);
    this.#tellParked();
  }

  /** Goes on with what waits; to be called when something new does. */
  wake(): void {
    const { queue, parking } = this.#parts;
    while (this.#mayStart()) {
      const kept = parking.take();
      const parcel = kept === null ? queue.take() : null;
      const round = this.#round;
      if (kept !== null) void this.#send({ kind: 'parked', kept, round });
      else if (parcel !== null) void this.#send({ kind: 'parcel', parcel, round });
      else return;
    }
  }

  status(): ForwarderStatus {
    const { queue, parking } = this.#parts;
    return {
      pausedBy: queue.pausedBy,
      queued: queue.size,
      oldestMs: queue.oldestMs,
      parked: parking.list().length,
      delivered: this.#delivered,
      lastDeliveredMs: this.#lastDeliveredMs,
      lastError: this.#lastError,
      nextTryMs: this.#nextTryMs,
    };
  }

  /** What is on its way arrives; nothing else is sent until it is resumed, also after a restart. */
  pause(by: string): void {
    const { queue, log } = this.#parts;
    if (queue.pausedBy !== null) return;
    queue.setPausedBy(by);
    log.info('FORWARD', 'paused', { by });
  }

  /** Also: what is waited for after a failure is tried now. */
  resume(by: string): void {
    const { queue, log } = this.#parts;
    if (queue.pausedBy !== null) log.info('FORWARD', 'resumed', { by, queued: queue.size });
    queue.setPausedBy(null);
    this.#endWait();
  }

  /** Of the parked, those with these ids of readings, or all; returns how many are sent once more. */
  retry(ids: ReadonlySet<string> | null, by: string): number {
    const count = this.#parts.parking.retry(this.#chosen(ids));
    this.#parts.log.info('FORWARD', 'parked readings are sent again', { by, count });
    this.#tellParked();
    this.#endWait();
    return count;
  }

  drop(ids: ReadonlySet<string> | null, by: string): number {
    const count = this.#parts.parking.drop(this.#chosen(ids));
    this.#parts.log.warn('FORWARD', 'parked readings were dropped', { by, count });
    this.#tellParked();
    return count;
  }

  close(): void {
    this.#isClosed = true;
    this.#cancelWait();
    this.#parts.sender.close();
    this.#parts.queue.close();
  }

  #chosen(ids: ReadonlySet<string> | null): readonly Kept[] {
    return this.#parts.parking.list().filter(({ reading }) => ids?.has(readingIdText(reading.id)) ?? true);
  }

  #mayStart(): boolean {
    if (this.#isClosed || this.#parts.queue.pausedBy !== null || this.#nextTryMs !== null) return false;
    return this.#onItsWay < (this.#failingSinceMs === null ? MAX_AT_ONCE : 1);
  }

  async #send(load: Load): Promise<void> {
    const { sender, clock, onAttempt } = this.#parts;
    this.#onItsWay += 1;
    const { body, key } = this.#request(load);
    // After a power cut it has to be known which readings share a key, and all but one of what was delivered.
    if (!(await this.#isDurable())) return;
    const beganMs = clock.monotonicMs();
    const outcome = await sender.send(body, key);
    this.#onItsWay -= 1;
    if (this.#isClosed) return;
    onAttempt(clock.monotonicMs() - beganMs, outcome.kind === 'delivered');
    this.#settle(load, outcome);
    this.wake();
  }

  /** False: the store is closed, and so is this. */
  async #isDurable(): Promise<boolean> {
    try {
      await this.#parts.books.durable();
      return !this.#isClosed;
    } catch {
      return false;
    }
  }

  #request(load: Load): { body: string; key: string } {
    const { recordOf, isInBatches } = this.#parts;
    const readings = load.kind === 'parked' ? [load.kept.reading] : load.parcel.readings;
    const records = readings.map(recordOf);
    const ids = readings.map(({ id }) => readingIdText(id));
    // One reading alone has its own id for a key, also where it goes as a list.
    const all = createHash('sha256').update(ids.join(' ')).digest('hex').slice(0, KEY_LENGTH);
    return {
      // Several from before the batch was set to 1 are a list all the same.
      body: JSON.stringify(isInBatches || records.length > 1 ? records : records[0]),
      key: readings.length === 1 ? (ids[0] ?? '') : all,
    };
  }

  #settle(load: Load, outcome: Outcome): void {
    switch (outcome.kind) {
      case 'delivered':
        this.#arrived(load);
        break;
      case 'refused':
        this.#refused(load, outcome);
        break;
      case 'failed':
        this.#giveBack(load);
        this.#failed(load.round, outcome);
    }
  }

  #arrived(load: Load): void {
    const { queue, parking, clock } = this.#parts;
    this.#delivered += load.kind === 'parked' ? 1 : load.parcel.readings.length;
    this.#lastDeliveredMs = clock.now();
    if (load.kind === 'parked') {
      parking.delivered(load.kept);
      this.#tellParked();
    } else queue.done(load.parcel);
    this.#works();
  }

  /** The receiver is there and takes others: only this is not taken. */
  #refused(load: Load, { status, reason }: Outcome & { kind: 'refused' }): void {
    const { queue, parking, clock, log } = this.#parts;
    if (load.kind === 'parked') parking.parkAgain(load.kept, { status, reason });
    else if (load.parcel.readings.length > 1) queue.split(load.parcel);
    else if (parking.isFull) {
      this.#giveBack(load);
      const full = `${reason}; ${MAX_PARKED} readings are parked already: see kwota forward list`;
      this.#failed(load.round, { kind: 'failed', reason: full, retryAfterMs: null, isOurFault: true });
      return;
    } else {
      const [reading] = load.parcel.readings;
      parking.park(reading, { status, reason }, clock.now());
      queue.done(load.parcel);
      const { id, chargePointId } = reading;
      log.warn('FORWARD', 'a reading was refused and is parked', {
        charger: chargePointId,
        reading: readingIdText(id),
        reason,
      });
    }
    this.#tellParked();
    this.#works();
  }

  #giveBack(load: Load): void {
    if (load.kind === 'parked') this.#parts.parking.giveBack(load.kept);
    else this.#parts.queue.giveBack(load.parcel);
  }

  #works(): void {
    this.#backoff.reset();
    this.#lastError = null;
    const { alarms, clock, log, queue } = this.#parts;
    alarms.clear(UNREACHED, 'FORWARD');
    if (this.#failingSinceMs === null) return;
    const afterSeconds = Math.round((clock.monotonicMs() - this.#failingSinceMs) / 1000);
    this.#failingSinceMs = null;
    if (!this.#hasToTell) return;
    this.#hasToTell = false;
    log.info('FORWARD', 'the external API takes readings again', { afterSeconds, queued: queue.size });
  }

  #failed(round: number, { reason, retryAfterMs, isOurFault }: Outcome & { kind: 'failed' }): void {
    const { clock, alarms } = this.#parts;
    this.#lastError = { atMs: clock.now(), reason };
    if (round !== this.#round) return;
    this.#round += 1;
    const waitMs = this.#backoff.next(retryAfterMs);
    this.#nextTryMs = clock.now() + waitMs;
    this.#cancelWait = clock.after(waitMs, () => this.#endWait());
    this.#failingSinceMs ??= clock.monotonicMs();
    this.#tellFailure(reason, waitMs);
    if (isOurFault || clock.monotonicMs() - this.#failingSinceMs >= ALARM_AFTER_MS) {
      alarms.raise(UNREACHED, 'FORWARD', `readings do not get to the external API: ${reason}`);
    }
  }

  /** Now and then: one that fails every other time would fill the log. */
  #tellFailure(reason: string, waitMs: number): void {
    const { clock, log, queue } = this.#parts;
    const isDue = clock.monotonicMs() - this.#toldMs >= TELL_EVERY_MS;
    if (isDue) {
      this.#toldMs = clock.monotonicMs();
      this.#hasToTell = true;
    }
    const fields = { reason, queued: queue.size, againInMs: waitMs };
    log[isDue ? 'warn' : 'debug']('FORWARD', 'the external API takes no readings', fields);
  }

  #endWait(): void {
    this.#cancelWait();
    this.#nextTryMs = null;
    this.wake();
  }

  #tellParked(): void {
    const { alarms, parking } = this.#parts;
    const count = parking.list().filter(({ state }) => state === 'parked').length;
    if (count === 0) alarms.clear(PARKED, 'FORWARD');
    else
      alarms.raise(PARKED, 'FORWARD', `${count} refused by the external API: kwota forward list shows them`);
  }
}
