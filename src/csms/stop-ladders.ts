// Climbs the stop ladder of each session that has to end, outside any handler, until it has ended. Who has to end is quota-enforcer.ts.
import { isRunning, sessionId, type Session } from '../domain/session.ts';
import { isAtTheTop, nextRung, REPEATED, type ClimbedRung, type Rung } from '../domain/stop-ladder.ts';
import type { CancelTimer, Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Alarms } from './alarms.ts';
import type { Journal } from './journal.ts';
import { fieldsOf } from './meter-log.ts';
import type { Remote } from './remote.ts';
import type { Restorations } from './restorations.ts';
import { takeStep } from './stop-steps.ts';

/** A session that stands still is looked at again this often: should it charge on, the climb goes on. */
const HELD_CHECK_MS = 10_000;
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
    if (this.#climbs.has(id)) return;
    const rung = nextRung(this.#parts.ladderOf(session.chargePointId), session.stop?.climbed ?? 0);
    const sinceMs = session.stopRungs?.at(-1)?.atMs ?? session.stop?.sinceMs ?? 0;
    this.#plan(id, Math.max(0, sinceMs + rung.waitMs - this.#parts.clock.now()));
  }

  /** It has ended, or may go on after all. */
  leave(session: Session): void {
    const { alarms, clock, journal, restorations } = this.#parts;
    const { chargePointId } = session;
    this.#cancel(sessionId(session));
    alarms.clear(alarmOf(session), 'QUOTA');
    if (journal.live.chargePoint(chargePointId)?.changed === undefined) return;
    clock.after(0, () => {
      if (!this.#isClosed) restorations.settle(chargePointId);
    });
  }

  /** The charger is back: what could not be sent is sent. */
  resume(session: Session): void {
    const id = sessionId(session);
    this.#cancel(id);
    this.#plan(id, 0);
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
      nextAfterMs = await this.#climbOne(id);
    } catch (cause) {
      this.#parts.log.error('QUOTA', 'a rung could not be climbed', { session: id, cause: String(cause) });
    }
    // Meanwhile it may have ended, or been planned anew when the charger came back.
    if (this.#climbs.get(id) !== climb) return;
    this.#climbs.delete(id);
    if (nextAfterMs !== null) this.#plan(id, nextAfterMs);
  }

  /** Resolves with the wait until the next rung, or null when there is none to plan. */
  async #climbOne(id: string): Promise<number | null> {
    const { journal, remote, ladderOf, standsStill, onStopSent, clock, log } = this.#parts;
    const session = journal.live.session(id);
    if (!session?.stop || !isRunning(session)) return null;
    // Nothing reaches a charger that is away: the ladder waits until it is back (resume).
    if (!remote.isConnected(session.chargePointId)) return null;
    if (session.stop.climbed > 0 && standsStill(session)) return HELD_CHECK_MS;
    const { reason, climbed } = session.stop;
    const ladder = ladderOf(session.chargePointId);
    const { step } = nextRung(ladder, climbed);
    const rung: ClimbedRung = { step, atMs: clock.now(), answer: null };
    const stopRungs = [...(session.stopRungs ?? []), rung].slice(-MAX_RUNGS_KEPT);
    journal.putSession({ ...session, stop: { ...session.stop, climbed: climbed + 1 }, stopRungs });
    log.info('COMMAND', `stop: ${step}`, { ...fieldsOf(session), reason, attempt: climbed + 1 });
    if (step === 'remoteStop') onStopSent(session);
    const isWanted = () => {
      const now = journal.live.session(id);
      return now ? now.stop !== null && isRunning(now) : false;
    };
    const answer = await takeStep(step, session, this.#parts, isWanted);
    this.#answered(id, rung, answer, isAtTheTop(ladder, climbed + 1));
    return nextRung(ladder, climbed + 1).waitMs;
  }

  #answered(id: string, rung: ClimbedRung, answer: string, isLast: boolean): void {
    const { journal, alarms, log } = this.#parts;
    const session = journal.live.session(id);
    if (!session) return;
    const stopRungs = (session.stopRungs ?? []).map((one) => (one === rung ? { ...rung, answer } : one));
    journal.putSession({ ...session, stopRungs });
    log.info('COMMAND', `stop: ${rung.step} answered`, { ...fieldsOf(session), answer });
    if (!session.stop || !isRunning(session) || session.stop.climbed < 2) return;
    const { chargePointId, connectorId, transactionId, idTag } = session;
    const what = isLast
      ? 'and nothing is left to try; it is asked again every few minutes'
      : 'the next is tried';
    alarms.raise(
      alarmOf(session),
      'QUOTA',
      `${chargePointId} connector ${connectorId} does not stop transaction ${transactionId} of ${idTag} ` +
        `(${session.stop.reason}): ${rung.step} was answered ${answer}, ${what}`,
    );
  }
}

function alarmOf(session: Session): string {
  return `stop/${sessionId(session)}`;
}
