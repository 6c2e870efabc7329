// Running sessions that kwota did not see begin: an alarm for each charger that has one, so that somebody looks whose it is.
import type { Session } from '../domain/session.ts';
import type { SiteState } from '../domain/site-state.ts';
import type { Alarms } from './alarms.ts';
import { UNATTRIBUTED_TAG } from './unknown-transaction.ts';

/** Raises, or ends, the alarm of the session's charger. */
export function watchAdopted(alarms: Alarms, live: SiteState, session: Session): void {
  if (session.origin !== 'adopted') return;
  const { chargePointId } = session;
  const id = `adopted/${chargePointId}`;
  const adopted = live.runningOfChargePoint(chargePointId).find((one) => one.origin === 'adopted');
  if (!adopted) alarms.clear(id, 'TRANSACTION');
  else alarms.raise(id, 'TRANSACTION', describe(adopted));
}

/** At start: sessions that were adopted before and still run. */
export function watchAllAdopted(alarms: Alarms, live: SiteState): void {
  for (const session of live.runningSessions()) watchAdopted(alarms, live, session);
}

function describe({ chargePointId, transactionId, idTag }: Session): string {
  const whose =
    idTag === UNATTRIBUTED_TAG
      ? `nobody's (on ${UNATTRIBUTED_TAG})`
      : `counted for ${idTag}, whose card was shown last`;
  return `${chargePointId} charges in transaction ${transactionId}, whose start it never told; its energy is ${whose}`;
}
