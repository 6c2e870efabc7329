// Every metric that kwota gives to Prometheus: name, meaning, and where its values come from. Part of the composition root.
import type { Observed } from './observed.ts';
import type { Metric, MetricLabels, NumberMetric, TimeMetric } from './runtime/exposition.ts';
import type { Histogram } from './runtime/histogram.ts';
import type { Timings } from './runtime/timings.ts';

const MS_PER_S = 1000;

type Numbers = Iterable<readonly [MetricLabels, number]>;

export function siteMetrics(observed: Observed): readonly Metric[] {
  return [
    ...timeMetrics(observed),
    ...siteGauges(observed),
    ...chargerGauges(observed),
    ...workGauges(observed),
    ...forwardMetrics(observed),
    ...webhookMetrics(observed),
  ];
}

function timeMetrics({ measures }: Observed): Metric[] {
  const { messages, meter, commands, requests, commits } = measures;
  return [
    times(
      'kwota_ocpp_message_seconds',
      'Messages of chargers, from the socket to their answer.',
      messages,
      'action',
    ),
    failures(
      'kwota_ocpp_message_errors_total',
      'Of them, those answered with a CALLERROR.',
      messages,
      'action',
    ),
    time('kwota_meter_values_seconds', 'MeterValues, the handling alone.', meter),
    times('kwota_ocpp_call_seconds', 'Calls to chargers, from sending to the answer.', commands, 'action'),
    failures(
      'kwota_ocpp_call_failures_total',
      'Of them, those not answered in time, or with a CALLERROR.',
      commands,
      'action',
    ),
    times(
      'kwota_api_request_seconds',
      'Requests to the API until their answer was there.',
      requests,
      'route',
    ),
    time(
      'kwota_journal_commit_seconds',
      'How long what was handed to the store took to be on disk.',
      commits,
    ),
    counter(
      'kwota_journal_rows_total',
      'Records and readings that are on disk since the start.',
      () => measures.rowsCommitted,
    ),
  ];
}

function siteGauges({ figures, services, sessionCounts }: Observed): Metric[] {
  return [
    gauge('kwota_chargers', 'Chargers that are known.', () => figures.chargers().total),
    gauge('kwota_chargers_connected', 'Chargers that are connected.', () => figures.chargers().connected),
    gauge(
      'kwota_chargers_faulted',
      'Chargers with a connector that says Faulted.',
      () => figures.chargers().faulted,
    ),
    gauge(
      'kwota_chargers_pending',
      'Chargers that wait until somebody approves them.',
      () => figures.chargers().pending,
    ),
    gauge('kwota_sessions_running', 'Sessions that have not ended.', () => figures.sessions().running),
    gauge(
      'kwota_sessions_charging',
      'Sessions whose connector says Charging.',
      () => figures.sessions().charging,
    ),
    counter(
      'kwota_sessions_started_total',
      'Sessions that began since the start.',
      () => sessionCounts.started,
    ),
    {
      ...{ name: 'kwota_sessions_ended_total', type: 'counter' },
      help: 'Sessions that ended since the start, by what says so: meterStop is the StopTransaction of the charger.',
      read: () => Object.entries(sessionCounts.ended()).map(([evidence, count]) => [{ evidence }, count]),
    },
    gauge(
      'kwota_power_watts',
      'What all sessions draw, as far as their chargers tell.',
      () => figures.powerW() ?? 0,
    ),
    gauge(
      'kwota_month_used_watt_hours',
      'Used in the billing month, all cards.',
      () => figures.month().usedWh,
    ),
    {
      ...{ name: 'kwota_alarm', type: 'gauge' },
      help: '1 for each alarm that is active.',
      read: () => services.alarms.active().map(({ id }) => [{ alarm: id }, 1]),
    },
  ];
}

function chargerGauges({ services, uptimes }: Observed): Metric[] {
  const { durable, chargePoints } = services;
  const ofEach = (value: (chargePointId: string) => number): Numbers =>
    Array.from(durable.chargePoints(), ({ chargePointId: charger }) => [{ charger }, value(charger)]);
  const delivered = (id: string) => durable.deliveredWh(id) + (durable.chargePoint(id)?.importedWh ?? 0);
  return [
    {
      ...{ name: 'kwota_charger_connected', help: '1 while the charger is connected.', type: 'gauge' },
      read: () => ofEach((id) => (chargePoints.isConnected(id) ? 1 : 0)),
    },
    {
      ...{ name: 'kwota_charger_uptime_ratio', type: 'gauge' },
      help: 'How much of the last 24 h, or of the time since the start, it was connected: 0 to 1.',
      read: () => ofEach((id) => uptimes.share(id) ?? 0),
    },
    {
      ...{ name: 'kwota_charger_energy_watt_hours', type: 'gauge' },
      help: 'All energy booked on it, with what it had delivered before kwota.',
      read: () => ofEach(delivered),
    },
  ];
}

