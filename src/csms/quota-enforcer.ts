// Makes sessions end that may not go on: RemoteStopTransaction, outside any handler, again until the session has ended.
import { isRunning, sessionId, type Session } from '../domain/session.ts';
import type { CancelTimer, Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Journal } from './journal.ts';
import type { Quotas } from './quotas.ts';
import { fieldsOf } from './sessions.ts';
import type { Users } from './users.ts';

/** Waits between the first attempts; from then on the last one again and again. */
const RETRY_AFTER_MS = [15_000, 30_000, 60_000] as const;
const LAST_RETRY_MS = 60_000;

/** What became of a RemoteStopTransaction: the charger's answer in words; the end itself is the charger's StopTransaction. */
export interface RemoteControl {
  isConnected(chargePointId: string): boolean;
  remoteStop(chargePointId: string, transactionId: number): Promise<string>;
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
  readonly #timers = new Map<string, CancelTimer>();
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
    for (const cancel of this.#timers.values()) cancel();
    this.#timers.clear();
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
    if (reason !== null && !this.#timers.has(id)) this.#plan(id, 0);
  }

  #forget(id: string): void {
    this.#timers.get(id)?.();
    this.#timers.delete(id);
  }

  /** The attempt is a task of its own: what is under way is answered first. */
  #plan(id: string, afterMs: number): void {
    if (this.#isClosed) return;
    this.#timers.set(
      id,
      this.#parts.clock.after(afterMs, () => {
        this.#attempt(id).catch((cause: unknown) => {
          this.#parts.log.error('QUOTA', 'stop attempt failed', { session: id, cause: String(cause) });
          this.#plan(id, LAST_RETRY_MS);
        });
      }),
    );
  }

  async #attempt(id: string): Promise<void> {
    const { journal, remote, log } = this.#parts;
    const session = journal.live.session(id);
    if (!session?.stop || !isRunning(session)) {
      this.#forget(id);
      return;
    }
    // Nothing reaches a charger that is away: the attempt is made when it is back (reviewChargePoint).
    if (!remote.isConnected(session.chargePointId)) {
      this.#forget(id);
      return;
    }
    const attempts = session.stop.attempts + 1;
    journal.putSession({ ...session, stop: { ...session.stop, attempts } });
    this.#plan(id, RETRY_AFTER_MS[attempts - 1] ?? LAST_RETRY_MS);
    log.info('COMMAND', 'RemoteStopTransaction', {
      ...fieldsOf(session),
      reason: session.stop.reason,
      attempt: attempts,
    });
    const answer = await remote.remoteStop(session.chargePointId, session.transactionId);
    log.info('COMMAND', 'RemoteStopTransaction answered', { ...fieldsOf(session), answer });
  }
}
