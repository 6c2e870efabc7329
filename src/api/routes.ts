// The table of all routes: what is served, and what the document is made of. Each resource has its file in route/.
import type { Route } from './define-route.ts';
import type { RoutePorts } from './ports.ts';
import { alarmRoutes } from './route/alarms.ts';
import { chargerAdminRoutes } from './route/charger-admin.ts';
import { chargerPasswordRoutes } from './route/charger-passwords.ts';
import { chargerRoutes } from './route/chargers.ts';
import { eventRoutes } from './route/events.ts';
import { forwardRoutes } from './route/forward.ts';
import { grantRoutes } from './route/grants.ts';
import { chargingProfileRoutes } from './route/charging-profiles.ts';
import { commandRecordRoutes } from './route/command-records.ts';
import { commandRoutes } from './route/commands.ts';
import { healthRoutes } from './route/health.ts';
import { logRoutes } from './route/logs.ts';
import { metricsRoutes } from './route/metrics.ts';
import { overviewRoutes } from './route/overview.ts';
import { performanceRoutes } from './route/performance.ts';
import { readingRoutes } from './route/readings.ts';
import { recordingRoutes } from './route/recording.ts';
import { reportRoutes } from './route/reports.ts';
import { serverRoutes } from './route/server.ts';
import { sessionRoutes } from './route/sessions.ts';
import { tokenRoutes } from './route/tokens.ts';
import { traceRoutes } from './route/trace.ts';
import { unknownTagRoutes } from './route/unknown-tags.ts';
import { usageRoutes } from './route/usage.ts';
import { userRoutes } from './route/users.ts';
import { webhookRoutes } from './route/webhooks.ts';

export function allRoutes(ports: RoutePorts): readonly Route[] {
  return [
    ...healthRoutes(ports.health),
    ...overviewRoutes(ports.overview, ports.health),
    ...chargerRoutes(ports.chargers),
    ...chargerAdminRoutes(ports.chargerAdmin, ports.chargers),
    ...chargerPasswordRoutes(ports.chargerPasswords, ports.chargers),
    ...commandRoutes(ports.commands, ports.chargers),
    ...commandRecordRoutes(ports.commands, ports.chargers),
    ...chargingProfileRoutes(ports.commands),
    ...traceRoutes(ports.chargers),
    ...recordingRoutes(ports.chargers),
    ...unknownTagRoutes(ports.users),
    ...userRoutes(ports.users),
    ...grantRoutes(ports.users),
    ...usageRoutes(ports.users),
    ...sessionRoutes(ports.sessions),
    ...reportRoutes(ports.reports),
    ...readingRoutes(ports.readings),
    ...alarmRoutes(ports.alarms),
    ...eventRoutes(ports.events, ports.sessions, ports.chargers, ports.logLines),
    ...forwardRoutes(ports.forward),
    ...webhookRoutes(ports.webhooks),
    ...logRoutes(ports.logLines),
    ...performanceRoutes(ports.performance),
    ...metricsRoutes(ports.metrics),
    ...tokenRoutes(ports.keptTokens),
    ...serverRoutes(ports.stopServer),
  ];
}
