// What a person does to a session: asks for its end, or ends a stuck one on record. What the charger says still counts more.
import { isPlausible, lastReading } from '../domain/energy-account.ts';
import { isRunning, sessionId, type Session } from '../domain/session.ts';
import type { StopStep } from '../domain/stop-ladder.ts';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Journal } from './journal.ts';
import { fieldsOf } from './meter-log.ts';
import type { MeterSettings } from './meter-settings.ts';
import type { QuotaEnforcer } from './quota-enforcer.ts';
import type { Remote } from './remote.ts';
import type { Sessions } from './sessions.ts';

/** Whoever asked for a stop waits so long for the charger's answer to the first rung; the ladder goes on by itself. */
const ANSWER_WITHIN_MS = 20_000;

/**
 * asked: the last rung and its answer, null while it is awaited. offline: it is on record, and asked when the charger is
 * back. ended: no stop is needed, or not any more.
 */
export type StopOutcome =
  | { readonly kind: 'asked'; readonly step: StopStep; readonly answer: string | null }
  | { readonly kind: 'offline' | 'ended' };

/** A refused meterStop comes with the reading that it does not follow from. */
export type CloseOutcome =
  | { readonly kind: 'closed' | 'ended' }
  | { readonly kind: 'belowLast' | 'beyondPower'; readonly lastWh: number };

export interface SessionCommandParts {
  readonly journal: Journal;
  readonly sessions: Sessions;
  readonly enforcer: QuotaEnforcer;
  readonly remote: Pick<Remote, 'isConnected'>;
  readonly meterSettingsOf: (chargePointId: string) => MeterSettings;
  readonly clock: Clock;
  readonly log: Log;
}

export class SessionCommands {
  readonly #parts: SessionCommandParts;
  /** Called at each durable version of a session that somebody waits for. */
  readonly #waiting = new Map<string, Set<(session: Session) => void>>();

  constructor(parts: SessionCommandParts) {
    this.#parts = parts;
    parts.journal.onDurable(({ records }) => {
      for (const { kind, id, value } of records) {
        if (kind === 'session') for (const look of this.#waiting.get(id) ?? []) look(value as Session);
      }
    });
  }

  /** Wants the session to end, whatever its quota says; on record when this resolves. `by` is who asked. */
  async stop(session: Session, by: string): Promise<StopOutcome> {
    const { journal, enforcer, remote, clock, log } = this.#parts;
    const live = journal.live.session(sessionId(session)) ?? session;
    if (!isRunning(live)) return { kind: 'ended' };
    if (live.stop?.reason !== 'operator') {
      const climbed = live.stop?.climbed ?? 0;
      const stop = { reason: 'operator', sinceMs: clock.now(), climbed, by } as const;
      journal.putSession({ ...live, stop });
      log.info('COMMAND', 'has to stop', { ...fieldsOf(live), reason: 'operator', by });
    }
    // All of them: a session whose card lost its user is of no account.
    enforcer.reviewAll();
    await journal.durable();
    return remote.isConnected(live.chargePointId) ? this.#answerOf(sessionId(live)) : { kind: 'offline' };
  }

  /**
   * Ends the record of a stuck session with what the meter shows now, or (null) with its last sample. `by` is who did it.
   * A meterStop must follow from the last reading: what nobody can have drawn is a typing error.
   */
  async close(session: Session, meterStopWh: number | null, by: string): Promise<CloseOutcome> {
    const { journal, sessions, clock } = this.#parts;
    const live = journal.live.session(sessionId(session)) ?? session;
    if (!isRunning(live)) return { kind: 'ended' };
    const refusal = meterStopWh === null ? null : this.#refusal(live, meterStopWh, clock.now());
    if (refusal) return refusal;
    sessions.closeByHand(live, meterStopWh, by, clock.now());
    await journal.durable();
    return { kind: 'closed' };
  }

  #refusal({ account, chargePointId }: Session, meterStopWh: number, nowMs: number): CloseOutcome | null {
    const last = lastReading(account);
    if (!last) return null;
    const { maxPowerW } = this.#parts.meterSettingsOf(chargePointId);
    if (meterStopWh < last.wh) return { kind: 'belowLast', lastWh: last.wh };
    const isPossible = isPlausible(meterStopWh - last.wh, last.atMs, nowMs, maxPowerW);
    return isPossible ? null : { kind: 'beyondPower', lastWh: last.wh };
  }

  /** What came of the rung that is under way, or was climbed last; within a bound. */
  #answerOf(id: string): Promise<StopOutcome> {
    const { journal, clock } = this.#parts;
    const { promise, resolve } = Promise.withResolvers<StopOutcome>();
    const waiting = this.#waiting.get(id) ?? new Set();
    this.#waiting.set(id, waiting);
    const finish = (outcome: StopOutcome) => {
      cancelTimer();
      waiting.delete(look);
      if (waiting.size === 0) this.#waiting.delete(id);
      resolve(outcome);
    };
    const look = (session: Session | undefined) => {
      const outcome = outcomeOf(session);
      if (outcome.kind !== 'asked' || outcome.answer !== null) finish(outcome);
    };
    const cancelTimer = clock.after(ANSWER_WITHIN_MS, () =>
      finish(outcomeOf(journal.durableState.session(id))),
    );
    waiting.add(look);
    look(journal.durableState.session(id));
    return promise;
  }
}

function outcomeOf(session: Session | undefined): StopOutcome {
  if (!session || !isRunning(session)) return { kind: 'ended' };
  const last = session.stop && session.stop.climbed > 0 ? session.stopRungs?.at(-1) : undefined;
  return { kind: 'asked', step: last?.step ?? 'remoteStop', answer: last?.answer ?? null };
}
