// /metrics and /api/metrics: what is measured, for Prometheus. People read /api/performance.
import { defineRoute, type Route } from '../define-route.ts';
import type { MetricsPort } from '../ports/metrics.ts';

const TEXT = 'text/plain';
const CONTENT_TYPE = `${TEXT}; version=0.0.4; charset=utf-8`;

export function metricsRoutes(port: MetricsPort): readonly Route[] {
  return (['/metrics', '/api/metrics'] as const).map((path) =>
    defineRoute({
      ...{ method: 'GET', path, role: 'viewer', group: 'Site' },
      summary: 'Metrics for Prometheus',
      description:
        'In the text format 0.0.4. A scraper sends a token with the role viewer (`authorization` in its configuration).',
      answer: { description: 'Metrics.', text: [TEXT] },
      handle: async () => ({ text: await port.text(), headers: { 'content-type': CONTENT_TYPE } }),
    }),
  );
}
