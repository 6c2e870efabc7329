// What a stop has changed at a charger, so that it is put back: a profile of 0 A, a connector that was taken out of service.
import { connectorIds, type ChangedConnector } from '../domain/charge-point.ts';
import type { Session } from '../domain/session.ts';
import type { SiteState } from '../domain/site-state.ts';
import type { CancelTimer, Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Alarms } from './alarms.ts';
import type { Journal } from './journal.ts';
import { statusOf, type Remote } from './remote.ts';

const FIRST_PROFILE_ID = 9000;

/** The profile that kwota sets on a connector: one command clears it, and nothing that others have set. */
export function ownProfileId(connectorId: number): number {
  return FIRST_PROFILE_ID + connectorId;
}

/** The last that kwota sets: connector ids go up to 64. */
export const MAX_OWN_PROFILE_ID = ownProfileId(64);

/** What was not put back is tried again after so long, then twice as long, up to the most; and whenever the charger connects. */
const AGAIN_AFTER_MS = 5 * 60_000;
const MOST_AGAIN_AFTER_MS = 60 * 60_000;

/** Nothing was sent, or the charger may have been cut off meanwhile: it is no refusal. */
const NO_ANSWER = new Set(['offline', 'cancelled', 'queueFull']);

/** Answers after which there is nothing left to put back: done, never there, or not a thing this charger can do. */
const PROFILE_DONE: ReadonlySet<string> = new Set(['Accepted', 'Unknown', 'NotSupported', 'NotImplemented']);
const DONE: Readonly<Record<Change, ReadonlySet<string>>> = {
  profile: PROFILE_DONE,
  noCurrent: PROFILE_DONE,
  inoperative: new Set(['Accepted', 'Scheduled', 'NotSupported', 'NotImplemented']),
};

type Change = keyof ChangedConnector;

interface Due {
  readonly connectorId: number;
  readonly change: Change;
}

export interface RestorationParts {
  readonly journal: Journal;
  readonly remote: Remote;
  readonly alarms: Alarms;
  readonly clock: Clock;
  readonly log: Log;
}

export class Restorations {
  readonly #parts: RestorationParts;
  readonly #underWay = new Set<string>();
  readonly #again = new Map<string, CancelTimer>();
  /** Attempts on a charger that left something undone, one after the other. */
  readonly #failures = new Map<string, number>();
  /** How often each change was marked: what was changed anew meanwhile is not put back by an older answer. */
  readonly #marks = new Map<string, number>();
  #isClosed = false;

  constructor(parts: RestorationParts) {
    this.#parts = parts;
  }

