// Makes sessions end that may not go on: RemoteStopTransaction, outside any handler, again until the session has ended.
import { isRunning, sessionId, type Session } from '../domain/session.ts';
import type { CancelTimer, Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Journal } from './journal.ts';
import type { Quotas } from './quotas.ts';
import { fieldsOf } from './meter-log.ts';
import type { Users } from './users.ts';

/** Waits after the answer to the first attempts; from then on the last one again and again. */
const RETRY_AFTER_MS = [15_000, 30_000, 60_000] as const;
const LAST_RETRY_MS = 60_000;

/** What became of a RemoteStopTransaction: the charger's answer in words; the end itself is the charger's StopTransaction. */
export interface RemoteControl {
  isConnected(chargePointId: string): boolean;
  /** `isWanted` is asked when its turn comes: the session may have ended while it waited. */
  remoteStop(chargePointId: string, transactionId: number, isWanted: () => boolean): Promise<string>;
}

interface Attempt {
  cancel: CancelTimer;
}

export interface EnforcerParts {
  readonly journal: Journal;
  readonly quotas: Quotas;
  readonly users: Users;
  readonly remote: RemoteControl;
  readonly clock: Clock;
  readonly log: Log;
}

export class QuotaEnforcer {
  readonly #parts: EnforcerParts;
  /** The next attempt of each session that has to stop, or the one under way. */
  readonly #attempts = new Map<string, Attempt>();
  #isClosed = false;

  constructor(parts: EnforcerParts) {
    this.#parts = parts;
  }

  /** Something happened to a session: all that share its quota are judged anew. */
  reviewAccountOf(session: Session): void {
    const { users, quotas } = this.#parts;
    if (!isRunning(session)) this.#forget(sessionId(session));
    for (const other of quotas.runningOfAccount(users.ofSession(session), session.idTag)) this.#review(other);
  }

  /** Users, quotas or the month changed, or kwota just started. */
  reviewAll(): void {
    for (const session of [...this.#parts.journal.live.runningSessions()]) this.#review(session);
  }

  /** The charger is back: what could not be sent is sent. */
  reviewChargePoint(chargePointId: string): void {
    for (const session of this.#parts.journal.live.runningOfChargePoint(chargePointId)) {
      this.#forget(sessionId(session));
      this.#review(session);
    }
  }

  close(): void {
    this.#isClosed = true;
    for (const { cancel } of this.#attempts.values()) cancel();
    this.#attempts.clear();
  }

  #review(session: Session): void {
    const { quotas, journal, clock, log } = this.#parts;
    const id = sessionId(session);
    const reason = quotas.stopReason(session);
    if (reason === null) {
      this.#forget(id);
      if (session.stop === null) return;
      journal.putSession({ ...session, stop: null });
      log.info('QUOTA', 'may go on, no stop any more', fieldsOf(session));
    } else if (session.stop?.reason !== reason) {
      journal.putSession({
        ...session,
        stop: { reason, sinceMs: clock.now(), attempts: session.stop?.attempts ?? 0 },
      });
      log.info('QUOTA', 'has to stop', { ...fieldsOf(session), reason });
    }
    if (reason !== null && !this.#attempts.has(id)) this.#plan(id, 0);
  }

  #forget(id: string): void {
    this.#attempts.get(id)?.cancel();
    this.#attempts.delete(id);
  }

  /** The attempt is a task of its own: what is under way is answered first. */
  #plan(id: string, afterMs: number): void {
    if (this.#isClosed) return;
    const attempt: Attempt = { cancel: () => undefined };
    this.#attempts.set(id, attempt);
    attempt.cancel = this.#parts.clock.after(afterMs, () => void this.#run(id, attempt));
  }

  async #run(id: string, attempt: Attempt): Promise<void> {
    let retryAfterMs: number | null = LAST_RETRY_MS;
    try {
      retryAfterMs = await this.#attempt(id);
    } catch (cause) {
      this.#parts.log.error('QUOTA', 'stop attempt failed', { session: id, cause: String(cause) });
    }
    // Meanwhile it may have been forgotten, or planned anew when the charger came back.
    if (this.#attempts.get(id) !== attempt) return;
    this.#attempts.delete(id);
    if (retryAfterMs !== null) this.#plan(id, retryAfterMs);
  }

  /** Resolves with the wait until the next attempt, or null when there is none to plan. */
  async #attempt(id: string): Promise<number | null> {
    const { journal, remote, log } = this.#parts;
    const session = journal.live.session(id);
    if (!session?.stop || !isRunning(session)) return null;
    // Nothing reaches a charger that is away: the attempt is made when it is back (reviewChargePoint).
    if (!remote.isConnected(session.chargePointId)) return null;
    const attempt = session.stop.attempts + 1;
    journal.putSession({ ...session, stop: { ...session.stop, attempts: attempt } });
    const { reason } = session.stop;
    log.info('COMMAND', 'RemoteStopTransaction', { ...fieldsOf(session), reason, attempt });
    const answer = await remote.remoteStop(session.chargePointId, session.transactionId, () => {
      const now = journal.live.session(id);
      return now ? now.stop !== null && isRunning(now) : false;
    });
    log.info('COMMAND', 'RemoteStopTransaction answered', { ...fieldsOf(session), answer });
    return RETRY_AFTER_MS[attempt - 1] ?? LAST_RETRY_MS;
  }
}
