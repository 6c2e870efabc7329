// /api/chargers/{id}/recording: the trace as a file, with what a replay needs besides.
import type { Hono } from 'hono';
import type { ChargerPorts } from '../ports.ts';
import { knownChargePoint } from './known-charge-point.ts';
import { get } from './get.ts';

/** What no file system and no header minds. */
const UNSAFE = /[^\w-]+/g;
const MAX_NAME_LENGTH = 64;

export function addRecordingRoute(app: Hono, ports: ChargerPorts): void {
  get(app, '/api/chargers/:id/recording', async (c) => {
    const { chargePointId } = knownChargePoint(ports, c.req.param('id'));
    const text = await ports.recordingOf(chargePointId);
    const name = chargePointId.replace(UNSAFE, '_').slice(0, MAX_NAME_LENGTH);
    return c.body(text, 200, {
      'content-type': 'application/x-ndjson; charset=utf-8',
      'content-disposition': `attachment; filename="recording-${name}.jsonl"`,
    });
  });
}
