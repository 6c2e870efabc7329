// The engine: services and OCPP routes joined, so that a charger's message meets the same code in the server and in a replay.
import { settingsFor } from './config/charger-settings.ts';
import type { Config } from './config/schema.ts';
import type { Committer } from './csms/journal.ts';
import type { MeterSettings } from './csms/meter-settings.ts';
import type { RemoteControl } from './csms/quota-enforcer.ts';
import { createServices, type Services } from './csms/services.ts';
import type { NextTransactionId } from './csms/transaction-ids.ts';
import { MAX_POWER_W } from './domain/energy-account.ts';
import type { Reading } from './domain/reading.ts';
import type { RecordVersion } from './domain/record.ts';
import { createSiteCalendar, type SiteCalendar } from './domain/site-calendar.ts';
import { createAuthorize } from './ocpp/v16/action/authorize.ts';
import { createBootNotification } from './ocpp/v16/action/boot-notification.ts';
import { createMeterValues } from './ocpp/v16/action/meter-values.ts';
import { createStartTransaction } from './ocpp/v16/action/start-transaction.ts';
import { createStatusNotification } from './ocpp/v16/action/status-notification.ts';
import { createStopTransaction } from './ocpp/v16/action/stop-transaction.ts';
import type { Routes } from './ocpp/v16/route.ts';
import { createRoutes } from './ocpp/v16/routes.ts';
import type { Clock } from './runtime/clock.ts';
import type { Log } from './runtime/log.ts';

export interface EngineParts {
  readonly config: Config;
  readonly store: Committer;
  readonly loaded: { readonly records: readonly RecordVersion[]; readonly readings: readonly Reading[] };
  readonly remote: RemoteControl;
  readonly nextTransactionId?: NextTransactionId | undefined;
  readonly clock: Clock;
  readonly log: Log;
}

export interface Engine {
  readonly services: Services;
  readonly calendar: SiteCalendar;
  readonly routes: Routes;
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
      acceptsUnknownTags: quota.unknownTags === 'accept',
      allowsConcurrentSessions: quota.concurrentSessions === 'allow',
    },
    idTagMatch: quota.idTagMatch,
    meterSettingsOf: (chargePointId) => meterSettingsOf(config, chargePointId),
    remote: parts.remote,
    nextTransactionId: parts.nextTransactionId,
    clock,
    log,
  });
  const core = coreRoutes(services, clock, ocpp.heartbeatInterval);
  return { services, calendar, routes: createRoutes({ clock, log, core }) };
}

function meterSettingsOf(config: Config, chargePointId: string): MeterSettings {
  const { energyUnit, startStopUnit, maxPowerKw } = settingsFor(config, chargePointId);
  return { energyUnit, startStopUnit, maxPowerW: maxPowerKw === null ? MAX_POWER_W : maxPowerKw * 1000 };
}

function coreRoutes(
  { authorizer, sessions, chargePoints }: Services,
  clock: Clock,
  heartbeatIntervalS: number,
): Pick<
  Routes,
  | 'Authorize'
  | 'BootNotification'
  | 'MeterValues'
  | 'StartTransaction'
  | 'StatusNotification'
  | 'StopTransaction'
> {
  return {
    Authorize: createAuthorize(authorizer),
    BootNotification: createBootNotification({ chargePoints, clock, heartbeatIntervalS }),
    MeterValues: createMeterValues(sessions),
    StartTransaction: createStartTransaction(sessions),
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
