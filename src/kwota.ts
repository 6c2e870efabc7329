// The composition root: the one file that knows every part and joins them into a central system.
import { ensureAdminToken } from './api/admin-token.ts';
import type { ApiListening } from './api/listener.ts';
import type { Health } from './api/contract/health.ts';
import type { ForwardPort } from './api/ports/forward.ts';
import type { WebhookPort } from './api/ports/webhooks.ts';
import { createChargerAccess } from './charger-access.ts';
import { watchConfig, type ConfigReload } from './config-reload.ts';
import type { Config } from './config/schema.ts';
import { READINGS_REMEMBERED } from './csms/readings.ts';
import { tellDuplicateIdentity } from './csms/duplicate-identity.ts';
import type { Events } from './csms/events.ts';
import { watchMonth } from './csms/month-turn.ts';
import { statusOf, type Remote } from './csms/remote.ts';
import { Traces } from './csms/traces.ts';
import type { Services } from './csms/services.ts';
import { backUpDaily, type BackUp } from './daily-backup.ts';
import { withoutSecrets } from './domain/frame-secrets.ts';
import type { SiteCalendar } from './domain/site-calendar.ts';
import { createEngine } from './engine.ts';
import type { LiveViews } from './files/live-views.ts';
import { MeterDataLog } from './files/view/meter-data-log.ts';
import type { ProxyVariables } from './forward/sender.ts';
import { startForwarding } from './forwarding.ts';
import { Measures } from './measures.ts';
import type { Listening } from './ocpp/listeners.ts';
import type { Durability, TimeWatch, TlsOptions } from './ocpp/ports.ts';
import { createOcppServer, type OcppServer } from './ocpp/server.ts';
import type { RequestOf } from './ocpp/v16/messages.ts';
import type { Routes } from './ocpp/v16/route.ts';
import type { TimeFormats } from './ocpp/v16/time-format.ts';
import type { CancelTimer, Clock } from './runtime/clock.ts';
import { observe } from './observe-ports.ts';
import { openFolder } from './own-folder.ts';
import type { Log } from './runtime/log.ts';
import type { LogFileWatch } from './runtime/log-file.ts';
import type { LogLines } from './runtime/log-ring.ts';
import { processId } from './runtime/process.ts';
import { removeServerFile, writeServerFile } from './server-file.ts';
import { createSiteApi } from './site-api.ts';
import { createViews, openUsers, takeOverWhenFresh } from './site-files.ts';
import { openTls } from './tls.ts';
import { watchSite } from './site-ports.ts';
import type { Store } from './store/store.ts';
import { watchTrouble } from './trouble.ts';
import { startUpkeep } from './upkeep.ts';
import { startWebhooks } from './webhooks.ts';
import { ChargerUploads, type UploadDoor } from './uploads.ts';

export interface KwotaOptions {
  readonly config: Config;
  /** Absolute; made when it does not exist. */
  readonly dataDir: string;
  readonly version: string;
  readonly clock: Clock;
  readonly log: Log;
  /** The newest lines of it. */
  readonly logLines: LogLines;
  /** Where it goes beside stderr; null: nowhere. It is opened when the folder is this server's. */
  readonly logFile: LogFileWatch | null;
  /** Where the configuration was read from, and is read from again when it changes; null: it never is. */
  readonly reload?: ConfigReload | null;
  /** How the backup of the day is made; left out: none is. */
  readonly backUp?: BackUp;
  /** What the environment says of proxies. */
  readonly proxy?: ProxyVariables;
  /** Called when it cannot go on: nothing more is acknowledged, and the process should end. */
  readonly onFatal: (error: Error) => void;
  /** Somebody asked for its end through the API; `by` is the name of his token. */
  readonly onStopAsked: (by: string) => void;
}

export interface Addresses {
  readonly ocpp: Listening;
  readonly api: ApiListening;
}

export interface Kwota {
  /** Resolves when all ports listen. When it rejects, nothing of it is left running. */
  start(): Promise<Addresses>;
  /** Finishes what was acknowledged, closes sockets with 1001, frees the folder. Rejects when something failed to close. */
  stop(): Promise<void>;
}

export function createKwota(options: KwotaOptions): Kwota {
  const { log } = options;
  const closers: (() => void | Promise<void>)[] = [];
  let starting: Promise<Addresses> | null = null;

  async function closeAll(): Promise<unknown> {
    let failure: unknown = null;
    for (let close = closers.pop(); close; close = closers.pop()) {
      try {
        await close();
      } catch (cause) {
        log.error('DATA', 'could not be closed in order', { cause: String(cause) });
        failure ??= cause;
      }
    }
    return failure;
  }

  return {
    async start() {
      starting = startParts(options, (close) => closers.push(close));
      try {
        return await starting;
      } catch (cause) {
        await closeAll();
        throw cause;
      }
    },
    async stop() {
      // Asked to stop while it starts: a part that is about to be started would be left running.
      await starting?.catch(() => undefined);
      const failure = await closeAll();
      if (failure instanceof Error) throw failure;
    },
  };
}

