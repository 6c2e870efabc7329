// `kwota chargers list|show|quirks|approve|forget`: what the running server knows of the chargers, and whom it lets in.
import type { Charger, ChargerDetails, ChargerQuirk, Connector } from '../../src/api/contract/chargers.ts';
import { createChargerAdminClient } from '../../src/api/charger-admin-client.ts';
import { printable, printableJson } from '../../src/runtime/printable.ts';
import { withApi, type ApiOptions } from '../api-access.ts';
import { table } from '../table.ts';
import { timeText } from '../time-text.ts';

export interface ChargersOptions extends ApiOptions {
  readonly json?: boolean;
}

export interface ApproveOptions extends ChargersOptions {
  readonly inAdvance?: boolean;
}

const JSON_INDENT = 2;
const WH_PER_KWH = 1000;

export async function runChargersList(options: ChargersOptions): Promise<void> {
  await withApi(options, async (api) => {
    const chargers = await api.chargers();
    show(chargers, options, chargersText);
  });
}

export async function runChargersShow(id: string, options: ChargersOptions): Promise<void> {
  await withApi(options, async (api) => show(await api.charger(id), options, chargerText));
}

export async function runChargersQuirks(id: string, options: ChargersOptions): Promise<void> {
  await withApi(options, async (api) => {
    const { quirks } = await api.charger(id);
    show(quirks, options, quirksText);
  });
}

export async function runChargersApprove(id: string, options: ApproveOptions): Promise<void> {
  await withApi(options, async (_, access) => {
    const approved = await createChargerAdminClient(access).approve(id, options.inAdvance ?? false);
    show({ approved: approved.id }, options, () => `${printable(approved.id)}: approved\n`);
  });
}

export async function runChargersForget(id: string, options: ChargersOptions): Promise<void> {
  await withApi(options, async (_, access) => {
    await createChargerAdminClient(access).forget(id);
    show(
      { forgotten: id },
      options,
      () => `${printable(id)}: forgotten; its sessions and their energy stay\n`,
    );
  });
}

function show<T>(value: T, { json }: ChargersOptions, textOf: (value: T, width: number) => string): void {
  const width = process.stdout.columns || Infinity;
  process.stdout.write(json ? `${printableJson(value, JSON_INDENT)}\n` : textOf(value, width));
}

function chargersText(chargers: readonly Charger[], width: number): string {
  if (chargers.length === 0) return 'no charger has connected yet\n';
  const rows = chargers.map((charger) => [
    charger.id,
    charger.isConnected ? 'yes' : 'no',
    charger.admission,
    charger.connectors.map(connectorText).join(', ') || '-',
    String(charger.sessions.length),
    timeText(charger.lastHeardAt),
    `${charger.vendor} ${charger.model}`.trim() || '-',
    charger.firmwareVersion || '-',
  ]);
  const heading = ['ID', 'CONNECTED', 'ADMISSION', 'STATUS', 'SESSIONS', 'LAST HEARD', 'MODEL', 'FIRMWARE'];
  return table([heading, ...rows], width);
}

const PASSWORDS: Readonly<Record<ChargerDetails['password'], string>> = {
  none: 'none kept here',
  kept: 'kept here',
  changing: 'a new one was sent, and not used yet',
};

function connectionText({ security }: Charger): string {
  if (security === null) return '-';
  const shown = security.authenticatedBy === 'nothing' ? 'nobody asked who it is' : security.authenticatedBy;
  return `${security.isEncrypted ? 'wss, encrypted' : 'ws, not encrypted'}; ${shown}`;
}

const ADMISSIONS: Readonly<Record<Charger['admission'], string>> = {
  accepted: 'accepted',
  new: 'new: nobody has approved it yet (kwota chargers approve)',
  pending: 'pending: it waits until somebody approves it (kwota chargers approve)',
};

/** `1 Charging`; of the charge point as a whole only what is no matter of course. */
function connectorText({ connectorId, status, errorCode }: Connector): string {
  const error = errorCode === 'NoError' || errorCode === '' ? '' : ` (${errorCode})`;
  return `${connectorId} ${status}${error}`;
}

function chargerText(charger: ChargerDetails, width: number): string {
  const facts = [
    ['id', charger.id],
    ['connected', charger.isConnected ? 'yes' : 'no'],
    ['admission', ADMISSIONS[charger.admission]],
    ['connection', connectionText(charger)],
    ['password', PASSWORDS[charger.password]],
    ['last heard', timeText(charger.lastHeardAt)],
    ['vendor', charger.vendor || '-'],
    ['model', charger.model || '-'],
    ['serial number', charger.serialNumber || '-'],
    ['firmware', charger.firmwareVersion || '-'],
    ['quirks', quirksSummary(charger.quirks)],
  ];
  const connectors = charger.connectors.map((one) => [
    String(one.connectorId),
    one.status,
    one.errorCode || '-',
    timeText(one.since),
  ]);
  const sessions = charger.sessions.map((one) => [
    String(one.transactionId),
    String(one.connectorId),
    one.idTag,
    timeText(one.startedAt),
    (one.energyWh / WH_PER_KWH).toFixed(3),
    timeText(one.quotaEndsAt),
  ]);
  const gaps = charger.gaps.map((one) => [
    String(one.connectorId),
    timeText(one.from),
    timeText(one.to),
    (one.energyWh / WH_PER_KWH).toFixed(3),
  ]);
  return [
    table(facts, width),
    section(['CONNECTOR', 'STATUS', 'ERROR', 'SINCE'], connectors, width),
    section(['SESSION', 'CONNECTOR', 'TAG', 'STARTED', 'KWH', 'QUOTA ENDS'], sessions, width),
    section(['NO SESSION', 'FROM', 'TO', 'KWH'], gaps, width),
  ].join('');
}

function section(heading: readonly string[], rows: readonly (readonly string[])[], width: number): string {
  return rows.length === 0 ? '' : `\n${table([heading, ...rows], width)}`;
}

function quirksSummary(quirks: readonly ChargerQuirk[]): string {
  return quirks.length === 0
    ? 'none seen'
    : quirks.map(({ quirk, count }) => `${quirk} (${count})`).join(', ');
}

function quirksText(quirks: readonly ChargerQuirk[]): string {
  if (quirks.length === 0) return 'none seen: this charger speaks OCPP as it is written\n';
  return quirks.map(quirkText).join('\n');
}

function quirkText({ quirk, count, firstSeenAt, lastSeenAt, what, handling }: ChargerQuirk): string {
  const times =
    count === 1
      ? `once, ${timeText(firstSeenAt)}`
      : `${count} times, ${timeText(firstSeenAt)} to ${timeText(lastSeenAt)}`;
  return `${printable(quirk)}: ${times}\n  the charger: ${printable(what)}\n  kwota: ${printable(handling)}\n`;
}
