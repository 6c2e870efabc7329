// /api/chargers/{id}/trace: the raw frames of one charger, both directions.
import type { Hono } from 'hono';
import { TRACE_LIMIT_DEFAULT, TRACE_LIMIT_MAX, type List, type TracedLine } from '../contract.ts';
import type { ChargerPorts } from '../ports.ts';
import { HttpProblem } from '../problem.ts';
import { knownChargePoint } from './known-charge-point.ts';
import { get } from './get.ts';

export function addTraceRoute(app: Hono, ports: ChargerPorts): void {
  get(app, '/api/chargers/:id/trace', async (c) => {
    const { chargePointId } = knownChargePoint(ports, c.req.param('id'));
    const afterSeq = wholeNumber('after', c.req.query('after'), 0, Number.MAX_SAFE_INTEGER);
    const limit = wholeNumber('limit', c.req.query('limit'), 1, TRACE_LIMIT_MAX) ?? TRACE_LIMIT_DEFAULT;
    const lines = await ports.traces.read(chargePointId, {
      limit,
      ...(afterSeq === undefined ? {} : { afterSeq }),
    });
    const items = lines.map(({ seq, atMs, kind, text }) => ({
      seq,
      at: new Date(atMs).toISOString(),
      kind,
      text,
    }));
    return c.json({ items } satisfies List<TracedLine>);
  });
}

function wholeNumber(name: string, text: string | undefined, min: number, max: number): number | undefined {
  if (text === undefined) return undefined;
  const value = /^\d{1,16}$/.test(text) ? Number(text) : NaN;
  if (value >= min && value <= max) return value;
  throw new HttpProblem('badParameter', { detail: `${name} is a whole number from ${min} to ${max}` });
}
