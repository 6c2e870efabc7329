// The OCPP server of a site of a test: a free port, nothing measured, recorded, throttled or refused, and no pings.
import type { Services } from '../../src/csms/services.ts';
import { createOcppServer, type OcppServer, type OcppServerParts } from '../../src/ocpp/server.ts';
import type { Clock } from '../../src/runtime/clock.ts';
import type { Log } from '../../src/runtime/log.ts';

type Options = OcppServerParts['options'];

/** Long, so that a scenario may let hours pass. */
const HEARTBEAT_MS = 3_600_000;
const CALL_TIMEOUT_MS = 10_000;
const MAX_CONNECTIONS = 10;
const MAX_PAYLOAD_BYTES = 1024 * 1024;

export interface PlainOcppServerParts extends Pick<OcppServerParts, 'routes'> {
  readonly services: Services;
  readonly clock: Clock;
  readonly log: Log;
  readonly options?: Partial<Options>;
}

/** It does not listen yet. */
export function plainOcppServer({ services, options, ...parts }: PlainOcppServerParts): OcppServer {
  const { chargePoints, journal, quirks } = services;
  return createOcppServer({
    ...parts,
    options: {
      ...{ host: '127.0.0.1', port: 0, heartbeatIntervalMs: HEARTBEAT_MS, callTimeoutMs: CALL_TIMEOUT_MS },
      ...{ pingIntervalMs: 0, maxConnections: MAX_CONNECTIONS, maxPayloadBytes: MAX_PAYLOAD_BYTES },
      ...options,
    },
    presence: {
      connected: (id) => chargePoints.connected(id),
      disconnected: (id) => chargePoints.disconnected(id),
      contested: () => undefined,
      heard: (id, at) => chargePoints.heard(id, at),
    },
    frameTap: { frame: () => undefined },
    timeWatch: { answered: () => undefined, called: () => undefined },
    quirkSeen: (id, quirk, at) => quirks.seen(id, quirk, at),
    canonicalId: (id) => chargePoints.canonicalId(id),
    durable: () => journal.durable(),
    isCongested: () => false,
    onUncongested: () => () => undefined,
  });
}
