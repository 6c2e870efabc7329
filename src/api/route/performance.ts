// /api/performance: what is measured all the time, for people. Programs read /metrics.
import { Performance } from '../contract/performance.ts';
import { defineRoute, type Route } from '../define-route.ts';
import type { PerformancePort } from '../ports/performance.ts';

export function performanceRoutes(port: PerformancePort): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api/performance',
      role: 'viewer',
      group: 'Site',
      summary: 'What is measured',
      description: 'Since the server started. `/api/metrics` has the same for Prometheus.',
      answer: { description: 'Counts and times.', json: Performance },
      handle: () => ({ json: port.snapshot() }),
    }),
  ];
}
