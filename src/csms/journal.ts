// Between memory and disk: changes are applied to memory at once, handed to the store together, and shown when durable.
import type { ChargePoint } from '../domain/charge-point.ts';
import type { Entry } from '../domain/entry.ts';
import type { Reading } from '../domain/reading.ts';
import type { RecordKind, RecordVersion } from '../domain/record.ts';
import { sessionId, type Session } from '../domain/session.ts';
import type { SiteState } from '../domain/site-state.ts';
import type { Log } from '../runtime/log.ts';
import { atEndOfTurn } from '../runtime/turn.ts';

/**
 * What the journal needs of the store: it resolves when the change and all before it are durable. From its closing on it rejects
 * with the code `closed`.
 */
export interface Committer {
  commit(change: { records: readonly RecordVersion[]; readings: readonly Reading[] }): Promise<void>;
}

export interface DurableChange {
  readonly records: readonly RecordVersion[];
  readonly readings: readonly Reading[];
}

export interface JournalParts {
  readonly store: Committer;
  /** This machine, as it signs its record versions. */
  readonly node: string;
  /** Everything that was handled: decisions are made by it. */
  readonly live: SiteState;
  /** Everything that is on disk: only this is shown. */
  readonly durable: SiteState;
  /** What was loaded at start: versions count on from it. */
  readonly loaded: readonly RecordVersion[];
  /** The seq of the newest reading stored; 0 when there is none. */
  readonly lastReadingSeq: number;
  readonly log: Log;
}

interface Version {
  epoch: number;
  rev: number;
}

/** Changes that are on their way to the store. */
interface Pending {
  readonly records: RecordVersion[];
  readonly readings: Reading[];
  readonly committed: PromiseWithResolvers<undefined>;
  /** Somebody waits for them. */
  isAwaited: boolean;
}

/** All changes go through here; whatever one message changes is in one commit. */
export class Journal {
  readonly live: SiteState;
  readonly durableState: SiteState;
  /** This machine. */
  readonly node: string;
  readonly #parts: Pick<JournalParts, 'store' | 'log'>;
  readonly #versions = new Map<RecordKind, Map<string, Version>>();
  readonly #epochs = new Map<string, number>();
  readonly #listeners: ((change: DurableChange) => void)[] = [];
  #pending: Pending | null = null;
  #readingSeq: number;
  #lastCommit: Promise<void> = Promise.resolve();
  #hasToldClosed = false;

  constructor(parts: JournalParts) {
    // Not the records it began with: most are kept by the states, the others are history.
    this.#parts = { store: parts.store, log: parts.log };
    this.live = parts.live;
    this.durableState = parts.durable;
    this.node = parts.node;
    this.#readingSeq = parts.lastReadingSeq;
    for (const record of parts.loaded) {
      this.#versionsOf(record.kind).set(record.id, { epoch: record.epoch, rev: record.rev });
      if (record.chargePointId !== null && record.epoch > this.#epochOf(record.chargePointId)) {
        this.#epochs.set(record.chargePointId, record.epoch);
      }
    }
  }

  /** A new connection of a charge point: what is written for it from now on outranks what was. */
  beginEpoch(chargePointId: string): void {
    this.#epochs.set(chargePointId, this.#epochOf(chargePointId) + 1);
  }

  putSession(session: Session): void {
    this.put('session', sessionId(session), session, session.chargePointId, session.user?.account ?? null);
  }

  putEntry(entry: Entry): void {
    this.put('entry', entry.id, entry, null, null);
  }

  putChargePoint(chargePoint: ChargePoint): void {
    this.put('charger', chargePoint.chargePointId, chargePoint, chargePoint.chargePointId, null);
  }

