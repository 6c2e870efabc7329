// The engine: services and OCPP routes joined, so that a charger's message meets the same code in the server and in a replay.
import { configuredIds, settingsFor } from './config/charger-settings.ts';
import type { Config } from './config/schema.ts';
import type { Committer } from './csms/journal.ts';
import type { MeterSettings } from './csms/meter-settings.ts';
import type { EnforcementRules } from './csms/enforcement.ts';
import type { Remote } from './csms/remote.ts';
import type { UploadUrl } from './csms/command/upload-targets.ts';
import { createOperations, type Operations } from './csms/operations.ts';
import { createServices, type LoadedState, type Services } from './csms/services.ts';
import type { NextTransactionId } from './csms/transaction-ids.ts';
import { mergedKeys } from './domain/configuration-key.ts';
import { MAX_POWER_W } from './domain/energy-account.ts';
import { WH_PER_KWH } from './domain/energy.ts';
import { createSiteCalendar, type SiteCalendar } from './domain/site-calendar.ts';
import { createAuthorize } from './ocpp/v16/action/authorize.ts';
import { createBootNotification, type BootRecorder } from './ocpp/v16/action/boot-notification.ts';
import { ConnectorIds } from './ocpp/v16/action/connector-id.ts';
import { createMeterValues } from './ocpp/v16/action/meter-values.ts';
import { createStartTransaction } from './ocpp/v16/action/start-transaction.ts';
import { createStatusNotification } from './ocpp/v16/action/status-notification.ts';
import { createStopTransaction } from './ocpp/v16/action/stop-transaction.ts';
import { isCentralSystemAction } from './ocpp/v16/messages.ts';
import type { Routes } from './ocpp/v16/route.ts';
import { createRoutes } from './ocpp/v16/routes.ts';
import { TimeFormats, type TimeTeller } from './ocpp/v16/time-format.ts';
import type { Clock } from './runtime/clock.ts';
import type { Log } from './runtime/log.ts';

export interface EngineParts {
  readonly config: Config;
  readonly store: Committer;
  readonly loaded: LoadedState;
  readonly remote: Remote;
  readonly nextTransactionId?: NextTransactionId | undefined;
  /** Without it no charger can upload. */
  readonly uploadUrl?: UploadUrl;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Engine {
  readonly services: Services;
  readonly operations: Operations;
  readonly calendar: SiteCalendar;
  readonly routes: Routes;
  /** To be told when a charger hangs up: it may not like how it is told the time. */
  readonly times: TimeFormats;
}

export function createEngine(parts: EngineParts): Engine {
  const { config, clock, log } = parts;
  const { quota, site, ocpp } = config;
  const calendar = createSiteCalendar(site.timeZone, quota.resetDay);
  const services = createServices({
    store: parts.store,
    loaded: parts.loaded,
    calendar,
    rules: {
      get acceptsUnknownTags() {
        return quota.unknownTags === 'accept';
      },
      get allowsConcurrentSessions() {
        return quota.concurrentSessions === 'allow';
      },
    },
    admission: {
      get unknown() {
        return config.chargers.unknown;
      },
      get maxKnown() {
        return config.chargers.maxKnown;
      },
      get configuredIds() {
        return configuredIds(config);
      },
    },
    idTagMatch: quota.idTagMatch,
    enforcement: enforcementOf(config),
    meterSettingsOf: (chargePointId) => meterSettingsOf(config, chargePointId),
    remote: parts.remote,
    nextTransactionId: parts.nextTransactionId,
    clock,
    log,
  });
  const timeFormatOf = (chargePointId: string) => settingsFor(config, chargePointId).timeFormat;
  const times = new TimeFormats({ configuredFor: timeFormatOf, clock, log });
  const operations = createOperations({
    ...{ services, calendar, problemsOf, clock, log },
    turnWithinMs: ocpp.callTimeout * 1000,
    uploadUrl: parts.uploadUrl ?? (() => null),
  });
  const core = coreRoutes(services, operations, times, ocpp.heartbeatInterval, log);
  const routes = createRoutes({ times, log, core, transfers: operations.transfers });
  return { services, operations, calendar, times, routes };
}

/** The validator costs more to load than the rest of the server: not before somebody commands something. */
async function problemsOf(action: string, payload: unknown): Promise<readonly string[] | null> {
  if (!isCentralSystemAction(action)) return null;
  const { strictErrors } = await import('./ocpp/v16/strict.ts');
  return strictErrors(action, 'request', payload);
}

function enforcementOf(config: Config): EnforcementRules {
  const { quota, configure } = config;
  return {
    onExhausted: quota.onExhausted,
    isPredictive: quota.predictive,
    marginWh: quota.stopMarginKwh * WH_PER_KWH,
    isGuarded: quota.chargerGuard,
    warnAt: quota.warnAt,
    ladderOf: (chargePointId) => settingsFor(config, chargePointId).stopLadder,
    wantedOf(chargePointId) {
      const { localStart, configure: own } = settingsFor(config, chargePointId);
      return { localStart, keys: mergedKeys(configure.keys, own) };
    },
  };
}

function meterSettingsOf(config: Config, chargePointId: string): MeterSettings {
  const { energyUnit, startStopUnit, maxPowerKw } = settingsFor(config, chargePointId);
  return { energyUnit, startStopUnit, maxPowerW: maxPowerKw === null ? MAX_POWER_W : maxPowerKw * 1000 };
}

function coreRoutes(
  { authorizer, sessions, chargePoints, commissioning, quirks, users }: Services,
  operations: Operations,
  times: TimeTeller,
  heartbeatIntervalS: number,
  log: Log,
): Pick<
  Routes,
  | 'Authorize'
  | 'BootNotification'
  | 'MeterValues'
  | 'StartTransaction'
  | 'StatusNotification'
  | 'StopTransaction'
> {
  const recorder: BootRecorder = {
    booted(chargePointId, boot) {
      const status = chargePoints.booted(chargePointId, boot);
      quirks.booted(chargePointId);
      commissioning.booted(chargePointId);
      return status;
    },
  };
  const connectorIds = new ConnectorIds(chargePoints);
  return {
    Authorize: createAuthorize(authorizer, users),
    BootNotification: createBootNotification({ chargePoints: recorder, times, heartbeatIntervalS, log }),
    MeterValues: createMeterValues(sessions, connectorIds),
    StartTransaction: createStartTransaction(
      {
        start(message) {
          const started = sessions.start(message);
          operations.started({ ...message, transactionId: started.transactionId });
          return started;
        },
      },
      connectorIds,
      users,
    ),
    StatusNotification: createStatusNotification({
      statusChanged(chargePointId, message, receivedAtMs) {
        chargePoints.statusChanged(chargePointId, message, receivedAtMs);
        if (message.status === 'Available')
          sessions.connectorIsFree(chargePointId, message.connectorId, receivedAtMs);
      },
    }),
    StopTransaction: createStopTransaction(sessions),
  };
}
