// Climbs the stop ladder of each session that has to end, outside any handler, until it has ended. Who has to end is quota-enforcer.ts.
import { isRunning, sessionId, type Session, type StopRequest } from '../domain/session.ts';
import {
  isAtTheTop,
  nextRung,
  REPEATED,
  type ClimbedRung,
  type NextRung,
  type Rung,
} from '../domain/stop-ladder.ts';
import type { CancelTimer, Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Alarms } from './alarms.ts';
import type { Journal } from './journal.ts';
import { fieldsOf } from './meter-log.ts';
import type { Remote } from './remote.ts';
import type { Restorations } from './restorations.ts';
import { mayTake, takeStep } from './stop-steps.ts';

/** A session that stands still is looked at again this often: should it charge on, the climb goes on. */
const HELD_CHECK_MS = 10_000;
/** A charger that does not obey the first RemoteStopTransaction may be slow; after the second somebody is told. */
const ALARM_FROM = 2;
/** The answer that nobody waits for any more: kwota died meanwhile, or the stop was taken back. */
const LOST = 'unknown';
/** Rungs kept with a session, the newest. */
const MAX_RUNGS_KEPT = 30;

interface Climb {
  cancel: CancelTimer;
}

export interface StopLadderParts {
  readonly journal: Journal;
  readonly remote: Remote;
  readonly restorations: Restorations;
  readonly alarms: Alarms;
  readonly ladderOf: (chargePointId: string) => readonly Rung[];
  /** Whether it has stopped without a StopTransaction: not charging by its status, and the register stands still. */
  readonly standsStill: (session: Session) => boolean;
  /** A RemoteStopTransaction leaves now: from here on the charger's latency counts. */
  readonly onStopSent: (session: Session) => void;
  readonly clock: Clock;
  readonly log: Log;
}

export class StopLadders {
  readonly #parts: StopLadderParts;
  /** The next rung of each session, or the one under way. */
  readonly #climbs = new Map<string, Climb>();
  #isClosed = false;

  constructor(parts: StopLadderParts) {
    this.#parts = parts;
  }

  /** The session has to end: goes on where its ladder is. Asking again changes nothing. */
  climb(session: Session): void {
    const id = sessionId(session);
    if (this.#climbs.has(id) || this.#isClosed || !session.stop) return;
    this.#tell(session);
    this.#plan(id, this.#next(session, session.stop).waitMs);
  }

  /** It has ended, or may go on after all. */
  leave(session: Session): void {
    const { alarms, clock, journal, restorations } = this.#parts;
    const { chargePointId } = session;
    this.#cancel(sessionId(session));
    alarms.clear(alarmOf(session), 'QUOTA');
    if (journal.live.chargePoint(chargePointId)?.changed === undefined) return;
    clock.after(0, () => restorations.settle(chargePointId));
  }

  /** The charger is back: what could not be sent is sent, once what its lost connection left is answered. */
  resume(session: Session): void {
    const { clock, journal } = this.#parts;
    const id = sessionId(session);
    this.#cancel(id);
    clock.after(0, () => {
      const now = journal.live.session(id);
      if (now) this.climb(now);
    });
  }

  close(): void {
    this.#isClosed = true;
    for (const { cancel } of this.#climbs.values()) cancel();
    this.#climbs.clear();
  }

  #cancel(id: string): void {
    this.#climbs.get(id)?.cancel();
    this.#climbs.delete(id);
  }

  /** A rung is a task of its own: what is under way is answered first. */
  #plan(id: string, afterMs: number): void {
    if (this.#isClosed) return;
    const climb: Climb = { cancel: () => undefined };
    this.#climbs.set(id, climb);
    climb.cancel = this.#parts.clock.after(afterMs, () => void this.#run(id, climb));
  }

  async #run(id: string, climb: Climb): Promise<void> {
    let nextAfterMs: number | null = REPEATED.waitMs;
    try {
      nextAfterMs = await this.#climbOne(id, climb);
    } catch (cause) {
      this.#parts.log.error('QUOTA', 'a rung could not be climbed', { session: id, cause: String(cause) });
    }
    // Meanwhile it may have ended, or been planned anew when the charger came back.
    if (this.#climbs.get(id) !== climb) return;
    this.#climbs.delete(id);
    if (nextAfterMs !== null) this.#plan(id, nextAfterMs);
  }

  #next(session: Session, { climbed, sinceMs }: StopRequest): NextRung {
    const { ladderOf, clock } = this.#parts;
    const progress = { climbed, sinceMs, rungs: session.stopRungs ?? [] };
    return nextRung(ladderOf(session.chargePointId), progress, clock.now());
  }

