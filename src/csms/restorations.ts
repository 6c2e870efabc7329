// What a stop has changed at a charger, so that it is put back: a profile of 0 A, a connector that was taken out of service.
import type { ChangedConnector } from '../domain/charge-point.ts';
import type { Session } from '../domain/session.ts';
import type { CancelTimer, Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Journal } from './journal.ts';
import { statusOf, type Remote } from './remote.ts';

/** The profiles that kwota sets have this id, so that one command clears what it set and nothing else. */
export const OWN_PROFILE_ID = 9001;

const AGAIN_AFTER_MS = 5 * 60_000;

/** Answers after which there is nothing left to put back: done, never there, or not a thing this charger can do. */
const DONE = {
  profile: new Set(['Accepted', 'Unknown', 'NotSupported', 'NotImplemented']),
  inoperative: new Set(['Accepted', 'Scheduled']),
} as const;

type Change = keyof ChangedConnector;

export interface RestorationParts {
  readonly journal: Journal;
  readonly remote: Remote;
  readonly clock: Clock;
  readonly log: Log;
}

export class Restorations {
  readonly #parts: RestorationParts;
  readonly #underWay = new Set<string>();
  readonly #again = new Map<string, CancelTimer>();

  constructor(parts: RestorationParts) {
    this.#parts = parts;
  }

  close(): void {
    for (const cancel of this.#again.values()) cancel();
    this.#again.clear();
  }

  /** To be on record before the change is sent: whatever happens then, it will be put back. */
  mark(chargePointId: string, connectorId: number, change: Change): void {
    this.#put(chargePointId, connectorId, change, true);
  }

  /** Puts back what no session needs any more. Outside of any handler: it sends. */
  settle(chargePointId: string): void {
    const { remote } = this.#parts;
    if (!remote.isConnected(chargePointId) || this.#underWay.has(chargePointId)) return;
    const due = this.#due(chargePointId);
    if (due.length === 0) return;
    this.#underWay.add(chargePointId);
    void this.#putBack(chargePointId, due).finally(() => {
      this.#underWay.delete(chargePointId);
      if (this.#due(chargePointId).length > 0) this.#tryAgain(chargePointId);
    });
  }

  #tryAgain(chargePointId: string): void {
    this.#again.get(chargePointId)?.();
    const retry = () => {
      this.#again.delete(chargePointId);
      this.settle(chargePointId);
    };
    this.#again.set(chargePointId, this.#parts.clock.after(AGAIN_AFTER_MS, retry));
  }

  #due(chargePointId: string): { readonly connectorId: number; readonly change: Change }[] {
    const changed = this.#parts.journal.live.chargePoint(chargePointId)?.changed ?? {};
    return Object.entries(changed)
      .flatMap(([connectorId, changes]) =>
        (Object.keys(changes) as Change[]).map((change) => ({ connectorId: Number(connectorId), change })),
      )
      .filter(({ connectorId, change }) => !this.#isNeeded(chargePointId, connectorId, change));
  }

  /** Whether a session there has to stop, or has a limit of its own, and so the change has to stay. */
  #isNeeded(chargePointId: string, connectorId: number, change: Change): boolean {
    const isFor = ({ connectorId: id, stop, limit }: Session) =>
      id === connectorId && (stop !== null || (change === 'profile' && limit !== undefined));
    return this.#parts.journal.live.runningOfChargePoint(chargePointId).some(isFor);
  }

  async #putBack(
    chargePointId: string,
    due: readonly { readonly connectorId: number; readonly change: Change }[],
  ): Promise<void> {
    const { remote, log } = this.#parts;
    for (const { connectorId, change } of due) {
      const isWanted = () => !this.#isNeeded(chargePointId, connectorId, change);
      const answer =
        change === 'profile'
          ? await remote.call(chargePointId, 'ClearChargingProfile', { id: OWN_PROFILE_ID }, isWanted)
          : await remote.call(
              chargePointId,
              'ChangeAvailability',
              { connectorId, type: 'Operative' },
              isWanted,
            );
      const status = statusOf(answer);
      log.info('COMMAND', change === 'profile' ? 'profile cleared' : 'connector put into service again', {
        charger: chargePointId,
        connector: connectorId,
        answer: status,
      });
      if (DONE[change].has(status)) this.#put(chargePointId, connectorId, change, false);
    }
  }

  #put(chargePointId: string, connectorId: number, change: Change, isChanged: boolean): void {
    const { journal } = this.#parts;
    const chargePoint = journal.live.chargePoint(chargePointId);
    if (!chargePoint) return;
    const before = chargePoint.changed?.[connectorId] ?? {};
    const ofConnector = without({ ...before, [change]: true }, isChanged ? null : change);
    const isEmpty = Object.keys(ofConnector).length === 0;
    const changed = without(
      { ...chargePoint.changed, [connectorId]: ofConnector },
      isEmpty ? String(connectorId) : null,
    );
    journal.putChargePoint({ ...chargePoint, changed });
  }
}

function without<T extends object>(from: T, name: string | null): T {
  return Object.fromEntries(Object.entries(from).filter(([key]) => key !== name)) as T;
}
