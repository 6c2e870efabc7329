// /api/health: how the server is, for anybody.
import { Health } from '../contract/health.ts';
import { defineRoute, type Route } from '../define-route.ts';

export function healthRoutes(health: () => Health): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api/health',
      role: null,
      group: 'Server',
      summary: 'How the server is',
      // 200 also when degraded: what is wrong is worked around, and a watchdog that restarts would not mend it.
      description: 'The status is 200 also when something is wrong: `status` and `problems` say so.',
      answer: { description: 'How it is at this moment.', json: Health },
      handle: () => ({ json: health() }),
    }),
  ];
}
