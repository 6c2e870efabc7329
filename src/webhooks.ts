// Webhooks joined: alarms on one side, other programs on the other. Part of the composition root.
import { randomUUID } from 'node:crypto';
import type { WebhookPort } from './api/ports/webhooks.ts';
import { NONE } from './config/kind.ts';
import type { Config } from './config/schema.ts';
import type { Services } from './csms/services.ts';
import { Sender, type ProxyVariables } from './forward/sender.ts';
import { NoticeQueue } from './forward/webhook/notice-queue.ts';
import type { NoticeBooks, StoredAlarm, StoredNotice, TellableAlarm } from './forward/webhook/ports.ts';
import { ToldAlarms } from './forward/webhook/told-alarms.ts';
import { Webhook } from './forward/webhook/webhook.ts';
import { withoutQuery } from './forwarding.ts';
import { chance } from './runtime/chance.ts';
import type { Clock } from './runtime/clock.ts';
import type { Log } from './runtime/log.ts';

const TIMEOUT_MS = 10_000;
const MS_PER_S = 1000;
/** After a start an alarm from before has so long to be found true again; a charger that is away has `offlineAfter` more. */
const SETTLED_AFTER_MS = 60_000;

type WebhookConfig = Config['alarms']['webhooks'][number];

export interface WebhookOptions {
  readonly config: Config;
  readonly version: string;
  /** Of the environment. */
  readonly proxy?: ProxyVariables | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

export interface WebhooksParts {
  readonly services: Pick<Services, 'journal' | 'alarms'>;
  /** To be called when the store is open still. */
  readonly onStop: (close: () => void) => void;
}

/** From here on alarms are told, beginning with those that hold. */
export function startWebhooks(options: WebhookOptions, { services, onStop }: WebhooksParts): WebhookPort {
  const { config, clock, log } = options;
  const { journal, alarms } = services;
  const books = booksIn(journal);
  forgetOthers(books, new Set(config.alarms.webhooks.map(({ name }) => name)));
  const webhooks = config.alarms.webhooks.map((one) => createWebhook(one, options, services, books));
  const wakeAll = () => {
    for (const webhook of webhooks) webhook.wake();
  };
  const told = new ToldAlarms(books);
  const changed = (alarm: TellableAlarm, isActive: boolean) => {
    const news = told.news(alarm, isActive);
    if (news === null) return;
    for (const webhook of webhooks) webhook.tell(news);
    told.told(news);
    // A store that was closed sends nothing more.
    books.durable().then(wakeAll, () => undefined);
  };
  if (webhooks.length === 0) {
    // Whoever is configured later knows of nothing.
    for (const alarm of told.all()) told.told({ event: 'over', alarm });
    return { all: () => [] };
  }
  log.info('FORWARD', 'alarms are told', { webhooks: webhooks.map(({ name }) => name).join(' ') });
  for (const alarm of alarms.active()) changed(alarm, true);
  alarms.onChange(changed);
  const cancel = clock.after(SETTLED_AFTER_MS + config.alarms.offlineAfter * MS_PER_S, () => {
    const active = new Set(alarms.active().map(({ id }) => id));
    for (const alarm of told.all()) if (!active.has(alarm.id)) changed(alarm, false);
  });
  onStop(() => {
    cancel();
    for (const webhook of webhooks) webhook.close();
  });
  wakeAll();
  return { all: () => webhooks };
}

function createWebhook(
  { name, url, secret, headers, events }: WebhookConfig,
  { config, version, proxy = {}, clock, log }: WebhookOptions,
  { alarms }: WebhooksParts['services'],
  books: NoticeBooks,
): Webhook {
  return new Webhook({
    ...{ name, events, alarms, clock, log },
    shownUrl: withoutQuery(url),
    secret: secret === NONE ? null : secret,
    siteName: config.site.name,
    queue: new NoticeQueue(name, books),
    sender: new Sender({
      ...{ url, proxy, clock },
      headers: { 'user-agent': `kwota/${version}`, ...headers },
      timeoutMs: TIMEOUT_MS,
    }),
    random: chance,
    newId: randomUUID,
  });
}

/** Records of the journal: durable in the order in which they were put, as all others. */
function booksIn(journal: Services['journal']): NoticeBooks {
  const { live } = journal;
  return {
    notices: () => live.others('notice') as Iterable<StoredNotice>,
    putNotice: (stored) => journal.put('notice', `${stored.webhook}/${stored.slot}`, stored, null, null),
    toldAlarms: () => live.others('toldAlarm') as Iterable<StoredAlarm>,
    putToldAlarm: (stored) => journal.put('toldAlarm', String(stored.slot), stored, null, null),
    durable: () => journal.durable(),
  };
}

/** Of webhooks that are configured no more nothing waits. */
function forgetOthers(books: NoticeBooks, names: ReadonlySet<string>): void {
  for (const stored of [...books.notices()])
    if (!names.has(stored.webhook) && stored.notice !== null)
      books.putNotice({ ...stored, notice: null, refusal: null });
}
