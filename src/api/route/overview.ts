// /api/overview: the site at a glance.
import { Overview } from '../contract/overview.ts';
import type { Health } from '../contract/health.ts';
import { defineRoute, type Route } from '../define-route.ts';
import type { OverviewPort } from '../ports/overview.ts';
import { iso } from './iso.ts';

export function overviewRoutes(port: OverviewPort, health: () => Health): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api/overview',
      role: 'viewer',
      group: 'Site',
      summary: 'The site at a glance',
      answer: { description: 'How it is at this moment.', json: Overview },
      handle({ caller }) {
        const { siteName, timeZone } = port;
        const { status, version, problems } = health();
        const { atMs, monthEndsMs, powerByMinute, energyByDay, ...figures } = port.figures();
        return {
          json: {
            at: iso(atMs),
            ...{ siteName, timeZone, version },
            monthEndsAt: iso(monthEndsMs),
            role: caller.role,
            health: { status, problems },
            powerByMinute: powerByMinute.map(({ atMs, powerW }) => ({ at: iso(atMs), powerW })),
            energyByDay: [...energyByDay],
            ...figures,
          },
        };
      },
    }),
  ];
}