/** Starts one part after the other; each leaves with `onStop` what undoes it, called in reverse order. */
async function startParts(
  options: KwotaOptions,
  onStop: (close: () => void | Promise<void>) => void,
): Promise<Addresses> {
  const { config, dataDir, version, clock, log } = options;
  const newest = { newestReadings: config.data.meterLogEntries, newestReadingIds: READINGS_REMEMBERED };
  const { store, loaded } = await openFolder({ ...options, ...newest }, onStop);
  const chargers: { server?: OcppServer } = {};
  const remote = createRemote(chargers);
  const uploads = new ChargerUploads(options);
  const measures = new Measures(clock);
  const { services, operations, calendar, routes, times } = createEngine({
    ...{ config, store: measures.timed(store), loaded, remote, clock, log },
    uploadUrl: (chargePointId) => uploads.urlOf(chargePointId),
  });
  onStop(() => services.enforcer.close());
  const events = watchSite(services, clock);
  onStop(() => events.close());
  const outside: { forward?: ForwardPort; webhooks?: WebhookPort } = {};
  const observation = observe(options, {
    ...{ services, calendar, events, measures },
    pendingRows: () => store.health().pendingRows,
    queuedCalls: () => chargers.server?.queuedCalls() ?? 0,
    forwarded: () => outside.forward?.forwarding?.status() ?? null,
    webhooks: () => outside.webhooks?.all().map((one) => one.status()) ?? [],
  });
  onStop(() => observation.close());
  // The chargers are gone by then, and the store is open still.
  onStop(() => services.quirks.flush());
  // From the first commit on: the take-over's readings are shown as well.
  const meterDataLog = new MeterDataLog(config.data.meterLogEntries, loaded.readings);
  services.journal.onDurable(({ readings }) => meterDataLog.add(readings));
  const usersFile = await openUsers(options, services);
  onStop(() => usersFile.close());
  await takeOverWhenFresh(options, services, calendar);
  const onAttempt = (ms: number, isDelivered: boolean) => measures.attempted(ms, isDelivered);
  const forward = (outside.forward = startForwarding(options, { services, store, onStop, onAttempt }));
  const webhooks = (outside.webhooks = startWebhooks(options, { services, onStop }));
  const views = createViews(options, services, calendar, meterDataLog);
  onStop(() => views.close());
  onStop(watchTrouble({ dataDir, store, views, alarms: services.alarms, clock }));
  const traces = createTraces(options, store);
  onStop(() => traces.close());
  const tls = await openTls({ config, alarms: services.alarms, clock, log });
  onStop(() => tls.close());
  const door = uploads.doorTo(operations);
  const ocpp = createOcpp(options, {
    ...{ services, routes, times, store, traces, events, uploads: door },
    ...{ timeWatch: measures, tls: tls.ocpp?.options },
  });
  tls.ocpp?.onRenewed((credentials) => ocpp.renewCertificates(credentials));
  chargers.server = ocpp;
  const startedMs = clock.monotonicMs();
  const health = () => healthOf(services, version, (clock.monotonicMs() - startedMs) / 1000);
  const api = createSiteApi(options, {
    ...{ services, operations, calendar, events, store, traces, usersFile },
    ...{ certificates: tls.api, health, observation, forward, webhooks },
    adminToken: await ensureAdminToken(dataDir),
  });
  const addresses = { ocpp: await ocpp.listen(), api: await api.listen() };
  onStop(() => api.close());
  onStop(() => ocpp.close());
  onStop(startUpkeep(options, services, store));
  onStop(backUpOf(options, services, calendar));
  onStop(watchMonth(clock, calendar, (month) => monthTurned(month, services, ocpp, views, log)));
  services.enforcer.reviewAll();
  onStop(watchConfig(options, services));
  onStop(await tellAddresses(options, addresses));
  return addresses;
}

function backUpOf(
  { config, dataDir, backUp, clock, log }: KwotaOptions,
  { alarms }: Services,
  calendar: SiteCalendar,
): CancelTimer {
  if (!backUp) return () => undefined;
  const today = () => calendar.dayAt(clock.now()).day;
  return backUpDaily({ dataDir, keep: config.data.backups, today, backUp, alarms, clock, log });
}

function createTraces({ config, clock, log }: KwotaOptions, store: Store): Traces {
  const { days, maxSize, maxTotalSize } = config.trace;
  const limits = { bytesOfCharger: maxSize, bytesOfAll: maxTotalSize };
  return new Traces({ store, limits, isStored: days > 0, clock, log });
}

/** Local commands find the server by it. Chargers do not need it: where it cannot be written, charging goes on. */
async function tellAddresses(
  { dataDir, version, clock, log }: KwotaOptions,
  addresses: Addresses,
): Promise<() => Promise<void>> {
  const startedAt = new Date(clock.now()).toISOString();
  try {
    await writeServerFile(dataDir, addresses, { pid: processId, version, startedAt });
  } catch (cause) {
    log.error('DATA', 'local commands will not find this server', { cause: String(cause) });
  }
  return () => removeServerFile(dataDir);
}

