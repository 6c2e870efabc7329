// `kwota report`: who used what in a month, as a table, as CSV, or for programs.
import type { EnergyReport, MonthsReport } from '../../src/api/contract/reports.ts';
import { createReportClient, type ReportClient } from '../../src/api/report-client.ts';
import { printableJson } from '../../src/runtime/printable.ts';
import { withApi, type ApiOptions } from '../api-access.ts';
import { table } from '../table.ts';
import { timeText } from '../time-text.ts';

export interface ReportOptions extends ApiOptions {
  /** `2026-11`; the current one unless told. */
  readonly month?: string;
  /** `month`: all of them. */
  readonly by: EnergyReport['by'] | 'month';
  readonly format: 'table' | 'csv' | 'json';
}

const JSON_INDENT = 2;
const WH_PER_KWH = 1000;

export async function runReport(options: ReportOptions): Promise<void> {
  const { month, by, format } = options;
  await withApi(options, async (_, access) => {
    const client = createReportClient(access);
    if (by === 'month') {
      await reportMonths(client, format);
      return;
    }
    if (format === 'csv') {
      process.stdout.write(await client.energyCsv({ month, by }));
      return;
    }
    const report = await client.energy({ month, by });
    const width = process.stdout.columns || Infinity;
    const text = format === 'json' ? `${printableJson(report, JSON_INDENT)}\n` : reportText(report, width);
    process.stdout.write(text);
  });
}

async function reportMonths(client: ReportClient, format: ReportOptions['format']): Promise<void> {
  if (format === 'csv') {
    process.stdout.write(await client.monthsCsv());
    return;
  }
  const report = await client.months();
  const width = process.stdout.columns || Infinity;
  const text = format === 'json' ? `${printableJson(report, JSON_INDENT)}\n` : monthsText(report, width);
  process.stdout.write(text);
}

function monthsText({ months }: MonthsReport, width: number): string {
  const rows = months.map(({ month, sessions, sessionsWh, entriesWh, usedWh }) => {
    return [month, String(sessions), kWh(sessionsWh), kWh(entriesWh), kWh(usedWh)];
  });
  return table([['MONTH', 'SESSIONS', 'IN SESSIONS', 'ENTRIES', 'USED'], ...rows], width);
}

function reportText(report: EnergyReport, width: number): string {
  const { month, from, to, total } = report;
  const { entriesWh, usedWh, sessions } = total;
  const entries = entriesWh === 0 ? '' : `, ${kWh(entriesWh)} kWh of it by opening balances and adjustments`;
  return [
    `${month} (${timeText(from)} to ${timeText(to)})\n\n`,
    rowsText(report, width),
    `\n${kWh(usedWh)} kWh used in ${sessions} sessions${entries}\n`,
  ].join('');
}

function rowsText({ users, chargers, sessions, total }: EnergyReport, width: number): string {
  if (chargers) {
    const rows = chargers.map((row) => [row.chargerId, String(row.sessions), kWh(row.sessionsWh)]);
    const sum = ['all', String(total.sessions), kWh(total.sessionsWh)];
    return table([['CHARGER', 'SESSIONS', 'KWH'], ...rows, sum], width);
  }
  if (sessions) {
    const heading = ['SESSION', 'CHARGER', 'TAG', 'USER', 'STARTED', 'ENDED', 'KWH'];
    const rows = sessions.map((row) => [
      ...[String(row.transactionId), `${row.chargerId}/${row.connectorId}`, row.idTag, row.userName || '-'],
      ...[timeText(row.startedAt), timeText(row.endedAt), kWh(row.sessionsWh)],
    ]);
    return table([heading, ...rows, ['all', '', '', '', '', '', kWh(total.sessionsWh)]], width);
  }
  const heading = ['TAG', 'USER', 'SESSIONS', 'USED', 'GRANTED', 'QUOTA', 'LEFT'];
  const rows = (users ?? []).map((row) => [
    ...[row.idTag, row.name || '-', String(row.sessions), kWh(row.usedWh), kWh(row.grantedWh)],
    ...[row.quotaWh === null ? '-' : kWh(row.quotaWh), row.leftWh === null ? '-' : kWh(row.leftWh)],
  ]);
  return table([heading, ...rows, ['all', '', String(total.sessions), kWh(total.usedWh)]], width);
}

function kWh(wh: number): string {
  return (wh / WH_PER_KWH).toFixed(3);
}
