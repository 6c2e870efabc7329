// What a person decides about a charger as such: that it is one of the site's, or is to be forgotten. Its commands are elsewhere.
import type { Log } from '../runtime/log.ts';
import type { Admissions } from './admissions.ts';
import type { Alarms } from './alarms.ts';
import type { ChargePoints } from './charge-points.ts';
import type { Commissioning } from './commissioning.ts';
import type { Journal } from './journal.ts';
import { statusOf, type Remote } from './remote.ts';

export type ForgetOutcome = 'forgotten' | 'unknown' | 'connected' | 'charging';

export interface ChargerAdminParts {
  readonly journal: Journal;
  readonly admissions: Admissions;
  readonly chargePoints: ChargePoints;
  readonly commissioning: Commissioning;
  readonly alarms: Alarms;
  readonly remote: Remote;
  /** Called when a charger has been forgotten, for what else is kept of it. */
  readonly onForgotten: (chargePointId: string, by: string) => void;
  readonly log: Log;
}

export class ChargerAdmin {
  readonly #parts: ChargerAdminParts;

  constructor(parts: ChargerAdminParts) {
    this.#parts = parts;
  }

  /**
   * `inAdvance`: also one that has never connected. `by` is who approves. Resolves when it is on disk, with the id that it is
   * known by; null: it is unknown.
   */
  async approve(writtenId: string, inAdvance: boolean, by: string): Promise<string | null> {
    const { journal, admissions, chargePoints, log } = this.#parts;
    const chargePointId = chargePoints.canonicalId(writtenId);
    const known = journal.live.chargePoint(chargePointId);
    if (!known && !inAdvance) return null;
    const wasPending = known !== undefined && admissions.shown(known) === 'pending';
    if (known?.admission !== 'accepted') {
      chargePoints.approve(chargePointId);
      log.info('CONNECT', 'charger approved', { charger: chargePointId, by });
    }
    await journal.durable();
    if (wasPending && chargePoints.isConnected(chargePointId)) this.#welcome(chargePointId);
    return chargePointId;
  }

  /** Its sessions and their energy stay, and it is new when it comes back. Resolves when that is on disk. */
  async forget(chargePointId: string, by: string): Promise<ForgetOutcome> {
    const { journal, alarms, chargePoints, onForgotten, log } = this.#parts;
    if (!journal.live.chargePoint(chargePointId)) return 'unknown';
    if (chargePoints.isConnected(chargePointId)) return 'connected';
    if (journal.live.runningOfChargePoint(chargePointId).length > 0) return 'charging';
    chargePoints.forget(chargePointId);
    onForgotten(chargePointId, by);
    for (const { id } of alarms.active()) if (isAbout(id, chargePointId)) alarms.clear(id, 'CONNECT');
    log.info('CONNECT', 'charger forgotten', { charger: chargePointId, by });
    await journal.durable();
    return 'forgotten';
  }

  /** It was told to wait: asked for its boot it is told at once that it is accepted, else it asks by itself within a minute. */
  #welcome(chargePointId: string): void {
    const { commissioning, remote, log } = this.#parts;
    commissioning.connected(chargePointId);
    const payload = { requestedMessage: 'BootNotification' } as const;
    void remote.call(chargePointId, 'TriggerMessage', payload).then((answer) => {
      log.info('COMMAND', 'TriggerMessage BootNotification', {
        charger: chargePointId,
        answer: statusOf(answer),
      });
    });
  }
}

/** Alarms are called `KIND/CHARGER`, and `restore/CHARGER/CONNECTOR/CHANGE`. */
function isAbout(alarmId: string, chargePointId: string): boolean {
  const subject = alarmId.slice(alarmId.indexOf('/') + 1);
  const isOfConnector = alarmId.startsWith('restore/') && subject.startsWith(`${chargePointId}/`);
  return (
    subject === chargePointId || (isOfConnector && /^\d+\/\w+$/.test(subject.slice(chargePointId.length + 1)))
  );
}
