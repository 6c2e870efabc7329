// /api/readings: the meter log, as pages of JSON or as one CSV.
import Type, { type Static } from 'typebox';
import type { Reading } from '../../domain/reading.ts';
import { readingIdText } from '../../domain/reading-id.ts';
import { PAGE_LIMIT_DEFAULT } from '../contract.ts';
import { pageQuery } from '../contract/schema.ts';
import { ReadingsPage, type Reading as ShownReading } from '../contract/readings.ts';
import { csvText } from '../csv.ts';
import { defineRoute, type Route } from '../define-route.ts';
import type { ReadingPorts } from '../ports/readings.ts';
import { atEndOfTurn } from '../../runtime/turn.ts';
import { iso } from './iso.ts';

const CSV = 'text/csv';
const MILLI = 1000;
/** Rows of a CSV that are looked for at once. */
const CSV_CHUNK = 1000;

const readingsQuery = Type.Object({
  ...pageQuery,
  charger: Type.Optional(Type.String({ description: 'Only those of this charger.' })),
  idTag: Type.Optional(Type.String({ description: 'Only those of sessions of this card, to the letter.' })),
  transactionId: Type.Optional(Type.Integer({ description: 'Only those of sessions with this id.' })),
  from: Type.Optional(Type.String({ format: 'date-time', description: 'Taken then or later.' })),
  to: Type.Optional(Type.String({ format: 'date-time', description: 'Taken before then.' })),
  after: Type.Optional(
    Type.Integer({ minimum: 1, description: '`next` of the page before: goes on after its last item.' }),
  ),
});

type Query = Static<typeof readingsQuery>;

export function readingRoutes(ports: ReadingPorts): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api/readings',
      role: 'viewer',
      group: 'Readings',
      summary: 'The meter log, the newest first',
      description:
        'In the order in which they came. CSV has all of them from the newest on, or as many as `limit` says. Readings ' +
        'older than `data.readingsDays` are gone.',
      query: readingsQuery,
      answer: { description: 'Readings.', json: ReadingsPage, text: [CSV] },
      async handle({ query, mediaType, signal }) {
        if (mediaType === CSV) return { stream: csvStream(ports, query, signal) };
        const { found, beforeSeq } = await findPage(ports, query, query.after ?? null, signal);
        return {
          json: { items: found.map(readingView), next: beforeSeq === null ? null : String(beforeSeq) },
        };
      },
    }),
  ];
}

interface FoundPage {
  readonly found: readonly Reading[];
  readonly beforeSeq: number | null;
}

/** Looks until the page is full or the log ends; in between whatever else the server does goes on. */
async function findPage(
  ports: ReadingPorts,
  query: Query,
  after: number | null,
  signal: AbortSignal,
): Promise<FoundPage> {
  const { limit = PAGE_LIMIT_DEFAULT, charger, transactionId, idTag, from, to } = query;
  const filter = {
    chargePointId: charger,
    transactionId,
    fromMs: from === undefined ? undefined : Date.parse(from),
    toMs: to === undefined ? undefined : Date.parse(to),
  };
  const found: Reading[] = [];
  let beforeSeq = after;
  do {
    const look = ports.find({ ...filter, beforeSeq, limit: limit - found.length });
    found.push(...look.readings.filter((one) => idTag === undefined || ports.idTagOf(one) === idTag));
    ({ beforeSeq } = look);
    await nextTurn();
  } while (found.length < limit && beforeSeq !== null && !signal.aborted);
  return { found, beforeSeq };
}

function csvStream(ports: ReadingPorts, query: Query, signal: AbortSignal): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  let left = query.limit ?? Infinity;
  let after = query.after ?? null;
  return new ReadableStream<Uint8Array>({
    async start(controller) {
      controller.enqueue(encoder.encode(await csvText([], CSV_COLUMNS)));
    },
    async pull(controller) {
      const limit = Math.min(left, CSV_CHUNK);
      const { found, beforeSeq } = await findPage(ports, { ...query, limit }, after, signal);
      const rows = await csvText(found.map(readingView), CSV_COLUMNS, 'rows');
      if (rows !== '') controller.enqueue(encoder.encode(rows));
      left -= found.length;
      after = beforeSeq;
      if (left <= 0 || beforeSeq === null || signal.aborted) controller.close();
    },
  });
}

function readingView(reading: Reading): ShownReading {
  const { id, at, chargePointId, connectorId, transactionId, userName, registerWh, powerW } = reading;
  const { frequencyMilliHz } = reading;
  return {
    id: readingIdText(id),
    at: iso(at),
    chargerId: chargePointId,
    connectorId,
    transactionId,
    userName,
    registerWh,
    powerW,
    frequencyHz: frequencyMilliHz === null ? null : frequencyMilliHz / MILLI,
  };
}

const CSV_COLUMNS = [
  'id',
  'at',
  'chargerId',
  'connectorId',
  'transactionId',
  'userName',
  'registerWh',
  'powerW',
  'frequencyHz',
] as const satisfies readonly (keyof ShownReading)[];

function nextTurn(): Promise<void> {
  return new Promise((resolve) => {
    atEndOfTurn(resolve);
  });
}
