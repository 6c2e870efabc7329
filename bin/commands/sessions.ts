// `kwota sessions list|show|stop|close`: what is and was charged, and what a person does about it.
import type { Session, SessionDetails, StopResult } from '../../src/api/contract/sessions.ts';
import { createSiteClient, type SiteClient, type WhichSession } from '../../src/api/site-client.ts';
import { printable, printableJson } from '../../src/runtime/printable.ts';
import { withApi, type ApiOptions } from '../api-access.ts';
import { table } from '../table.ts';
import { timeText } from '../time-text.ts';

export interface SessionsOptions extends ApiOptions {
  readonly json?: boolean;
  readonly charger?: string;
}

export interface SessionListOptions extends SessionsOptions {
  readonly running?: boolean;
  readonly tag?: string;
  /** ISO 8601. */
  readonly from?: string;
  readonly to?: string;
  readonly month?: string;
  readonly limit: number;
}

export interface CloseOptions extends SessionsOptions {
  /** kWh. */
  readonly meter?: number;
}

const JSON_INDENT = 2;
const WH_PER_KWH = 1000;

export async function runSessionsList(options: SessionListOptions): Promise<void> {
  const { running, charger, tag, from, to, month, limit } = options;
  const status = running === true ? 'running' : undefined;
  await withSite(options, async (site) => {
    const page = await site.sessions({ status, charger, idTag: tag, from, to, month, limit });
    show(page, options, ({ items, next }, width) => listText(items, next !== null, width));
  });
}

export async function runSessionsShow(transactionId: number, options: SessionsOptions): Promise<void> {
  await withSite(options, async (site) =>
    show(await site.session(which(transactionId, options)), options, detailsText),
  );
}

export async function runSessionsStop(transactionId: number, options: SessionsOptions): Promise<void> {
  await withSite(options, async (site) =>
    show(await site.stopSession(which(transactionId, options)), options, stopText),
  );
}

export async function runSessionsClose(transactionId: number, options: CloseOptions): Promise<void> {
  const request = options.meter === undefined ? {} : { meterStopWh: Math.round(options.meter * WH_PER_KWH) };
  await withSite(options, async (site) =>
    show(await site.closeSession(which(transactionId, options), request), options, closedText),
  );
}

async function withSite(options: SessionsOptions, ask: (site: SiteClient) => Promise<void>): Promise<void> {
  await withApi(options, (_, access) => ask(createSiteClient(access)));
}

function which(transactionId: number, { charger }: SessionsOptions): WhichSession {
  return { transactionId, charger };
}

function show<T>(value: T, { json }: SessionsOptions, textOf: (value: T, width: number) => string): void {
  const width = process.stdout.columns || Infinity;
  process.stdout.write(json ? `${printableJson(value, JSON_INDENT)}\n` : textOf(value, width));
}

function listText(sessions: readonly Session[], hasMore: boolean, width: number): string {
  if (sessions.length === 0) return 'no such session\n';
  const heading = ['SESSION', 'CHARGER', 'CONNECTOR', 'TAG', 'USER', 'STARTED', 'KWH', 'STATE'];
  const rows = sessions.map((one) => [
    String(one.transactionId),
    one.chargerId,
    String(one.connectorId),
    one.idTag,
    one.userName || '-',
    timeText(one.startedAt),
    kWh(one.energyWh),
    stateText(one),
  ]);
  const more = hasMore ? 'there are older ones: -n shows more, --from and --to other times\n' : '';
  return `${table([heading, ...rows], width)}${more}`;
}

/** `running`, `stopping (operator)`, `ended 2026-11-30 10:14:58Z, byHand`. */
function stateText({ stop, end }: Session): string {
  if (end) return `ended ${timeText(end.at)}${end.evidence === 'meterStop' ? '' : `, ${end.evidence}`}`;
  return stop ? `stopping (${stop.reason})` : 'running';
}

function detailsText(session: SessionDetails, width: number): string {
  const facts = [
    ['session', String(session.transactionId)],
    ['charger', `${session.chargerId}, connector ${session.connectorId}`],
    ['tag', `${session.idTag} (${session.authorization})`],
    ['user', session.userName || '-'],
    ['started', `${timeText(session.startedAt)} (${session.origin})`],
    ['state', stateText(session)],
    ...(session.end ? [['ended by', byText(session.end.reason, session.end.by)]] : []),
    ...(session.stop ? [['stop', byText(session.stop.reason, session.stop.by)]] : []),
    ['energy', `${kWh(session.energyWh)} kWh`],
    ['meter', `${registerText(session.meterStartWh)} to ${registerText(lastMeterWh(session))}`],
    ['quota ends', timeText(session.quotaEndsAt)],
    ['flags', session.flags.join(', ') || '-'],
  ];
  const days = Object.entries(session.energyByDay).sort(([a], [b]) => (a < b ? -1 : 1));
  const rungs = session.rungs.map(({ step, at, answer }) => [step, timeText(at), answer ?? 'awaited']);
  return [
    table(facts, width),
    section(
      ['DAY', 'KWH'],
      days.map(([day, wh]) => [day, kWh(wh)]),
      width,
    ),
    section(['STOP LADDER', 'AT', 'ANSWER'], rungs, width),
  ].join('');
}

function section(heading: readonly string[], rows: readonly (readonly string[])[], width: number): string {
  return rows.length === 0 ? '' : `\n${table([heading, ...rows], width)}`;
}

function stopText({ outcome, step, answer, session }: StopResult): string {
  const { transactionId, chargerId } = session;
  const what = `session ${transactionId} of ${printable(chargerId)}`;
  if (outcome === 'ended') return `${what} has ended: ${kWh(session.energyWh)} kWh\n`;
  if (outcome === 'offline') return `${what}: the charger is not connected, and is asked when it is back\n`;
  const said = answer === null ? 'is not answered yet' : `was answered ${printable(answer)}`;
  return `${what}: ${printable(step ?? 'the stop')} ${said}; it is asked on until it has ended\n`;
}

function closedText({ transactionId, chargerId, energyWh }: SessionDetails): string {
  return `session ${transactionId} of ${printable(chargerId)} is closed by hand: ${kWh(energyWh)} kWh\n`;
}

function byText(reason: string, by: string | null): string {
  return by === null ? reason : `${reason}, by ${by}`;
}

/** What closed it counts; a session that runs, or ended without, has its newest sample. */
function lastMeterWh({ meterWh, end }: Session): number | null {
  return end?.meterStopWh ?? meterWh;
}

function registerText(wh: number | null): string {
  return wh === null ? '?' : `${kWh(wh)} kWh`;
}

function kWh(wh: number): string {
  return (wh / WH_PER_KWH).toFixed(3);
}
