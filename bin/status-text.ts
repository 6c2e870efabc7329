// The site at a glance as text: lines that make sense one after the other, for pipes and screen readers, readable at 80 columns.
import type { Alarm } from '../src/api/contract/alarms.ts';
import type { Overview } from '../src/api/contract/overview.ts';
import type { Session } from '../src/api/contract/sessions.ts';
import { printable } from '../src/runtime/printable.ts';
import { table } from './table.ts';

export interface Status {
  readonly overview: Overview;
  readonly alarms: readonly Alarm[];
  /** Those that run. */
  readonly sessions: readonly Session[];
}

const WH_PER_KWH = 1000;
const MS_PER_DAY = 86_400_000;
const LABEL_WIDTH = 10;
/** What fits where nobody says how wide it is. */
const USUAL_WIDTH = 80;

/** `width` is the terminal's, Infinity for a pipe. */
export function statusText({ overview, alarms, sessions }: Status, width: number): string {
  const { siteName, at, timeZone, version } = overview;
  const facts: (readonly [string, string])[] = [
    ['site', `${siteName}, ${clockText(at, timeZone)} (${timeZone})`],
    ['server', serverText(overview)],
    ...problemsOf(overview, alarms).map((problem) => ['problem', problem] as const),
    ...alarms.map(
      ({ message, since }) => ['alarm', `${message} (since ${clockText(since, timeZone)})`] as const,
    ),
    ['chargers', chargersText(overview)],
    ['sessions', sessionsText(overview)],
    ['month', monthText(overview)],
    ['used', usedText(overview)],
    ['quotas', quotaText(overview)],
  ];
  const wide = Math.min(width, USUAL_WIDTH);
  const lines = facts.map(([label, text]) => labelled(label, printable(text), wide)).join('');
  return `kwota ${printable(version)}\n${lines}${sessionTable(sessions, timeZone, width)}`;
}

function serverText({ health, role }: Overview): string {
  const state = health.status === 'ok' ? 'ok' : 'degraded: it works around what is wrong, or waits for it';
  return role === 'admin'
    ? state
    : `${state}; this token may ${role === 'viewer' ? 'read' : 'read and command'}`;
}

/** Health tells alarms as well, in the same words: those stand below with their time. */
function problemsOf({ health }: Overview, alarms: readonly Alarm[]): string[] {
  return health.problems.filter((problem) => !alarms.some(({ message }) => message === problem));
}

function chargersText({ chargers }: Overview): string {
  const { total, connected, faulted, pending } = chargers;
  if (total === 0) return 'none has connected yet';
  return [
    `${connected} of ${total} connected`,
    ...(faulted > 0 ? [`${faulted} faulted`] : []),
    ...(pending > 0 ? [`${pending} waiting until somebody approves them`] : []),
  ].join(', ');
}

function sessionsText({ sessions, powerW }: Overview): string {
  const { running, charging } = sessions;
  if (running === 0) return 'none running';
  const power = powerW === null ? 'power not known' : `${kilo(powerW, 1)} kW`;
  return `${running} running, ${charging} charging, ${power}`;
}

function monthText({ month, monthEndsAt, at, timeZone }: Overview): string {
  // A day that has begun counts, as in the dashboard.
  const days = Math.ceil((Date.parse(monthEndsAt) - Date.parse(at)) / MS_PER_DAY);
  const rest = days <= 1 ? 'less than a day' : `${days} days`;
  return `${month}, quotas begin anew on ${clockText(monthEndsAt, timeZone)}, in ${rest}`;
}

function usedText({ usedWh, paceWh }: Overview): string {
  const pace = paceWh === null ? '' : `; at this pace ${kilo(paceWh, 0)} kWh by its end`;
  return `${kilo(usedWh, 3)} kWh of the month${pace}`;
}

function quotaText({ quotaWh, quotaUsedWh }: Overview): string {
  if (quotaWh === 0) return 'nobody has a limit';
  const percent = Math.round((quotaUsedWh * 100) / quotaWh);
  return `${kilo(quotaUsedWh, 3)} kWh used of ${kilo(quotaWh, 3)} kWh, ${percent} %`;
}

function sessionTable(sessions: readonly Session[], timeZone: string, width: number): string {
  if (sessions.length === 0) return '';
  const heading = ['CHARGER', 'USER', 'STATUS', 'KWH', 'KW', 'LEFT', 'QUOTA ENDS'];
  const rows = sessions.map((one) => [
    `${one.chargerId}/${one.connectorId}`,
    one.userName || one.idTag,
    one.stop ? 'stopping' : one.connectorStatus || '-',
    kilo(one.energyWh, 3),
    one.powerW === null ? '-' : kilo(one.powerW, 1),
    one.leftWh === null ? '-' : kilo(one.leftWh, 3),
    one.quotaEndsAt === null ? '-' : clockText(one.quotaEndsAt, timeZone),
  ]);
  return `\n${table([heading, ...rows], width)}`;
}

/** The label, then the text; what does not fit goes on below it, between words. */
function labelled(label: string, text: string, width: number): string {
  const room = Math.max(USUAL_WIDTH / 4, width - LABEL_WIDTH);
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ')) {
    if (line !== '' && line.length + 1 + word.length > room) {
      lines.push(line);
      line = word;
    } else line = line === '' ? word : `${line} ${word}`;
  }
  lines.push(line);
  const indent = ' '.repeat(LABEL_WIDTH);
  return lines.map((one, index) => `${index === 0 ? label.padEnd(LABEL_WIDTH) : indent}${one}\n`).join('');
}

function kilo(amount: number, digits: number): string {
  return (amount / WH_PER_KWH).toFixed(digits);
}

/** `2026-11-30 15:12` where the site is. */
function clockText(at: string, timeZone: string): string {
  const parts = new Intl.DateTimeFormat('en-CA', {
    ...{ timeZone, year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  }).formatToParts(new Date(at));
  const part = (type: Intl.DateTimeFormatPartTypes) => parts.find((one) => one.type === type)?.value ?? '';
  return `${part('year')}-${part('month')}-${part('day')} ${part('hour')}:${part('minute')}`;
}
