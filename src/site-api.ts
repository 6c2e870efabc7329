// The API server with everything that its routes act through, joined from the services. Part of the composition root.
import { hostname } from 'node:os';
import { fixedTokens } from './api/auth.ts';
import type { CertificateSource } from './api/listener.ts';
import type { Health } from './api/contract/health.ts';
import type { ApiListener } from './api/listener.ts';
import type { ForwardPort } from './api/ports/forward.ts';
import type { WebhookPort } from './api/ports/webhooks.ts';
import { createApiServer } from './api/server.ts';
import { createChargerPorts } from './charger-ports.ts';
import { createCommandPorts } from './command-ports.ts';
import type { Config } from './config/schema.ts';
import type { Traces } from './csms/traces.ts';
import { UserAdmin, type UserAdminParts } from './csms/user-admin.ts';
import type { Engine } from './engine.ts';
import type { Observation } from './observe-ports.ts';
import type { Clock } from './runtime/clock.ts';
import type { Log } from './runtime/log.ts';
import type { Store } from './store/store.ts';
import { createSitePorts, type SitePortParts } from './site-ports.ts';
import { createUserPorts } from './user-ports.ts';

export interface SiteApiParts
  extends Pick<Engine, 'services' | 'operations' | 'calendar'>, Pick<SitePortParts, 'events'> {
  readonly store: SitePortParts['store'] & Pick<Store, 'health'>;
  readonly traces: Traces;
  readonly usersFile: UserAdminParts['file'];
  readonly adminToken: string;
  readonly certificates: CertificateSource | null;
  readonly health: () => Health;
  readonly observation: Observation;
  readonly forward: ForwardPort;
  readonly webhooks: WebhookPort;
}

export interface SiteApiOptions {
  readonly config: Config;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
  readonly onStopAsked: (by: string) => void;
}

export function createSiteApi(options: SiteApiOptions, parts: SiteApiParts): ApiListener {
  const { config, version, clock, log, onStopAsked } = options;
  const { services, operations, calendar, events, store, traces, usersFile } = parts;
  const { adminToken, certificates, health, forward, webhooks } = parts;
  const { figures, overview, performance, metrics, logLines, requestTook } = parts.observation;
  const { host, port, hosts, cors, rateLimit, rateBurst, tokens } = config.api;
  return createApiServer({
    hosts: [...hosts, hostname()],
    ...{ host, port, certificates, cors, version, clock, log, health },
    ...{ overview, performance, metrics, logLines, requestTook, forward, webhooks },
    storeFault: () => store.health().reason,
    rateLimits: { perSecond: rateLimit, burst: rateBurst },
    chargers: createChargerPorts({ config, version, clock, services, figures, traces }),
    chargerAdmin: services.chargerAdmin,
    chargerPasswords: {
      set: (chargePointId, password, by) => services.passwords.set(chargePointId, password, by),
      clear: (chargePointId, by) => services.passwords.clear(chargePointId, by),
      rotate: (chargePointId, by) => services.passwords.rotate(operations.commands, chargePointId, by),
    },
    commands: createCommandPorts(services, operations, clock),
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
