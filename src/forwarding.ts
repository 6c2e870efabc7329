// Forwarding joined: the meter log and the journal on one side, the external API on the other. Part of the composition root.
import type { ForwardPort } from './api/ports/forward.ts';
import { NONE } from './config/kind.ts';
import { ConfigError } from './config/problem.ts';
import type { Config } from './config/schema.ts';
import type { Services } from './csms/services.ts';
import { meterRecord } from './files/view/meter-data-log.ts';
import { Forwarder } from './forward/forwarder.ts';
import { Parking } from './forward/parking.ts';
import type { Cursor, ForwardBooks, ParkedReading, QueueBook } from './forward/ports.ts';
import { ForwardQueue, switchedOff } from './forward/queue.ts';
import { Sender, type ProxyVariables } from './forward/sender.ts';
import { chance } from './runtime/chance.ts';
import type { Clock } from './runtime/clock.ts';
import type { Log } from './runtime/log.ts';
import type { Store } from './store/store.ts';

const QUEUE = 'forward';

export interface ForwardingOptions {
  readonly config: Config;
  readonly version: string;
  /** Of the environment, where the configuration names no proxy. */
  readonly proxy?: ProxyVariables | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

export interface ForwardingParts {
  readonly services: Pick<Services, 'journal' | 'alarms'>;
  readonly store: Pick<Store, 'readingsAfter' | 'lastReadingSeq'>;
  /** To be called when the store is open still. */
  readonly onStop: (close: () => void) => void;
  /** How long each request took. */
  readonly onAttempt?: (ms: number, isDelivered: boolean) => void;
}

/** From here on what becomes durable is sent, if the configuration says so. Throws a ConfigError. */
export function startForwarding(options: ForwardingOptions, parts: ForwardingParts): ForwardPort {
  const { enabled, url } = options.config.forward;
  const { services, store } = parts;
  const books = booksIn(services);
  const shownUrl = url === null ? null : withoutQuery(url);
  if (!enabled) {
    const book = switchedOff(books.queue(), store.lastReadingSeq());
    if (book !== null) books.putQueue(book);
    return { url: shownUrl, forwarding: null };
  }
  if (url === null) throw urlMissing();
  const { forwarder, parking, queue } = createForwarder(url, options, parts, books);
  services.journal.onDurable(({ readings }) => {
    if (readings.length === 0) return;
    queue.add(readings);
    forwarder.wake();
  });
  const { queued } = forwarder.status();
  options.log.info('FORWARD', 'readings are sent', {
    to: shownUrl,
    queued,
    pausedBy: queue.pausedBy ?? undefined,
  });
  parts.onStop(() => forwarder.close());
  forwarder.wake();
  return {
    url: shownUrl,
    forwarding: {
      status: () => forwarder.status(),
      parked: () => parking.list(),
      pause: (by) => forwarder.pause(by),
      resume: (by) => forwarder.resume(by),
      retry: (ids, by) => forwarder.retry(ids, by),
      drop: (ids, by) => forwarder.drop(ids, by),
    },
  };
}

function createForwarder(
  url: string,
  { config, version, proxy, clock, log }: ForwardingOptions,
  { services, store, onAttempt = () => undefined }: ForwardingParts,
  books: ForwardBooks,
): { forwarder: Forwarder; parking: Parking; queue: ForwardQueue } {
  const { apiKey, apiKeyHeader, headers, timeout, batch, retry } = config.forward;
  const sender = new Sender({
    ...{ url, clock },
    headers: {
      'user-agent': `kwota/${version}`,
      ...headers,
      ...(apiKey === null ? {} : { [apiKeyHeader]: apiKey }),
    },
    timeoutMs: timeout * 1000,
    proxy: proxyOf(config.forward.proxy, proxy),
  });
  const onForgotten = (count: number) =>
    log.warn('FORWARD', 'readings were too old to be kept, and not all had been sent', {
      atMost: count,
      readingsDays: config.data.readingsDays,
    });
  const lastSeq = store.lastReadingSeq();
  const queue = new ForwardQueue({ books, meterLog: store, lastSeq, batch, onForgotten });
  const parking = new Parking(books);
  const forwarder = new Forwarder({
    ...{ books, queue, parking, sender, clock, log, onAttempt },
    recordOf: meterRecord,
    isInBatches: batch > 1,
    longestPauseMs: retry * 1000,
    random: chance,
    alarms: services.alarms,
  });
  return { forwarder, parking, queue };
}

/** Records of the journal: durable in the order in which they were put, as all others. */
function booksIn({ journal }: Pick<Services, 'journal'>): ForwardBooks {
  const { live } = journal;
  return {
    queue: () => (live.other('site', QUEUE) as QueueBook | undefined) ?? null,
    cursors: () => live.others('forward') as Iterable<Cursor>,
    parked: () => live.others('parked') as Iterable<ParkedReading>,
    putQueue: (book) => journal.put('site', QUEUE, book, null, null),
    putCursor: (cursor) => journal.put('forward', cursor.chargePointId, cursor, null, null),
    putParked: (parked) => journal.put('parked', String(parked.slot), parked, null, null),
    durable: () => journal.durable(),
  };
}

function proxyOf(configured: string | null, environment: ProxyVariables = {}): ProxyVariables {
  if (configured === NONE) return {};
  return configured === null ? environment : { HTTP_PROXY: configured, HTTPS_PROXY: configured };
}

/** A query may hold a key. */
export function withoutQuery(url: string): string {
  const { origin, pathname } = new URL(url);
  return `${origin}${pathname}`;
}

function urlMissing(): ConfigError {
  const message = 'forward.enabled needs forward.url';
  const hint = 'write the address of the external API into config.yaml, or set KWOTA_FORWARD_URL';
  return new ConfigError([
    { source: 'the configuration', line: null, column: null, path: 'forward.url', message, hint },
  ]);
}
