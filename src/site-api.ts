// The API server with everything that its routes act through, joined from the services. Part of the composition root.
import { fixedTokens } from './api/auth.ts';
import type { Health } from './api/contract/health.ts';
import type { ForwardPort } from './api/ports/forward.ts';
import { createApiServer, type ApiServer } from './api/server.ts';
import { createChargerPorts } from './charger-ports.ts';
import { createCommandPorts } from './command-ports.ts';
import type { Config } from './config/schema.ts';
import type { Traces } from './csms/traces.ts';
import { UserAdmin, type UserAdminParts } from './csms/user-admin.ts';
import type { Engine } from './engine.ts';
import type { Observation } from './observe-ports.ts';
import type { Clock } from './runtime/clock.ts';
import type { Log } from './runtime/log.ts';
import { createSitePorts, type SitePortParts } from './site-ports.ts';
import { createUploadReceiver } from './uploads.ts';
import { createUserPorts } from './user-ports.ts';

export interface SiteApiParts
  extends Pick<Engine, 'services' | 'operations' | 'calendar'>, Pick<SitePortParts, 'events' | 'store'> {
  readonly traces: Traces;
  readonly usersFile: UserAdminParts['file'];
  readonly adminToken: string;
  readonly health: () => Health;
  readonly observation: Observation;
  readonly forward: ForwardPort;
}

export interface SiteApiOptions {
  readonly config: Config;
  readonly dataDir: string;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly onStopAsked: (by: string) => void;
}

export function createSiteApi(options: SiteApiOptions, parts: SiteApiParts): ApiServer {
  const { config, dataDir, version, clock, log, onStopAsked } = options;
  const { services, operations, calendar, events, store, traces, usersFile, adminToken, health, forward } =
    parts;
  const { figures, overview, performance, logLines } = parts.observation;
  const { host, port, cors, rateLimit, rateBurst, tokens } = config.api;
  return createApiServer({
    ...{ host, port, cors, version, clock, log, health, overview, performance, logLines, forward },
    rateLimits: { perSecond: rateLimit, burst: rateBurst },
    chargers: createChargerPorts({ config, version, clock, services, figures, traces }),
    chargerAdmin: services.chargerAdmin,
    commands: createCommandPorts(services, operations, clock),
    uploads: createUploadReceiver({ dataDir, operations, log }),
    users: createUserPorts({
      ...{ services, calendar, clock },
      admin: new UserAdmin({ users: services.users, file: usersFile, log }),
    }),
    ...createSitePorts({
      ...{ services, figures, events, store, calendar, clock, onStopAsked },
      fixed: fixedTokens([...tokens, { name: 'admin-token', role: 'admin', token: adminToken }]),
    }),
  });
}
