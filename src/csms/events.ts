// What happened, numbered and kept for a while, so that who watches can go on where he was. What is told is durable.
import type { ChargePoint } from '../domain/charge-point.ts';
import type { Entry } from '../domain/entry.ts';
import type { RecordVersion } from '../domain/record.ts';
import { isRunning, sessionId, type Session } from '../domain/session.ts';
import type { NumberedEvent, SiteEvent } from '../domain/site-event.ts';
import type { ClimbedRung } from '../domain/stop-ladder.ts';
import type { CancelTimer, Clock } from '../runtime/clock.ts';
import type { DurableChange, Journal } from './journal.ts';

/** Events kept for who comes back: some minutes of a busy site. */
export const EVENTS_KEPT = 2_000;

/** A session, charger or month that changes all the time is told of once in this time, as it is then. */
const COALESCE_MS = 1_000;

export interface EventParts {
  readonly journal: Journal;
  readonly clock: Clock;
}

interface Window {
  /** The newest that has not been told; null: all was. */
  waiting: SiteEvent | null;
  readonly cancel: CancelTimer;
}

export class Events {
  /** Tells the events of this run of the server from those of another: its numbers begin anew. */
  readonly run: string;
  readonly #parts: EventParts;
  readonly #kept: NumberedEvent[] = [];
  readonly #listeners = new Set<(event: NumberedEvent) => void>();
  readonly #windows = {
    session: new Map<string, Window>(),
    charger: new Map<string, Window>(),
    usage: new Map<string, Window>(),
  };
  /** Rungs told of each session that is being stopped. */
  readonly #rungs = new Map<string, readonly ClimbedRung[]>();
  #lastSeq = 0;

  constructor(parts: EventParts) {
    this.#parts = parts;
    const { journal, clock } = parts;
    this.run = clock.now().toString(36);
    for (const session of journal.durableState.runningSessions())
      if (session.stopRungs) this.#rungs.set(sessionId(session), session.stopRungs);
    journal.onDurable((change) => this.#becameDurable(change));
  }

  /** Tells what is no record; at once. */
  emit(event: SiteEvent): void {
    this.#lastSeq += 1;
    const numbered = { seq: this.#lastSeq, atMs: this.#parts.clock.now(), event };
    this.#kept.push(numbered);
    if (this.#kept.length > EVENTS_KEPT) this.#kept.shift();
    for (const listener of this.#listeners) listener(numbered);
  }

  /** Tells what follows from changes that are on their way to the disk, once they are there. */
  emitWhenDurable(event: SiteEvent): void {
    // At the end of the turn, so that its change stays one commit. A store that was closed has nothing more to tell.
    queueMicrotask(() => {
      this.#parts.journal.durable().then(
        () => this.emit(event),
        () => undefined,
      );
    });
  }

  /** The number of the newest event; 0 before the first. */
  lastSeq(): number {
    return this.#lastSeq;
  }

  /** What was told after `seq`, oldest first; null when some of it is no longer kept, or `seq` was never told. */
  since(seq: number): readonly NumberedEvent[] | null {
    const oldest = this.#kept[0]?.seq ?? this.#lastSeq + 1;
    if (seq < oldest - 1 || seq > this.#lastSeq) return null;
    return this.#kept.slice(seq - oldest + 1);
  }

  /** Returns what ends it. */
  subscribe(listener: (event: NumberedEvent) => void): () => void {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  }

  close(): void {
    for (const windows of Object.values(this.#windows)) {
      for (const { cancel } of windows.values()) cancel();
      windows.clear();
    }
    this.#listeners.clear();
  }

  #becameDurable({ records }: DurableChange): void {
    for (const record of records) this.#recordChanged(record);
  }

  #recordChanged({ kind, id, value }: RecordVersion): void {
    if (kind === 'session') {
      this.#tellRungs(id, value as Session);
      this.#emitLatest(this.#windows.session, id, { kind, session: value as Session });
    } else if (kind === 'charger') {
      this.#emitLatest(this.#windows.charger, id, chargerEvent(value as ChargePoint));
    } else if (kind === 'entry') this.emit({ kind, entry: value as Entry });
    else if (kind === 'publication') {
      const { month } = value as { readonly month: string };
      this.#emitLatest(this.#windows.usage, '', { kind: 'usage', month });
    }
  }

  /** At once when nothing was told of it lately; else the latest of what comes meanwhile. */
  #emitLatest(windows: Map<string, Window>, id: string, event: SiteEvent): void {
    const open = windows.get(id);
    if (open) {
      open.waiting = event;
      return;
    }
    this.emit(event);
    this.#open(windows, id);
  }

  #open(windows: Map<string, Window>, id: string): void {
    const window: Window = {
      waiting: null,
      cancel: this.#parts.clock.after(COALESCE_MS, () => {
        windows.delete(id);
        if (window.waiting === null) return;
        this.emit(window.waiting);
        this.#open(windows, id);
      }),
    };
    windows.set(id, window);
  }

  /** A version of a session has all rungs: those that are new, or were answered since, are told. */
  #tellRungs(id: string, session: Session): void {
    const { chargePointId, transactionId, stopRungs } = session;
    const told = this.#rungs.get(id);
    if (!isRunning(session)) this.#rungs.delete(id);
    else if (stopRungs) this.#rungs.set(id, stopRungs);
    // Of one that had ended, a late sample is no news of rungs.
    if (!told && !isRunning(session)) return;
    for (const rung of stopRungs ?? []) {
      if (told?.includes(rung) !== true) this.emit({ kind: 'rung', chargePointId, transactionId, rung });
    }
  }
}

function chargerEvent(chargePoint: ChargePoint): SiteEvent {
  const { chargePointId, forgottenMs } = chargePoint;
  return forgottenMs === undefined ? { kind: 'charger', chargePoint } : { kind: 'forgotten', chargePointId };
}
