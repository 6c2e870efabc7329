// /api/chargers/{id}/recording: the trace as a file, with what a replay needs besides.
import { defineRoute, type Route } from '../define-route.ts';
import type { ChargerPorts } from '../ports.ts';
import { chargerParams, knownChargePoint } from './known-charge-point.ts';

/** What no file system and no header minds. */
const UNSAFE = /[^\w-]+/g;
const MAX_NAME_LENGTH = 64;

export function recordingRoutes(ports: ChargerPorts): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api/chargers/{id}/recording',
      role: 'viewer',
      group: 'Chargers',
      summary: 'The trace as a file that kwota replay reads',
      description: 'It has the messages as they are, card numbers included, and no names of people.',
      params: chargerParams,
      answer: { description: 'Lines of JSON.', text: ['application/x-ndjson'] },
      problems: ['chargerUnknown'],
      async handle({ params }) {
        const { chargePointId } = knownChargePoint(ports, params.id);
        const text = await ports.recordingOf(chargePointId);
        const name = chargePointId.replace(UNSAFE, '_').slice(0, MAX_NAME_LENGTH);
        return {
          text,
          headers: { 'content-disposition': `attachment; filename="recording-${name}.jsonl"` },
        };
      },
    }),
  ];
}