function workGauges({ eventLoop, pendingRows, queuedCalls }: Observed): Metric[] {
  return [
    gauge('kwota_journal_pending_rows', 'Records and readings that wait for the disk.', pendingRows),
    gauge('kwota_ocpp_calls_queued', 'Calls to chargers that wait for their turn.', queuedCalls),
    {
      ...{ name: 'kwota_event_loop_lag_seconds', type: 'gauge' },
      help: 'How late timers were since the start; quantile 1 is the latest.',
      read: () => [
        [{ quantile: '0.5' }, eventLoop.quantileMs(0.5) / MS_PER_S],
        [{ quantile: '0.99' }, eventLoop.quantileMs(0.99) / MS_PER_S],
        [{ quantile: '1' }, eventLoop.maxMs() / MS_PER_S],
      ],
    },
  ];
}

/** Without a value where nothing is forwarded. */
function forwardMetrics({ forwarded, measures, clock }: Observed): Metric[] {
  type Standing = NonNullable<ReturnType<Observed['forwarded']>>;
  const of = (value: (standing: Standing) => number) => (): Numbers => {
    const standing = forwarded();
    return standing === null ? [] : [[{}, value(standing)]];
  };
  const ageS = ({ oldestMs }: Standing) =>
    oldestMs === null ? 0 : Math.max(0, clock.now() - oldestMs) / MS_PER_S;
  return [
    time('kwota_forward_seconds', 'Requests to the external API.', measures.external.took),
    counter(
      'kwota_forward_failures_total',
      'Of them, those that delivered nothing.',
      () => measures.external.failed,
    ),
    {
      ...{ name: 'kwota_forward_queued', help: 'Readings that wait to be sent.', type: 'gauge' },
      read: of(({ queued }) => queued),
    },
    {
      ...{ name: 'kwota_forward_oldest_seconds', help: 'Age of the oldest of them.', type: 'gauge' },
      read: of(ageS),
    },
    {
      ...{ name: 'kwota_forward_parked', help: 'Readings that the external API refuses.', type: 'gauge' },
      read: of(({ parked }) => parked),
    },
    {
      ...{ name: 'kwota_forward_delivered_total', type: 'counter' },
      help: 'Readings that were delivered since the start.',
      read: of(({ delivered }) => delivered),
    },
  ];
}

/** Without a value where no program is told of alarms. */
function webhookMetrics({ webhooks, clock }: Observed): Metric[] {
  type Standing = ReturnType<Observed['webhooks']>[number];
  const of = (value: (standing: Standing) => number) => (): Numbers =>
    webhooks().map((standing) => [{ webhook: standing.name }, value(standing)]);
  const ageS = ({ oldestMs }: Standing) =>
    oldestMs === null ? 0 : Math.max(0, clock.now() - oldestMs) / MS_PER_S;
  return [
    {
      ...{ name: 'kwota_webhook_waiting', help: 'Alarms that wait to be told.', type: 'gauge' },
      read: of(({ waiting }) => waiting),
    },
    {
      ...{ name: 'kwota_webhook_oldest_seconds', help: 'Age of the oldest of them.', type: 'gauge' },
      read: of(ageS),
    },
    {
      ...{ name: 'kwota_webhook_refused', help: 'Alarms that the receiver refuses.', type: 'gauge' },
      read: of(({ parked }) => parked.length),
    },
    {
      ...{ name: 'kwota_webhook_delivered_total', type: 'counter' },
      help: 'Alarms that were told since the start.',
      read: of(({ delivered }) => delivered),
    },
    {
      ...{ name: 'kwota_webhook_failures_total', type: 'counter' },
      help: 'Requests that told nothing.',
      read: of(({ failed }) => failed),
    },
  ];
}

function gauge(name: string, help: string, value: () => number): NumberMetric {
  return { name, help, type: 'gauge', read: () => [[{}, value()]] };
}

function counter(name: string, help: string, value: () => number): NumberMetric {
  return { name, help, type: 'counter', read: () => [[{}, value()]] };
}

function time(name: string, help: string, took: Histogram): TimeMetric {
  return { name, help, type: 'histogram', read: () => [[{}, took]] };
}

function times(name: string, help: string, timings: Timings, label: string): TimeMetric {
  const read = () => timings.all().map((one) => [{ [label]: one.name }, one.took] as const);
  return { name, help, type: 'histogram', read };
}

function failures(name: string, help: string, timings: Timings, label: string): NumberMetric {
  const read = () => timings.all().map((one) => [{ [label]: one.name }, one.failed] as const);
  return { name, help, type: 'counter', read };
}