/** What the enforcer needs of the chargers; until there is a server, none is connected. */
function createRemote(chargers: { readonly server?: OcppServer }): Remote {
  return {
    isConnected: (chargePointId) => chargers.server?.isConnected(chargePointId) ?? false,
    async call(chargePointId, action, payload, isWanted) {
      // Requests (csms/remote.ts) has OCPP's own payloads, with readonly lists.
      const request = payload as RequestOf<typeof action>;
      return (await chargers.server?.call(chargePointId, action, request, isWanted)) ?? { kind: 'offline' };
    },
  };
}

interface OcppParts {
  readonly services: Services;
  readonly routes: Routes;
  readonly times: TimeFormats;
  readonly store: Store;
  readonly traces: Traces;
  readonly events: Events;
  readonly timeWatch: TimeWatch;
  readonly uploads: UploadDoor;
  readonly tls: TlsOptions | undefined;
}

function createOcpp({ config, clock, log }: KwotaOptions, parts: OcppParts): OcppServer {
  const { services, routes, times, store, traces, events, timeWatch, uploads, tls } = parts;
  const { alarms, chargePoints, commissioning, enforcer, journal, quirks } = services;
  const { ocpp } = config;
  return createOcppServer({
    options: {
      host: ocpp.host,
      port: ocpp.port,
      tls,
      pathPrefix: ocpp.pathPrefix ?? undefined,
      webOrigins: ocpp.webOrigins,
      heartbeatIntervalMs: ocpp.heartbeatInterval * 1000,
      callTimeoutMs: ocpp.callTimeout * 1000,
      pingIntervalMs: ocpp.pingInterval * 1000,
      maxConnections: ocpp.maxConnections,
      maxPayloadBytes: ocpp.maxPayload,
    },
    routes,
    clock,
    log,
    presence: {
      connected(chargePointId, { origin, isEncrypted, authenticatedBy }) {
        uploads.connected(chargePointId, origin);
        chargePoints.connected(chargePointId, { isEncrypted, authenticatedBy });
        enforcer.reviewChargePoint(chargePointId);
        commissioning.connected(chargePointId);
        events.emit({ kind: 'connection', chargePointId, isConnected: true });
      },
      disconnected(chargePointId, { reason }) {
        if (reason === 'closed' || reason === 'error') times.hungUp(chargePointId);
        chargePoints.disconnected(chargePointId);
        events.emit({ kind: 'connection', chargePointId, isConnected: false });
      },
      contested: (chargePointId, addresses) => tellDuplicateIdentity(alarms, chargePointId, addresses),
      heard: (chargePointId, at) => chargePoints.heard(chargePointId, at),
    },
    quirkSeen: (chargePointId, quirk, at) => quirks.seen(chargePointId, quirk, at),
    timeWatch,
    frameTap: { frame: (chargePointId, kind, text) => traces.add(chargePointId, kind, withoutSecrets(text)) },
    ...createChargerAccess(config, services, clock),
    plainRequests: uploads.requests,
    durable: () => journal.durable(),
    ...congestionOf(store),
  });
}

/** Asked for each message, so it is remembered and not asked of the store. */
function congestionOf(store: Store): Pick<Durability, 'isCongested' | 'onUncongested'> {
  let isCongested = false;
  const listeners = new Set<() => void>();
  store.onHealth((health) => {
    const isOver = isCongested && !health.isCongested;
    isCongested = health.isCongested;
    if (isOver) for (const listener of listeners) listener();
  });
  return {
    isCongested: () => isCongested,
    onUncongested(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

/** Nobody has used anything in the new month: what was blocked may charge, also by the chargers' own caches. */
function monthTurned(
  month: string,
  { enforcer }: Services,
  ocpp: OcppServer,
  views: LiveViews,
  log: Log,
): void {
  log.info('QUOTA', 'a new month begins', { month });
  enforcer.reviewAll();
  views.touch();
  for (const chargePointId of ocpp.connectedIds()) {
    void ocpp.call(chargePointId, 'ClearCache', {}).then((outcome) => {
      log.info('COMMAND', 'ClearCache answered', {
        charger: chargePointId,
        answer: statusOf(outcome),
      });
    });
  }
}

function healthOf(services: Services, version: string, uptimeS: number): Health {
  // What the site has to be looked at for is no fault of the server.
  const problems = services.alarms
    .active()
    .flatMap(({ scope, message }) => (scope === 'server' ? [message] : []));
  return {
    status: problems.length === 0 ? 'ok' : 'degraded',
    version,
    uptimeS: Math.floor(uptimeS),
    chargersConnected: services.chargePoints.connectedCount(),
    sessionsRunning: [...services.durable.runningSessions()].length,
    problems,
  };
}
