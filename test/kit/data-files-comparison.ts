// Holds the four JSON files of a data folder against what is stored. Expects the server's time zone to be UTC.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastReading } from '../../src/domain/energy-account.ts';
import { totalWh, type EnergyByDay } from '../../src/domain/energy.ts';
import { isRunning, type Session } from '../../src/domain/session.ts';
import type { StoredTruth } from './stored-truth.ts';

/** Entries of meter_data_log.json unless configured otherwise. */
const METER_LOG_ENTRIES = 500;

type Rows<Row> = Readonly<Record<string, Row>>;

/** In words; empty when the files say what the store says. Throws when a file is missing or not whole. */
export function compareDataFiles(dataDir: string, stored: StoredTruth): string[] {
  const read = (name: string) => JSON.parse(readFileSync(join(dataDir, name), 'utf8')) as unknown;
  const month = new Date().toISOString().slice(0, 7);
  return [
    ...differences(
      'energy_usage.json',
      wholeWh(read('energy_usage.json') as Rows<number>),
      sumBy(
        stored.sessions,
        (session) => session.idTag,
        ({ energyByDay }) => inMonth(energyByDay, month),
      ),
    ),
    ...differences(
      'active_transactions.json',
      asShown(read('active_transactions.json') as Rows<Rows<unknown>>),
      running(stored.sessions),
    ),
    ...differences(
      'charger_status.json',
      wholeWh(column(read('charger_status.json') as Rows<Rows<number>>, 'total_energy_delivered')),
      sumBy(
        stored.sessions,
        (session) => session.chargePointId,
        ({ energyByDay }) => totalWh(energyByDay),
      ),
    ),
    ...logDifferences(read('meter_data_log.json') as readonly Rows<unknown>[], stored),
  ];
}

/** What is nothing on one side may be missing on the other. */
function differences(
  file: string,
  actual: ReadonlyMap<string, number | string>,
  expected: ReadonlyMap<string, number | string>,
): string[] {
  const keys = new Set([...actual.keys(), ...expected.keys()]);
  return [...keys]
    .filter((key) => (actual.get(key) ?? 0) !== (expected.get(key) ?? 0))
    .map(
      (key) => `${file}: ${key} is ${actual.get(key) ?? 'not there'}, not ${expected.get(key) ?? 'there'}`,
    );
}

function wholeWh(kWhByName: Rows<number>): Map<string, number> {
  return new Map(Object.entries(kWhByName).map(([name, kWh]) => [name, Math.round(kWh * 1000)]));
}

function column(rows: Rows<Rows<number>>, name: string): Record<string, number> {
  return Object.fromEntries(Object.entries(rows).map(([key, row]) => [key, row[name] ?? Number.NaN]));
}

function sumBy(
  sessions: readonly Session[],
  nameOf: (session: Session) => string,
  whOf: (session: Session) => number,
): Map<string, number> {
  const sums = new Map<string, number>();
  for (const session of sessions) sums.set(nameOf(session), (sums.get(nameOf(session)) ?? 0) + whOf(session));
  return sums;
}

function inMonth(energy: EnergyByDay, month: string): number {
  return totalWh(Object.fromEntries(Object.entries(energy).filter(([day]) => day.startsWith(month))));
}

function asShown(rows: Rows<Rows<unknown>>): Map<string, string> {
  const shown = (row: Rows<unknown>) => [
    row['charger_id'],
    row['id_tag'],
    row['start_meter'],
    row['last_meter'],
  ];
  return new Map(Object.entries(rows).map(([id, row]) => [id, shown(row).join(' ')]));
}

function running(sessions: readonly Session[]): Map<string, string> {
  const shown = ({ chargePointId, idTag, meterStartWh, account }: Session) => [
    chargePointId,
    idTag,
    (meterStartWh ?? 0) / 1000,
    (lastReading(account)?.wh ?? 0) / 1000,
  ];
  return new Map(
    sessions.filter(isRunning).map((session) => [String(session.transactionId), shown(session).join(' ')]),
  );
}

function logDifferences(log: readonly Rows<unknown>[], { readings }: StoredTruth): string[] {
  const actual = log.map((row) => `${String(row['chargerName'])} ${String(row['deliveredEnergy'])}`);
  const expected = readings
    .slice(-METER_LOG_ENTRIES)
    .map(({ chargePointId, registerWh }) => `${chargePointId} ${(registerWh ?? 0) / 1000}`);
  const first = expected.findIndex((line, index) => line !== actual[index]);
  if (first < 0 && actual.length === expected.length) return [];
  return [`meter_data_log.json: ${actual.length} entries, not ${expected.length}, or another at ${first}`];
}
