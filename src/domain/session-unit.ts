// A session put into the other unit as a whole: what a person's answer to a unit in doubt comes to.
import type { EnergyAccount } from './energy-account.ts';
import { WH_PER_KWH, type EnergyByDay } from './energy.ts';
import type { Session } from './session.ts';
import type { SuspectedUnit } from './unit-suspicion.ts';

/** The session as if its samples had been in the other unit: a person said so. */
export function inOtherUnit(session: Session, meant: SuspectedUnit): Session {
  const factor = meant === 'kWh' ? WH_PER_KWH : 1 / WH_PER_KWH;
  const account = rescale(session.account, factor);
  return { ...session, account, energyByDay: times(session.energyByDay, factor), suspectedUnit: null };
}

function rescale(account: EnergyAccount, factor: number): EnergyAccount {
  const ofLine = (line: EnergyAccount['lines'][number]) => ({
    ...line,
    last: { ...line.last, wh: Math.round(line.last.wh * factor) },
    energyAtLast: times(line.energyAtLast, factor),
  });
  const { lines, previous, energyByDay } = account;
  return {
    ...account,
    lines: lines.map(ofLine),
    previous: previous === null ? null : ofLine(previous),
    energyByDay: times(energyByDay, factor),
  };
}

function times(energy: EnergyByDay, factor: number): EnergyByDay {
  return Object.fromEntries(Object.entries(energy).map(([day, wh]) => [day, Math.round(wh * factor)]));
}
