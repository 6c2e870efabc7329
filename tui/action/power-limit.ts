// A limit for what a connector, or all of a charger, may draw: set as a charging profile, and taken back.
import { plugName } from '../data/connectors.ts';
import type { Desk } from '../desk/desk.ts';
import { openForm } from '../dialog/form.ts';
import { toldOf } from './answers.ts';
import type { Target } from './charger-actions.ts';

/** Profile ids of the dashboard, one a connector: far from those that kwota takes for itself. */
const FIRST_PROFILE_ID = 100;
const W_PER_KW = 1000;
/** More is a typing error. */
const MOST = { A: 1_000, kW: 1_000 } as const;

type Unit = keyof typeof MOST;

interface Limit {
  readonly value: number;
  readonly unit: Unit;
}

/** `16 A`, `11 kW`; `off` is no limit. null: it is none of them. */
export function limitOf(text: string): Limit | 'off' | null {
  if (/^off$/i.test(text)) return 'off';
  const [, number, letter] = /^(\d{1,4}(?:[.,]\d{1,3})?) ?(a|kw)$/i.exec(text) ?? [];
  if (number === undefined || letter === undefined) return null;
  const unit = letter.toLowerCase() === 'a' ? 'A' : 'kW';
  const value = Number(number.replace(',', '.'));
  return value <= MOST[unit] ? { value, unit } : null;
}

export function askPowerLimit(desk: Desk, { charger, connectorId }: Target): void {
  const where = plugName(charger.id, connectorId);
  openForm(desk, {
    title: `Power limit of ${where}`,
    text: [
      'In amperes for each phase or in kW, whichever the charger knows: 16 A, 11 kW; off takes it away.',
    ],
    fields: [
      {
        name: 'limit',
        label: 'Limit',
        value: '',
        problem: (text) => (limitOf(text) === null ? 'say 16 A, 11 kW or off' : null),
      },
    ],
    run: (_, { limit = '' }) => {
      const wanted = limitOf(limit);
      if (wanted !== null) send(desk, charger.id, connectorId ?? 0, wanted);
    },
  });
}

function send(desk: Desk, chargerId: string, connectorId: number, limit: Limit | 'off'): void {
  const where = plugName(chargerId, connectorId);
  const what = limit === 'off' ? `${where}: no limit` : `${where}: limit of ${limit.value} ${limit.unit}`;
  const id = FIRST_PROFILE_ID + connectorId;
  desk.request({
    what,
    ask: ({ commands }) =>
      limit === 'off'
        ? commands.call(chargerId, 'ClearChargingProfile', { id })
        : commands.call(chargerId, 'SetChargingProfile', {
            connectorId,
            csChargingProfiles: profileOf(id, connectorId, limit),
          }),
    told: toldOf(what),
  });
}

/** OCPP 1.6 §7.8: of the charge point as a whole, or of every transaction on the connector. */
function profileOf(chargingProfileId: number, connectorId: number, { value, unit }: Limit): object {
  return {
    chargingProfileId,
    stackLevel: 0,
    chargingProfilePurpose: connectorId === 0 ? 'ChargePointMaxProfile' : 'TxDefaultProfile',
    chargingProfileKind: connectorId === 0 ? 'Absolute' : 'Relative',
    chargingSchedule: {
      chargingRateUnit: unit === 'A' ? 'A' : 'W',
      chargingSchedulePeriod: [{ startPeriod: 0, limit: unit === 'A' ? value : value * W_PER_KW }],
    },
  };
}
