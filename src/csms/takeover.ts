// Taking over from the old stack in mid-charge: what its four JSON files say becomes records. Reading them is not done here.
import { newChargePoint, type ChargePoint } from '../domain/charge-point.ts';
import { accountFrom } from '../domain/energy-account.ts';
import { whOf } from '../domain/energy.ts';
import type { Entry } from '../domain/entry.ts';
import type { Reading } from '../domain/reading.ts';
import { beginSession, type Session } from '../domain/session.ts';
import type { SiteCalendar } from '../domain/site-calendar.ts';
import { parseTimestamp } from '../domain/timestamp.ts';
import type { User } from '../domain/user.ts';
import { usableTransactionId } from './session-search.ts';

/** The parsed content of each file; undefined where there is none or it could not be read. */
export interface OldFiles {
  readonly energyUsage?: unknown;
  readonly activeTransactions?: unknown;
  readonly chargerStatus?: unknown;
  readonly meterDataLog?: unknown;
}

export interface TakenOver {
  readonly entries: readonly Entry[];
  readonly sessions: readonly Session[];
  readonly chargePoints: readonly ChargePoint[];
  readonly readings: readonly Omit<Reading, 'seq'>[];
  /** The billing month that the usage belongs to. */
  readonly month: string;
  /** The usage as the file has it, zeros included. */
  readonly usedWhByTag: ReadonlyMap<string, number>;
  /** What had to be left out, and why. */
  readonly problems: readonly string[];
}

export interface TakeoverContext {
  readonly calendar: SiteCalendar;
  readonly nowMs: number;
  readonly findUser: (idTag: string) => User | null;
}

type Row = Readonly<Record<string, unknown>>;

function rowsOf(content: unknown): [string, unknown][] {
  return typeof content === 'object' && content !== null ? Object.entries(content) : [];
}

