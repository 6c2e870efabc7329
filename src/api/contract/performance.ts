// Measures as the API tells them: schemas and types. Percentiles are those of a histogram: within 10 % of the truth.
import Type, { type Static } from 'typebox';
import { isoTime, named, nullable } from './schema.ts';

const count = Type.Integer({ minimum: 0 });
const ms = (description: string) => nullable(Type.Number({ description: `${description} null: none yet.` }));

const spread = {
  count,
  p50Ms: ms('Half of them took no longer.'),
  p95Ms: ms('19 of 20 took no longer.'),
  maxMs: ms('The slowest.'),
};

const MessageMeasure = named('MessageMeasure', 'Messages of chargers, from the socket to their answer.', {
  action: Type.String({ description: 'Of OCPP 1.6; `other` for those that it does not have.' }),
  ...spread,
  errors: Type.Integer({ minimum: 0, description: 'Answered with a CALLERROR.' }),
});

const MeterMeasure = named('MeterMeasure', 'MeterValues, the handling alone.', spread);

const RouteMeasure = named('RouteMeasure', 'Requests to the API.', {
  route: Type.String({ description: '`GET /api/chargers/{id}`' }),
  ...spread,
});

const CommandMeasure = named('CommandMeasure', 'Calls to chargers, from the sending to the answer.', {
  action: Type.String(),
  count,
  failed: Type.Integer({ minimum: 0, description: 'Answered with a CALLERROR, or not in time.' }),
  p50Ms: spread.p50Ms,
  p95Ms: spread.p95Ms,
});

const ForwardMeasure = named('ForwardMeasure', 'Readings on their way to the external API.', {
  queued: count,
  oldestS: nullable(Type.Number({ description: 'Age of the oldest that waits.' })),
  lastError: nullable(Type.String()),
  p50Ms: spread.p50Ms,
  p95Ms: spread.p95Ms,
});

export type Performance = Static<typeof Performance>;
export const Performance = named('Performance', 'What is measured all the time, since the server started.', {
  since: isoTime('When the server started.'),
  messages: Type.Array(MessageMeasure),
  meter: MeterMeasure,
  api: Type.Array(RouteMeasure),
  commands: Type.Array(CommandMeasure),
  forward: nullable(ForwardMeasure),
  transactions: named('TransactionMeasure', 'Sessions.', {
    started: count,
    ended: count,
    successPercent: nullable(
      Type.Number({
        description: 'Of those that ended: with a StopTransaction of the charger. null: none has ended.',
      }),
    ),
  }),
  journal: named('JournalMeasure', 'Writing to the disk: how long a message waits for it.', {
    commits: count,
    rows: count,
    p50Ms: spread.p50Ms,
    p95Ms: spread.p95Ms,
    maxMs: spread.maxMs,
  }),
  eventLoop: named('EventLoopMeasure', 'How late timers are: what the program is busy with in one piece.', {
    p50Ms: Type.Number(),
    p99Ms: Type.Number(),
    maxMs: Type.Number(),
  }),
  memoryBytes: Type.Integer({ description: 'Resident.' }),
  cpuPercent: Type.Number({ description: 'Of one core, since it was asked last.' }),
  messagesPerMinute: Type.Array(
    named('MinuteCount', 'Messages of chargers in a minute.', {
      at: isoTime('When it began.'),
      count,
    }),
    { description: 'The last 60 full minutes since the start, the oldest first.' },
  ),
  chargers: Type.Array(
    named('ChargerUptime', 'How much of the time a charger was connected.', {
      chargerId: Type.String(),
      uptimePercent: Type.Number({
        description: 'Of the last 24 h, or since the server started or it connected first.',
      }),
    }),
  ),
});
