// RemoteStartTransactions and the sessions that came of them: tied together softly, by card, connector and time. In memory.
import { canonicalIdTag } from '../../domain/id-tag.ts';
import type { Clock } from '../../runtime/clock.ts';
import type { Log } from '../../runtime/log.ts';
import { sessionId } from '../../domain/session.ts';
import type { Journal } from '../journal.ts';
import { statusOf } from '../remote.ts';
import type { Users } from '../users.ts';
import type { ChargingProfiles } from './charging-profiles.ts';
import { isUncertain, type Command, type Effect, type Payload } from './command.ts';
import type { StartedOn } from './reservations.ts';

/** A car has to be plugged in first: chargers wait up to two minutes and more (Zaptec). */
const STARTS_WITHIN_MS = 5 * 60_000;
/** Starts asked for at one charger that are waited for at once. */
const MAX_AWAITED = 20;

interface AwaitedStart {
  readonly command: Command;
  readonly askedMs: number;
  transactionId: number | null;
  readonly listeners: Set<(transactionId: number) => void>;
}

export interface RemoteStartParts {
  readonly journal: Journal;
  readonly users: Users;
  readonly profiles: ChargingProfiles;
  readonly clock: Clock;
  readonly log: Log;
}

export class RemoteStarts {
  readonly #parts: RemoteStartParts;
  readonly #awaited = new Map<string, AwaitedStart[]>();

  constructor(parts: RemoteStartParts) {
    this.#parts = parts;
  }

  readonly remoteStartTransaction: Effect = {
    complete: ({ payload }) => this.#complete(payload),
    sending: (command) => {
      const { chargePointId } = command;
      const start = { command, askedMs: this.#nowMs(), transactionId: null, listeners: new Set<never>() };
      this.#awaited.set(chargePointId, [...this.#of(chargePointId), start].slice(-MAX_AWAITED));
    },
    ended: (command, answer) => {
      if (statusOf(answer) !== 'Accepted' && !isUncertain(answer)) this.#forget(command);
    },
  };

  /** A StartTransaction: the session is marked if somebody asked for it, in whatever spelling its card comes back. */
  started({ chargePointId, connectorId, idTag, transactionId }: StartedOn): void {
    const { journal, log } = this.#parts;
    const session = journal.live.session(sessionId({ chargePointId, transactionId }));
    if (!session || session.startedBy !== undefined) return;
    const alike = this.#of(chargePointId).filter(
      ({ command, transactionId: known }) =>
        known === null && canonicalIdTag(String(command.payload['idTag'])) === canonicalIdTag(idTag),
    );
    const start = alike.find(({ command }) => command.payload['connectorId'] === connectorId) ?? alike[0];
    if (!start) return;
    const { who } = start.command;
    start.transactionId = transactionId;
    journal.putSession({ ...session, startedBy: who });
    log.info('TRANSACTION', 'it was started from here', {
      charger: chargePointId,
      transaction: transactionId,
      who,
    });
    for (const tell of start.listeners) tell(transactionId);
  }

  /** The transaction that came of the last RemoteStartTransaction of this card; null when none comes in time. */
  whenStarted(chargePointId: string, idTag: string, withinMs: number): Promise<number | null> {
    const start = this.#of(chargePointId).findLast(
      ({ command }) => canonicalIdTag(String(command.payload['idTag'])) === canonicalIdTag(idTag),
    );
    if (!start) return Promise.resolve(null);
    if (start.transactionId !== null) return Promise.resolve(start.transactionId);
    return new Promise((resolve) => {
      const settle = (transactionId: number | null) => {
        cancel();
        start.listeners.delete(settle);
        resolve(transactionId);
      };
      const cancel = this.#parts.clock.after(withinMs, () => settle(null));
      start.listeners.add(settle);
    });
  }

  /** The card as users1.csv has it: some chargers take no other spelling (Alfen). A profile by its name. */
  #complete(payload: Payload): Payload | string {
    const { users, profiles } = this.#parts;
    const { idTag, chargingProfile } = payload;
    const known = typeof idTag === 'string' ? users.find(idTag) : null;
    const spelled = known ? { ...payload, idTag: known.idTag } : payload;
    if (chargingProfile === undefined) return spelled;
    const profile = profiles.forStart(chargingProfile);
    return typeof profile === 'string' ? profile : { ...spelled, chargingProfile: profile };
  }

  /** Those that are still waited for, or came lately. */
  #of(chargePointId: string): AwaitedStart[] {
    const sinceMs = this.#nowMs() - STARTS_WITHIN_MS;
    return (this.#awaited.get(chargePointId) ?? []).filter(({ askedMs }) => askedMs >= sinceMs);
  }

  #forget(command: Command): void {
    const left = this.#of(command.chargePointId).filter((one) => one.command !== command);
    this.#awaited.set(command.chargePointId, left);
  }

  #nowMs(): number {
    return this.#parts.clock.monotonicMs();
  }
}