  close(): void {
    this.#isClosed = true;
    for (const cancel of this.#again.values()) cancel();
    this.#again.clear();
  }

  /** To be on record before the change is sent: whatever happens then, it will be put back. */
  mark(chargePointId: string, connectorId: number, change: Change): void {
    const key = keyOf(chargePointId, { connectorId, change });
    this.#marks.set(key, (this.#marks.get(key) ?? 0) + 1);
    this.#put(chargePointId, connectorId, change, true);
  }

  /** Puts back what no session needs any more. Outside of any handler: it sends. */
  settle(chargePointId: string): void {
    if (this.#isClosed || this.#underWay.has(chargePointId)) return;
    if (!this.#parts.remote.isConnected(chargePointId) || this.#due(chargePointId).length === 0) return;
    this.#again.get(chargePointId)?.();
    this.#again.delete(chargePointId);
    this.#underWay.add(chargePointId);
    void this.#putBackAll(chargePointId).finally(() => {
      this.#underWay.delete(chargePointId);
      if (this.#due(chargePointId).length > 0) this.#tryAgain(chargePointId);
      else this.#failures.delete(chargePointId);
    });
  }

  #tryAgain(chargePointId: string): void {
    if (this.#isClosed) return;
    const failures = this.#failures.get(chargePointId) ?? 0;
    this.#failures.set(chargePointId, failures + 1);
    const afterMs = Math.min(AGAIN_AFTER_MS * 2 ** failures, MOST_AGAIN_AFTER_MS);
    const retry = () => {
      this.#again.delete(chargePointId);
      this.settle(chargePointId);
    };
    this.#again.set(chargePointId, this.#parts.clock.after(afterMs, retry));
  }

  #due(chargePointId: string): Due[] {
    const changed = this.#parts.journal.live.chargePoint(chargePointId)?.changed ?? {};
    return Object.entries(changed)
      .flatMap(([connectorId, changes]) =>
        (Object.keys(changes) as Change[]).map((change) => ({ connectorId: Number(connectorId), change })),
      )
      .filter((due) => !this.#isNeeded(chargePointId, due));
  }

  /** Whether a session there has to stop, or has a limit of its own, or somebody wishes it, and so the change has to stay. */
  #isNeeded(chargePointId: string, { connectorId, change }: Due): boolean {
    const { live } = this.#parts.journal;
    const outOfService = live.chargePoint(chargePointId)?.outOfService ?? [];
    // Somebody wants it so by now: the wish outlives the stop.
    if (change === 'inoperative' && [0, connectorId].some((id) => outOfService.includes(id))) return true;
    return live.runningOfChargePoint(chargePointId).some((session) => {
      const isThere = session.connectorId === connectorId || connectorOf(session, live) === connectorId;
      return isThere && (session.stop !== null || (change === 'profile' && session.limit !== undefined));
    });
  }

  /** Each thing once, those included that become due on the way. */
  async #putBackAll(chargePointId: string): Promise<void> {
    const tried = new Set<string>();
    const turnOf = (due: Due) => {
      const key = keyOf(chargePointId, due);
      return `${key} ${this.#marks.get(key) ?? 0}`;
    };
    for (;;) {
      const due = this.#due(chargePointId).find((one) => !tried.has(turnOf(one)));
      if (!due) return;
      const turn = turnOf(due);
      tried.add(turn);
      const status = await this.#putBack(chargePointId, due);
      if (this.#isClosed) return;
      const isDone = DONE[due.change].has(status);
      if (isDone && turnOf(due) === turn) this.#put(chargePointId, due.connectorId, due.change, false);
      this.#tell(chargePointId, due, status, isDone);
    }
  }

  async #putBack(chargePointId: string, due: Due): Promise<string> {
    const { remote } = this.#parts;
    const { connectorId, change } = due;
    const isWanted = () => !this.#isNeeded(chargePointId, due);
    if (change === 'inoperative') {
      const payload = { connectorId, type: 'Operative' } as const;
      return statusOf(await remote.call(chargePointId, 'ChangeAvailability', payload, isWanted));
    }
    const payload = { id: ownProfileId(connectorId) };
    return statusOf(await remote.call(chargePointId, 'ClearChargingProfile', payload, isWanted));
  }

  #tell(chargePointId: string, due: Due, answer: string, isDone: boolean): void {
    const { alarms, log } = this.#parts;
    const { connectorId, change } = due;
    const isProfile = change !== 'inoperative';
    const what = isProfile ? 'clear the charging profile' : 'put the connector into service again';
    log.info('COMMAND', what, { charger: chargePointId, connector: connectorId, answer });
    const alarmId = `restore/${keyOf(chargePointId, due)}`;
    if (isDone) alarms.clear(alarmId, 'COMMAND');
    else if (!NO_ANSWER.has(answer)) {
      const state = isProfile ? 'may still have the charging profile of' : 'is still out of service after';
      alarms.raise(
        alarmId,
        'COMMAND',
        `${chargePointId} connector ${connectorId} ${state} a stop (answer: ${answer}); it is tried again within the hour`,
      );
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

const FIRST_CONNECTOR = 1;

/** The connector that a session charges on; null where the charger has several and has not said which (taken over). */
export function connectorOf({ chargePointId, connectorId }: Session, live: SiteState): number | null {
  if (connectorId !== 0) return connectorId;
  const known = connectorIds(live.chargePoint(chargePointId));
  return known.length <= 1 ? (known[0] ?? FIRST_CONNECTOR) : null;
}

function keyOf(chargePointId: string, { connectorId, change }: Due): string {
  return `${chargePointId}/${connectorId}/${change}`;
}

function without<T extends object>(from: T, name: string | null): T {
  return Object.fromEntries(Object.entries(from).filter(([key]) => key !== name)) as T;
}