function isRow(value: unknown): value is Row {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** kWh, as a number or the text of one, in Wh; null for anything else. */
function whFrom(value: unknown): number | null {
  const kWh = typeof value === 'string' && /^\d+(\.\d+)?$/.test(value) ? Number(value) : value;
  return typeof kWh === 'number' && Number.isFinite(kWh) && kWh >= 0 ? whOf(kWh) : null;
}

function timeFrom(value: unknown): number | null {
  return typeof value === 'string' ? parseTimestamp(value) : null;
}

function textFrom(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** The moment the old stack wrote last: the newest timestamp anywhere in its files, none later than now. */
function newestTimestamp(files: OldFiles, nowMs: number): number | null {
  const rows = [files.activeTransactions, files.chargerStatus, files.meterDataLog].flatMap(rowsOf);
  const times = rows.flatMap(([, row]) =>
    isRow(row)
      ? [timeFrom(row['start_time']), timeFrom(row['last_heartbeat']), timeFrom(row['timestamp'])]
      : [],
  );
  return times.reduce<number | null>(
    (max, t) => (t !== null && t <= nowMs && t > (max ?? 0) ? t : max),
    null,
  );
}

const LISTS: ReadonlySet<keyof OldFiles> = new Set(['meterDataLog']);
const NAMES: Readonly<Record<keyof OldFiles, string>> = {
  energyUsage: 'energy_usage.json',
  activeTransactions: 'active_transactions.json',
  chargerStatus: 'charger_status.json',
  meterDataLog: 'meter_data_log.json',
};

/** The files that are JSON of the right kind: readings are a list, the others objects. */
function usableFiles(files: OldFiles, problems: string[]): OldFiles {
  const usable: Partial<Record<keyof OldFiles, unknown>> = {};
  for (const [key, content] of Object.entries(files) as [keyof OldFiles, unknown][]) {
    if (LISTS.has(key) ? Array.isArray(content) : isRow(content)) usable[key] = content;
    else if (content !== undefined)
      problems.push(`${NAMES[key]} is not ${LISTS.has(key) ? 'a list' : 'an object'}`);
  }
  return usable;
}

export function takeOver(found: OldFiles, context: TakeoverContext): TakenOver {
  const problems: string[] = [];
  const files = usableFiles(found, problems);
  const { calendar, nowMs } = context;
  const writtenMs = newestTimestamp(files, nowMs);
  // The usage belongs to the month of the newest timestamp: when that is past, the current month starts at 0.
  const month = calendar.monthAt(writtenMs ?? nowMs);
  const usedWhByTag = usageFrom(files, problems);
  return {
    month,
    usedWhByTag,
    entries: openingBalances(usedWhByTag, month, nowMs),
    sessions: openSessions(files, context, writtenMs, problems),
    chargePoints: chargePointsFrom(files, nowMs),
    readings: readingsFrom(files, nowMs),
    problems,
  };
}

function usageFrom(files: OldFiles, problems: string[]): Map<string, number> {
  const used = new Map<string, number>();
  for (const [idTag, value] of rowsOf(files.energyUsage)) {
    const wh = whFrom(value);
    if (idTag.trim() === '')
      problems.push(`energy_usage.json: ${JSON.stringify(value)} kWh without an id_tag`);
    else if (wh !== null) used.set(idTag, wh);
    else problems.push(`energy_usage.json: ${idTag} is not an amount of kWh: ${JSON.stringify(value)}`);
  }
  return used;
}

/** The usage holds the running sessions up to their last_meter. */
function openingBalances(usedWhByTag: ReadonlyMap<string, number>, month: string, atMs: number): Entry[] {
  const type = 'openingBalance';
  return [...usedWhByTag]
    .filter(([, wh]) => wh > 0)
    .map(([idTag, wh]) => ({
      id: `${type}/${idTag}`,
      type,
      idTag,
      month,
      wh,
      atMs,
      source: 'energy_usage.json',
    }));
}

function openSessions(
  files: OldFiles,
  context: TakeoverContext,
  writtenMs: number | null,
  problems: string[],
): Session[] {
  return rowsOf(files.activeTransactions).flatMap(([key, row]): Session[] => {
    const session = isRow(row) ? openSession(key, row, context, writtenMs) : null;
    if (!session)
      problems.push(`active_transactions.json: ${key} is no open transaction that can be taken over`);
    return session ? [session] : [];
  });
}

function openSession(
  key: string,
  row: Row,
  context: TakeoverContext,
  writtenMs: number | null,
): Session | null {
  const transactionId = /^\d+$/.test(key) ? usableTransactionId(Number(key)) : null;
  const chargePointId = textFrom(row['charger_id']);
  const idTag = textFrom(row['id_tag']);
  const startWh = whFrom(row['start_meter']);
  const lastWh = whFrom(row['last_meter']) ?? startWh;
  if (transactionId === null || chargePointId === '' || idTag === '') return null;
  const startedMs = timeFrom(row['start_time']) ?? context.nowMs;
  // What flowed up to last_meter is in the opening balance; the session counts from there.
  const last = lastWh === null ? null : { wh: lastWh, atMs: Math.max(startedMs, writtenMs ?? startedMs) };
  return beginSession({
    transactionId,
    chargePointId,
    connectorId: usableTransactionId(Number(row['connector_id'])) ?? 0,
    idTag,
    origin: 'takeOver',
    authorization: 'Accepted',
    user: context.findUser(idTag),
    startedMs,
    meterStartWh: startWh,
    startKey: null,
    account: accountFrom(last),
  });
}

function chargePointsFrom(files: OldFiles, nowMs: number): ChargePoint[] {
  return rowsOf(files.chargerStatus).flatMap(([id, row]): ChargePoint[] => {
    if (!isRow(row)) return [];
    const lastHeardMs = timeFrom(row['last_heartbeat']);
    const status = textFrom(row['status']);
    const connectorId = usableTransactionId(Number(row['connector_id'])) ?? 1;
    const connector = { status, errorCode: 'NoError', sinceMs: lastHeardMs ?? nowMs };
    return [
      {
        ...newChargePoint(id, nowMs),
        vendor: textFrom(row['brand']),
        lastHeardMs,
        importedWh: whFrom(row['total_energy_delivered']) ?? 0,
        connectors: status === '' || status === 'Offline' ? {} : { [connectorId]: connector },
      },
    ];
  });
}

function readingsFrom(files: OldFiles, nowMs: number): Omit<Reading, 'seq'>[] {
  const rows = Array.isArray(files.meterDataLog) ? (files.meterDataLog as unknown[]) : [];
  return rows.flatMap((row): Omit<Reading, 'seq'>[] => {
    if (!isRow(row)) return [];
    const id = textFrom(row['ID']).toLowerCase();
    const at = timeFrom(row['timestamp']);
    if (!/^[0-9a-f]{12}$/.test(id) || at === null || at > nowMs) return [];
    const numberFrom = (value: unknown, scale: number) =>
      typeof value === 'number' && Number.isFinite(value) ? Math.round(value * scale) : null;
    return [
      {
        id: Number.parseInt(id, 16),
        at,
        chargePointId: textFrom(row['chargerName']),
        connectorId: 0,
        transactionId: null,
        userName: textFrom(row['userName']),
        registerWh: whFrom(row['deliveredEnergy']),
        powerW: numberFrom(row['totalPower'], 1),
        frequencyMilliHz: numberFrom(row['frequency'], 1000),
      },
    ];
  });
}
