// Everything that is watched of a running server, for the overview, the measures and the metrics. Part of the composition root.
import type { Events } from './csms/events.ts';
import type { Services } from './csms/services.ts';
import { SessionCounts } from './csms/session-counts.ts';
import { SiteFigures } from './csms/site-figures.ts';
import { Uptimes } from './csms/uptimes.ts';
import type { SiteCalendar } from './domain/site-calendar.ts';
import type { Measures } from './measures.ts';
import type { Clock, EpochMs } from './runtime/clock.ts';
import { watchEventLoop, type EventLoopLag } from './runtime/event-loop.ts';
import { MinuteSeries } from './runtime/minute-series.ts';

/** Readings on their way to the external API. */
export interface Forwarded {
  readonly queued: number;
  readonly oldestMs: EpochMs | null;
  readonly parked: number;
  readonly delivered: number;
  /** Null once it works again. */
  readonly lastError: { readonly reason: string } | null;
}

/** Alarms on their way to a program that is told of them. */
export interface ToldWebhook extends Pick<Forwarded, 'oldestMs' | 'delivered'> {
  readonly name: string;
  readonly waiting: number;
  readonly parked: readonly object[];
  /** Requests that delivered nothing. */
  readonly failed: number;
}

export interface ObservedParts {
  readonly services: Services;
  readonly calendar: SiteCalendar;
  readonly events: Events;
  readonly measures: Measures;
  /** Rows that wait for the disk. */
  readonly pendingRows: () => number;
  /** CALLs to chargers that wait for their turn. */
  readonly queuedCalls: () => number;
  /** Null: nothing is forwarded. */
  readonly forwarded: () => Forwarded | null;
  readonly webhooks: () => readonly ToldWebhook[];
  readonly clock: Clock;
}

export interface Observed extends ObservedParts {
  readonly startedMs: number;
  readonly figures: SiteFigures;
  readonly sessionCounts: SessionCounts;
  readonly uptimes: Uptimes;
  readonly eventLoop: EventLoopLag;
  /** W */
  readonly power: MinuteSeries;
  /** CALLs of chargers. */
  readonly messages: MinuteSeries;
  close(): void;
}

export function watch(parts: ObservedParts): Observed {
  const { services, calendar, events, measures, clock } = parts;
  const { durable, users, chargePoints, forecasts, journal } = services;
  const figures = new SiteFigures({
    ...{ state: durable, users, calendar, clock },
    isConnected: (chargePointId) => chargePoints.isConnected(chargePointId),
    isPending: (chargePoint) => chargePoints.admissionOf(chargePoint) === 'pending',
    powerOf: (session) => forecasts.powerW(session),
  });
  const eventLoop = watchEventLoop();
  const power = new MinuteSeries(clock, 'mean', () => figures.powerW() ?? 0);
  const messages = new MinuteSeries(clock, 'gain', () => measures.messageCount);
  const known = Array.from(durable.chargePoints(), ({ chargePointId }) => chargePointId);
  const uptimes = new Uptimes(clock, known);
  events.subscribe(({ event }) => {
    if (event.kind !== 'connection') return;
    if (event.isConnected) uptimes.connected(event.chargePointId);
    else uptimes.disconnected(event.chargePointId);
  });
  return {
    ...parts,
    ...{ figures, eventLoop, power, messages, uptimes },
    startedMs: clock.now(),
    sessionCounts: new SessionCounts(journal),
    close() {
      for (const part of [eventLoop, power, messages]) part.close();
    },
  };
}