  put(
    kind: RecordKind,
    id: string,
    value: object,
    chargePointId: string | null,
    account: string | null,
  ): void {
    const version = this.#versionOf(kind, id);
    if (chargePointId !== null) version.epoch = Math.max(version.epoch, this.#epochOf(chargePointId));
    version.rev += 1;
    const { epoch, rev } = version;
    const record: RecordVersion = { kind, id, chargePointId, account, node: this.node, epoch, rev, value };
    this.live.apply(record);
    this.#change().records.push(record);
  }

  addReading(reading: Omit<Reading, 'seq'>): void {
    this.#readingSeq += 1;
    this.#change().readings.push({ seq: this.#readingSeq, ...reading });
  }

  /** Resolves when everything put so far, by anybody, is on disk. */
  durable(): Promise<void> {
    const pending = this.#pending;
    if (pending === null) return this.#lastCommit;
    if (!pending.isAwaited) {
      pending.isAwaited = true;
      // Messages that are handled together are handed over together, before the turn's end goes to the disk.
      atEndOfTurn(() => this.#flush(pending));
    }
    return pending.committed.promise;
  }

  /** Told what became durable, in the order of the commits, after `durable` (the state) has it. */
  onDurable(listener: (change: DurableChange) => void): void {
    this.#listeners.push(listener);
  }

  #versionOf(kind: RecordKind, id: string): Version {
    const versions = this.#versionsOf(kind);
    const known = versions.get(id);
    if (known) return known;
    const none = { epoch: 0, rev: 0 };
    versions.set(id, none);
    return none;
  }

  #versionsOf(kind: RecordKind): Map<string, Version> {
    const known = this.#versions.get(kind);
    if (known) return known;
    const versions = new Map<string, Version>();
    this.#versions.set(kind, versions);
    return versions;
  }

  #epochOf(chargePointId: string): number {
    return this.#epochs.get(chargePointId) ?? 0;
  }

  #change(): Pending {
    return (this.#pending ??= this.#begin());
  }

  #begin(): Pending {
    const committed = Promise.withResolvers<undefined>();
    // Whoever waits is not answered; what could not be stored is told where it is handed over.
    committed.promise.catch(() => undefined);
    const pending = { records: [], readings: [], committed, isAwaited: false };
    // What one handler or timer changes is in one commit.
    queueMicrotask(() => this.#flush(pending));
    return pending;
  }

  #flush(pending: Pending): void {
    if (this.#pending !== pending) return;
    this.#pending = null;
    const { committed } = pending;
    this.#lastCommit = committed.promise;
    this.#commit(pending).then(
      () => committed.resolve(undefined),
      (cause: unknown) => {
        committed.reject(cause);
        if (cause instanceof TypeError) this.#commitApart(pending);
        else this.#tellLost(cause);
      },
    );
  }

  async #commit(change: DurableChange): Promise<void> {
    await this.#parts.store.commit(change);
    this.#becameDurable(change);
  }

  /** A row that no store could write takes nothing with it of what others told in the same turn. They are not answered, and say it again. */
  #commitApart({ records, readings, committed }: Pending): void {
    const apart = [
      ...records.map((record) => this.#commit({ records: [record], readings: [] })),
      ...readings.map((reading) => this.#commit({ records: [], readings: [reading] })),
    ].map((one) => one.catch((cause: unknown) => this.#tellLost(cause)));
    const all = Promise.all(apart).then(() => undefined);
    if (this.#lastCommit === committed.promise) this.#lastCommit = all;
  }

  /** The store was closed, which is told once: it is so of all that comes. Or it is a row that cannot be stored at all. */
  #tellLost(cause: unknown): void {
    const isClosed = cause instanceof Error && 'code' in cause && cause.code === 'closed';
    if (isClosed && this.#hasToldClosed) return;
    this.#hasToldClosed ||= isClosed;
    const what = isClosed ? 'nothing is stored any more, or acknowledged' : 'a change was not stored';
    this.#parts.log.error('DATA', what, { cause: String(cause) });
  }

  #becameDurable(change: DurableChange): void {
    for (const record of change.records) this.durableState.apply(record);
    for (const listener of this.#listeners) listener(change);
  }
}
