// What a simulation came to, as text: energy by charger and card, and how it compares with what the server has booked.
import type { ChargerRow } from '../src/simulator/charger-group.ts';
import { table } from './table.ts';

type Booked = ReadonlyMap<string, number>;

/** Whether the server has booked, charger by charger, what the registers told. */
export function isAsBooked(rows: readonly ChargerRow[], booked: Booked): boolean {
  return rows.every((row) => differenceWh(row, booked) === 0);
}

/** `booked`: Wh by charger; null: nobody could be asked. */
export function reportText(rows: readonly ChargerRow[], booked: Booked | null, maxWidth?: number): string {
  const width = maxWidth ?? Infinity;
  const parts = [chargersText(rows, booked, width), tagsText(rows, width), totalText(rows)];
  return `\n${parts.join('\n')}${booked === null ? NOT_COMPARED : comparedText(rows, booked)}`;
}

const NOT_COMPARED =
  'not compared with what the server booked: that takes --api and --token, or its data folder\n';

function chargersText(rows: readonly ChargerRow[], booked: Booked | null, width: number): string {
  const heading = ['CHARGER', 'PROFILE', 'SESSIONS', 'WH', 'REGISTER WH'];
  const compared = booked === null ? [] : ['BOOKED WH'];
  const lines = rows.map((row) => {
    const { id, profile, tally } = row;
    const { sessions, trueWh, registerWh, framesSent, framesReceived, errors } = tally;
    const ofServer = booked === null ? [] : [booked.get(id) ?? 0];
    const numbers = [
      sessions,
      Math.round(trueWh),
      registerWh,
      ...ofServer,
      framesSent,
      framesReceived,
      errors,
    ];
    return [id, profile, ...numbers.map(String)];
  });
  return table([[...heading, ...compared, 'SENT', 'RECEIVED', 'ERRORS'], ...lines], width);
}

function tagsText(rows: readonly ChargerRow[], width: number): string {
  const byTag = new Map<string, number>();
  for (const { tally } of rows)
    for (const [idTag, wh] of tally.registerWhByTag) byTag.set(idTag, (byTag.get(idTag) ?? 0) + wh);
  const tags = [...byTag].sort(([a], [b]) => (a < b ? -1 : 1)).map(([idTag, wh]) => [idTag, String(wh)]);
  return table([['TAG', 'REGISTER WH'], ...tags], width);
}

function totalText(rows: readonly ChargerRow[]): string {
  const sum = (of: (row: ChargerRow) => number) => rows.reduce((total, row) => total + of(row), 0);
  const sessions = sum(({ tally }) => tally.sessions);
  const registerWh = sum(({ tally }) => tally.registerWh);
  const errors = sum(({ tally }) => tally.errors);
  return `${rows.length} chargers, ${sessions} sessions, ${registerWh} Wh by their registers, ${errors} errors\n`;
}

function comparedText(rows: readonly ChargerRow[], booked: Booked): string {
  const differing = rows.filter((row) => differenceWh(row, booked) !== 0);
  if (differing.length === 0) return 'the server has booked the same, charger by charger\n';
  return differing
    .map((row) => {
      const wh = differenceWh(row, booked);
      return `${row.id}: the server has booked ${Math.abs(wh)} Wh ${wh > 0 ? 'more' : 'less'} than its register told\n`;
    })
    .join('');
}

function differenceWh({ id, tally }: ChargerRow, booked: Booked): number {
  return (booked.get(id) ?? 0) - tally.registerWh;
}
