// `kwota forward list|retry|drop|pause|resume`: readings on their way to the external API.
import type { ForwardStatus, ParkedReading } from '../../src/api/contract/forward.ts';
import { createForwardClient } from '../../src/api/forward-client.ts';
import { printable, printableJson } from '../../src/runtime/printable.ts';
import { withApi, type ApiOptions } from '../api-access.ts';
import { table } from '../table.ts';
import { timeText } from '../time-text.ts';

export interface ForwardOptions extends ApiOptions {
  readonly json?: boolean;
}

export interface ChoiceOptions extends ForwardOptions {
  readonly all?: boolean;
}

const JSON_INDENT = 2;

export async function runForwardList(options: ForwardOptions): Promise<void> {
  await withApi(options, async (_, access) => {
    const client = createForwardClient(access);
    const [status, parked] = [await client.status(), await client.parked()];
    show({ ...status, parked }, options, () => `${statusText(status)}${parkedText(parked)}`);
  });
}

export async function runForwardSwitch(action: 'pause' | 'resume', options: ForwardOptions): Promise<void> {
  await withApi(options, async (_, access) => {
    show(await createForwardClient(access)[action](), options, statusText);
  });
}

/** `ids` is empty where all are meant. */
export async function runForwardChoice(
  action: 'retry' | 'drop',
  ids: readonly string[],
  options: ChoiceOptions,
): Promise<void> {
  await withApi(options, async (_, access) => {
    const choice = options.all ? ({ all: true } as const) : { ids: [...ids] };
    const count = await createForwardClient(access)[action](choice);
    const done = action === 'retry' ? 'to be sent once more' : 'dropped';
    show({ count }, options, () => `${count} ${count === 1 ? 'reading' : 'readings'} ${done}\n`);
  });
}

function show<T>(value: T, { json }: ForwardOptions, textOf: (value: T) => string): void {
  process.stdout.write(json ? `${printableJson(value, JSON_INDENT)}\n` : textOf(value));
}

function statusText(status: ForwardStatus): string {
  const { isOn, url, pausedBy, queued, oldestAt, parked, delivered, lastDeliveredAt } = status;
  if (!isOn) return 'nothing is forwarded: forward.enabled is false\n';
  const state = pausedBy === null ? stateText(status) : `paused by ${pausedBy}; kwota forward resume goes on`;
  const rows = [
    ['to', url ?? '-'],
    ['state', state],
    ['waiting', queued === 0 ? '0' : `${queued}, since ${timeText(oldestAt)}`],
    ['delivered', `${delivered} since the start, the last ${timeText(lastDeliveredAt)}`],
    ['parked', String(parked)],
  ];
  return rows.map(([name = '', text = '']) => `${name.padEnd(10)} ${printable(text)}\n`).join('');
}

function stateText({ lastError, nextTryAt }: ForwardStatus): string {
  if (lastError === null) return 'readings get through';
  const next = nextTryAt === null ? 'being tried again' : `tried again ${timeText(nextTryAt)}`;
  return `failing: ${lastError.reason} (${timeText(lastError.at)}); ${next}`;
}

function parkedText(parked: readonly ParkedReading[]): string {
  if (parked.length === 0) return '';
  const rows = parked.map(({ id, chargerId, takenAt, isQueued, reason }) => {
    return [id, chargerId, timeText(takenAt), isQueued ? 'being sent' : 'parked', reason];
  });
  const heading = ['READING', 'CHARGER', 'TAKEN', 'STATE', 'REFUSED WITH'];
  return `\n${table([heading, ...rows], process.stdout.columns || Infinity)}`;
}
