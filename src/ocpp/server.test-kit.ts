// For the tests of the server: one on a free port with recording ports, and charge points that are plain WebSocket clients. Used by tests only.
import { WebSocket, type ClientOptions } from 'ws';
import { systemClock } from '../runtime/clock.ts';
import type { Log, LogFields } from '../runtime/log.ts';
import type { OcppServerOptions } from './ports.ts';
import { createOcppServer, type OcppServer, type OcppServerParts } from './server.ts';
import { formatDateTime } from './v16/date-time.ts';
import type { TransferRecorder } from './v16/action/transfer-recorder.ts';
import type { Route } from './v16/route.ts';
import { createRoutes, type CoreRoutes } from './v16/routes.ts';
import type { ChargePointAction, ResponseOf } from './v16/messages.ts';

/** The part of a tap test that the kit needs. */
export interface Teardown {
  teardown(undo: () => unknown): unknown;
}

export interface LogLine {
  readonly level: string;
  readonly message: string;
  readonly fields: LogFields;
}

export interface TestServer {
  readonly server: OcppServer;
  readonly host: string;
  readonly port: number;
  readonly lines: LogLine[];
  /** `connected ID`, `disconnected ID REASON`, `contested ID ADDRESS…` in order. */
  readonly presence: string[];
  /** Ids heard, one for each frame. */
  readonly heard: string[];
  connect(path: string, protocols?: string | string[], options?: ClientOptions): Promise<TestCharger>;
  /** Resolves when the condition holds, looked at after each turn of the event loop; the test's timeout is the bound. */
  until(condition: () => boolean): Promise<void>;
}

export interface TestCharger {
  readonly socket: WebSocket;
  send(message: string | Uint8Array): void;
  /** The next text frame, parsed. */
  next(): Promise<unknown>;
  /** How many frames arrived that next() has not returned. */
  pending(): number;
  readonly closed: Promise<{ code: number; reason: string }>;
}

/** A route that records nothing and always answers the same. */
export function fixedRoute<A extends ChargePointAction>(
  action: A,
  response: ResponseOf<A>,
  more: Partial<Route<A>> = {},
): Route<A> {
  return { action, waitsForDisk: false, forgives: 'everything', handle: () => response, ...more };
}

/** Nobody has asked for a transfer. */
export const noTransfers: TransferRecorder = { statusChanged: () => undefined };

/** Core routes with the smallest legal answers; transaction messages wait for the disk. */
export function fixedCoreRoutes(): CoreRoutes {
  const waitsForDisk = true;
  return {
    Authorize: fixedRoute('Authorize', { idTagInfo: { status: 'Accepted' } }, { forgives: 'spelling' }),
    BootNotification: fixedRoute('BootNotification', {
      status: 'Accepted',
      currentTime: '2026-11-30T12:00:00Z',
      interval: 60,
    }),
    MeterValues: fixedRoute('MeterValues', {}, { waitsForDisk }),
    StartTransaction: fixedRoute(
      'StartTransaction',
      { transactionId: 7, idTagInfo: { status: 'Accepted' } },
      { waitsForDisk },
    ),
    StatusNotification: fixedRoute('StatusNotification', {}, { forgives: 'spelling' }),
    StopTransaction: fixedRoute('StopTransaction', {}, { waitsForDisk }),
  };
}

const options: OcppServerOptions = {
  host: '127.0.0.1',
  port: 0,
  heartbeatIntervalMs: 60_000,
  callTimeoutMs: 10_000,
  pingIntervalMs: 30_000,
  maxConnections: 100,
  maxPayloadBytes: 1024 * 1024,
  outboundGate: { afterBootMs: 0, afterOtherMs: 0, backstopMs: 0 },
};

/** Starts a server that is closed with the test. */
export async function startServer(
  t: Teardown,
  changes: Partial<Omit<OcppServerParts, 'options' | 'routes'>> & {
    options?: Partial<OcppServerOptions>;
    core?: Partial<CoreRoutes>;
  } = {},
): Promise<TestServer> {
  const lines: LogLine[] = [];
  const presence: string[] = [];
  const heard: string[] = [];
  const log = recordingLog(lines);
  const { options: optionChanges, core, ...parts } = changes;
  const server = createOcppServer({
    clock: systemClock,
    log,
    presence: {
      connected: (id) => {
        presence.push(`connected ${id}`);
      },
      disconnected: (id, { reason }) => {
        presence.push(`disconnected ${id} ${reason}`);
      },
      contested: (id, addresses) => {
        presence.push(['contested', id, ...addresses].join(' '));
      },
      heard: (id) => {
        heard.push(id);
      },
    },
    frameTap: { frame: () => undefined },
    timeWatch: { answered: () => undefined, called: () => undefined },
    canonicalId: (id) => id,
    quirkSeen: () => undefined,
    durable: () => Promise.resolve(),
    isCongested: () => false,
    onUncongested: () => () => undefined,
    ...parts,
    options: { ...options, ...optionChanges },
    routes: createRoutes({
      times: { currentTime: () => formatDateTime((parts.clock ?? systemClock).now()) },
      log,
      core: { ...fixedCoreRoutes(), ...core },
      transfers: noTransfers,
    }),
  });
  const { host, port } = await server.listen();
  t.teardown(() => server.close());
  return {
    server,
    host,
    port,
    lines,
    presence,
    heard,
    connect: (path, protocols = 'ocpp1.6', clientOptions = {}) =>
      connect(t, `ws://${host}:${port}${path}`, protocols, clientOptions),
    until: async (condition) => {
      while (!condition()) await new Promise((resolve) => setImmediate(resolve));
    },
  };
}

function recordingLog(lines: LogLine[]): Log {
  const write =
    (level: string) =>
    (_tag: string, message: string, fields: LogFields = {}) => {
      lines.push({ level, message, fields });
    };
  return {
    debug: write('debug'),
    info: write('info'),
    warn: write('warn'),
    error: write('error'),
    isEnabled: () => true,
  };
}

async function connect(
  t: Teardown,
  url: string,
  protocols: string | string[],
  clientOptions: ClientOptions,
): Promise<TestCharger> {
  const socket = new WebSocket(url, protocols, clientOptions);
  t.teardown(() => socket.terminate());
  const frames: unknown[] = [];
  const readers: ((frame: unknown) => void)[] = [];
  socket.on('message', (data) => {
    const frame: unknown = JSON.parse((data as Buffer).toString());
    const reader = readers.shift();
    if (reader === undefined) frames.push(frame);
    else reader(frame);
  });
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => resolve({ code, reason: reason.toString() }));
  });
  await new Promise((resolve, reject) => {
    socket.once('open', resolve);
    socket.once('error', reject);
  });
  socket.on('error', () => undefined);
  return {
    socket,
    closed,
    send: (message) => socket.send(message),
    pending: () => frames.length,
    next: () =>
      frames.length > 0 ? Promise.resolve(frames.shift()) : new Promise((resolve) => readers.push(resolve)),
  };
}
