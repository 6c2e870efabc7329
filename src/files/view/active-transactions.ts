// active_transactions.json: the running sessions by transaction id, meters in kWh.
import { lastReading } from '../../domain/energy-account.ts';
import { kWhOf } from '../../domain/energy.ts';
import type { Session } from '../../domain/session.ts';
import { fullName, type User } from '../../domain/user.ts';
import { utcTime } from './utc-time.ts';

export function renderActiveTransactions(
  running: Iterable<Session>,
  userOf: (session: Session) => User | null,
): string {
  const shown: Record<string, object> = {};
  for (const session of running) {
    const user = userOf(session);
    const startWh = session.meterStartWh ?? lastReading(session.account)?.wh ?? 0;
    shown[session.transactionId] = {
      id_tag: session.idTag,
      start_meter: kWhOf(startWh),
      start_time: utcTime(session.startedMs),
      last_meter: kWhOf(lastReading(session.account)?.wh ?? startWh),
      full_name: user ? fullName(user) : session.idTag,
      charger_id: session.chargePointId,
      connector_id: session.connectorId,
    };
  }
  return `${JSON.stringify(shown, null, 2)}\n`;
}
