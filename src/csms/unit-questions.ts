// Chargers whose unit is in doubt: one question to the operator for each, answered by energyUnit in config.yaml.
import { totalWh } from '../domain/energy.ts';
import type { Session } from '../domain/session.ts';
import { inOtherUnit } from '../domain/session-unit.ts';
import type { Log } from '../runtime/log.ts';
import type { Alarms } from './alarms.ts';
import type { Journal } from './journal.ts';
import type { MeterSettings } from './meter-settings.ts';
import { fieldsOf } from './meter-log.ts';

/** Raises the question; asking again changes nothing. */
export function askForUnit(alarms: Alarms, { chargePointId, suspectedUnit }: Session): void {
  if (suspectedUnit === null) return;
  const said = suspectedUnit === 'kWh' ? 'Wh' : 'kWh';
  alarms.raise(
    `unit/${chargePointId}`,
    'METER',
    `${chargePointId} counts in ${said} as it says, but its register moves as one in ${suspectedUnit}; set energyUnit of ` +
      `this charger in config.yaml to ${suspectedUnit} or ${said} (until then quotas are held to the larger reading)`,
  );
}

/** At start: sessions in doubt are put right where config.yaml has the answer; the other questions are asked again. */
export function settleUnits(
  journal: Journal,
  alarms: Alarms,
  meterSettingsOf: (chargePointId: string) => MeterSettings,
  log: Log,
): void {
  for (const session of [...journal.live.sessions()]) {
    if (session.suspectedUnit === null) continue;
    const { energyUnit } = meterSettingsOf(session.chargePointId);
    if (energyUnit === 'auto') {
      askForUnit(alarms, session);
      continue;
    }
    const isConfirmed = energyUnit === session.suspectedUnit;
    const settled = isConfirmed ? inOtherUnit(session, energyUnit) : { ...session, suspectedUnit: null };
    journal.putSession(settled);
    const fromWh = totalWh(session.energyByDay);
    const toWh = totalWh(settled.energyByDay);
    log.warn('METER', 'the unit is settled by config.yaml', {
      ...fieldsOf(session),
      energyUnit,
      fromWh,
      toWh,
    });
  }
}