  /** Resolves with the wait until the next rung, or null when there is none to plan. */
  async #climbOne(id: string, climb: Climb): Promise<number | null> {
    const { journal, remote, alarms, standsStill } = this.#parts;
    const session = journal.live.session(id);
    if (!session?.stop || !isRunning(session)) return null;
    // Nothing reaches a charger that is away: the ladder waits until it is back (resume).
    if (!remote.isConnected(session.chargePointId)) return null;
    if (session.stop.climbed > 0 && standsStill(session)) {
      alarms.clear(alarmOf(session), 'QUOTA');
      return HELD_CHECK_MS;
    }
    const next = this.#next(session, session.stop);
    if (!mayTake(next.step, session, journal)) {
      this.#tell(session, `${next.step} waits until no other connector has a session`);
      return HELD_CHECK_MS;
    }
    const before = { session, stop: session.stop };
    const rung = this.#begin(before, next);
    const isWanted = () => {
      const now = journal.live.session(id);
      return now ? this.#climbs.get(id) === climb && now.stop !== null && isRunning(now) : false;
    };
    const answer = await takeStep(next.step, session, this.#parts, isWanted);
    if (this.#isClosed) return null;
    if (answer === null) this.#notSent(id, rung, next);
    else this.#answered(id, rung, answer);
    const now = journal.live.session(id);
    if (!now?.stop || !isRunning(now)) return null;
    if (this.#climbs.get(id) === climb) this.#tell(now);
    return answer === null ? HELD_CHECK_MS : this.#next(now, now.stop).waitMs;
  }

  /** On record before it is sent. */
  #begin({ session, stop }: { session: Session; stop: StopRequest }, next: NextRung): ClimbedRung {
    const { journal, onStopSent, clock, log } = this.#parts;
    const { step, climbed } = next;
    const rung: ClimbedRung = { step, atMs: clock.now(), answer: null };
    // The same rung again: kwota died before it was answered.
    const earlier = (session.stopRungs ?? []).map((one) =>
      one.answer === null ? { ...one, answer: LOST } : one,
    );
    const stopRungs = [...earlier, rung].slice(-MAX_RUNGS_KEPT);
    journal.putSession({ ...session, stop: { ...stop, climbed }, stopRungs });
    log.info('COMMAND', `stop: ${step}`, { ...fieldsOf(session), reason: stop.reason, attempt: climbed });
    if (step === 'remoteStop') onStopSent(session);
    return rung;
  }

  /** The charger went away, or has too much to do: the rung does not count. */
  #notSent(id: string, rung: ClimbedRung, { climbed }: NextRung): void {
    const { journal, log } = this.#parts;
    const session = journal.live.session(id);
    if (!session?.stopRungs?.includes(rung)) return;
    const { stop } = session;
    const isLast = stop?.climbed === climbed && session.stopRungs.at(-1) === rung;
    const stopRungs = session.stopRungs.filter((one) => one !== rung);
    journal.putSession({ ...session, stopRungs, stop: isLast ? { ...stop, climbed: climbed - 1 } : stop });
    log.info('COMMAND', `stop: ${rung.step} was not sent`, fieldsOf(session));
  }

  #answered(id: string, rung: ClimbedRung, answer: string): void {
    const { journal, log } = this.#parts;
    const session = journal.live.session(id);
    if (!session) return;
    const stopRungs = (session.stopRungs ?? []).map((one) => (one === rung ? { ...rung, answer } : one));
    journal.putSession({ ...session, stopRungs });
    log.info('COMMAND', `stop: ${rung.step} answered`, { ...fieldsOf(session), answer });
  }

  /** Tells the operator of a session that was asked more than once and has not ended. */
  #tell(session: Session, what?: string): void {
    const { alarms, ladderOf } = this.#parts;
    const { chargePointId, connectorId, transactionId, idTag, stop } = session;
    if (!stop || stop.climbed < ALARM_FROM) return;
    const last = session.stopRungs?.findLast((one) => one.answer !== null);
    const isLast = isAtTheTop(ladderOf(chargePointId), stop.climbed);
    const then = isLast
      ? 'nothing is left to try, it is asked again every few minutes'
      : 'the next step follows';
    alarms.raise(
      alarmOf(session),
      'QUOTA',
      `${chargePointId} connector ${connectorId} does not stop transaction ${transactionId} of ${idTag} ` +
        `(${stop.reason}): ${last ? `${last.step} was answered ${last.answer ?? ''}, ` : ''}${what ?? then}`,
    );
  }
}

function alarmOf(session: Session): string {
  return `stop/${sessionId(session)}`;
}
