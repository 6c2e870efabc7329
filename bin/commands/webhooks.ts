// `kwota webhooks list|test|retry|drop`: alarms on their way to other programs.
import type { Webhook } from '../../src/api/contract/webhooks.ts';
import { createWebhookClient } from '../../src/api/webhook-client.ts';
import { printable, printableJson } from '../../src/runtime/printable.ts';
import { withApi, type ApiOptions } from '../api-access.ts';
import { table } from '../table.ts';
import { timeText } from '../time-text.ts';

export interface WebhookOptions extends ApiOptions {
  readonly json?: boolean;
}

const JSON_INDENT = 2;

export async function runWebhooksList(options: WebhookOptions): Promise<void> {
  await withApi(options, async (_, access) => {
    show(await createWebhookClient(access).list(), options, textOfAll);
  });
}

export async function runWebhookTest(name: string, options: WebhookOptions): Promise<void> {
  await withApi(options, async (_, access) => {
    const outcome = await createWebhookClient(access).test(name);
    if (!options.json && outcome.reason !== null)
      throw new Error(`${name} did not take the test: ${printable(outcome.reason)}`);
    show(outcome, options, () => `${printable(name)} took the test\n`);
  });
}

export async function runWebhookChoice(
  action: 'retry' | 'drop',
  name: string,
  options: WebhookOptions,
): Promise<void> {
  await withApi(options, async (_, access) => {
    const count = await createWebhookClient(access)[action](name);
    const done = action === 'retry' ? 'to be sent once more' : 'dropped';
    show({ count }, options, () => `${count} refused ${count === 1 ? 'notice' : 'notices'} ${done}\n`);
  });
}

function show<T>(value: T, { json }: WebhookOptions, textOf: (value: T) => string): void {
  process.stdout.write(json ? `${printableJson(value, JSON_INDENT)}\n` : textOf(value));
}

function textOfAll(webhooks: readonly Webhook[]): string {
  if (webhooks.length === 0)
    return 'no program is told of alarms: alarms.webhooks in config.yaml names none\n';
  return webhooks.map(textOf).join('\n');
}

function textOf(webhook: Webhook): string {
  const { name, url, isSigned, waiting, oldestAt, delivered, lastDeliveredAt, refused } = webhook;
  const rows = [
    ['webhook', name],
    ['to', `${url}${isSigned ? ', signed' : ', not signed'}`],
    ['state', stateText(webhook)],
    ['waiting', waiting === 0 ? '0' : `${waiting}, since ${timeText(oldestAt)}`],
    [
      'delivered',
      delivered === 0 ? '0' : `${delivered} since the start, the last ${timeText(lastDeliveredAt)}`,
    ],
    ['refused', String(refused.length)],
  ];
  const text = rows.map(([title = '', value = '']) => `${title.padEnd(10)} ${printable(value)}\n`).join('');
  if (refused.length === 0) return text;
  const heading = ['ALARM', 'TOLD', 'WHEN', 'REFUSED WITH'];
  const lines = refused.map(({ alarm, event, at, reason }) => [alarm, event, timeText(at), reason]);
  return `${text}${table([heading, ...lines], process.stdout.columns || Infinity)}`;
}

function stateText({ lastError, nextTryAt }: Webhook): string {
  if (lastError === null) return 'alarms get through';
  const next = nextTryAt === null ? 'being tried again' : `tried again ${timeText(nextTryAt)}`;
  return `failing: ${lastError.reason} (${timeText(lastError.at)}); ${next}`;
}
