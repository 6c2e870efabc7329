// /api/chargers/{id}/trace: the raw frames of one charger, both directions.
import Type from 'typebox';
import { TRACE_LIMIT_DEFAULT, TRACE_LIMIT_MAX } from '../contract.ts';
import { TracePage } from '../contract/chargers.ts';
import { defineRoute, type Route } from '../define-route.ts';
import type { ChargerPorts } from '../ports.ts';
import { chargerParams, knownChargePoint } from './known-charge-point.ts';

const traceQuery = Type.Object({
  after: Type.Optional(
    Type.Integer({
      minimum: 0,
      maximum: Number.MAX_SAFE_INTEGER,
      description: 'Only lines after this `seq`, the oldest first; without it the newest lines.',
    }),
  ),
  limit: Type.Optional(
    Type.Integer({
      minimum: 1,
      maximum: TRACE_LIMIT_MAX,
      default: TRACE_LIMIT_DEFAULT,
      description: 'How many lines at most.',
    }),
  ),
});

export function traceRoutes(ports: ChargerPorts): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api/chargers/{id}/trace',
      role: 'viewer',
      group: 'Chargers',
      summary: 'The raw frames of a charger',
      params: chargerParams,
      query: traceQuery,
      answer: { description: 'Lines in their order, the newest last.', json: TracePage },
      problems: ['chargerUnknown'],
      async handle({ params, query: { after, limit = TRACE_LIMIT_DEFAULT } }) {
        const { chargePointId } = knownChargePoint(ports, params.id);
        const range = { limit, ...(after === undefined ? {} : { afterSeq: after }) };
        const lines = await ports.traces.read(chargePointId, range);
        const items = lines.map(({ seq, atMs, kind, text }) => ({
          seq,
          at: new Date(atMs).toISOString(),
          kind,
          text,
        }));
        // Without `after` these are the newest: nothing follows.
        const last = after !== undefined && items.length === limit ? items.at(-1) : undefined;
        return { json: { items, next: last === undefined ? null : String(last.seq) } };
      },
    }),
  ];
}
