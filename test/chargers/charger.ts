// A charger of the catalogue: its payloads, as it writes them, go through the lenient reader and the routes into a site's services. No sockets.
import { createAuthorize } from '../../src/ocpp/v16/action/authorize.ts';
import { createBootNotification } from '../../src/ocpp/v16/action/boot-notification.ts';
import { ConnectorIds } from '../../src/ocpp/v16/action/connector-id.ts';
import { createMeterValues } from '../../src/ocpp/v16/action/meter-values.ts';
import { createStartTransaction } from '../../src/ocpp/v16/action/start-transaction.ts';
import { createStatusNotification } from '../../src/ocpp/v16/action/status-notification.ts';
import { createStopTransaction } from '../../src/ocpp/v16/action/stop-transaction.ts';
import { readRequest } from '../../src/ocpp/v16/lenient.ts';
import type { ChargePointAction } from '../../src/ocpp/v16/messages.ts';
import type { Route } from '../../src/ocpp/v16/route.ts';
import { silentLog } from '../../src/runtime/log.ts';
import type { Session } from '../../src/domain/session.ts';
import type { Site } from '../kit/services.ts';

type Payload = Readonly<Record<string, unknown>>;

const HEARTBEAT_S = 60;

export class Charger {
  readonly site: Site;
  readonly chargePointId: string;
  readonly #connectorIds = new ConnectorIds({
    connectorsOf: (id) => this.site.services.chargePoints.connectorsOf(id),
  });

  constructor(site: Site, chargePointId = 'CP1') {
    this.site = site;
    this.chargePointId = chargePointId;
    site.services.chargePoints.connected(chargePointId);
  }

  /** Card A on connector 1, now, at register 0, unless told otherwise. */
  start(payload: Payload = {}): { transactionId: number; status: string } {
    const { sessions, users } = this.site.services;
    const { transactionId, idTagInfo } = this.#send(
      createStartTransaction(sessions, this.#connectorIds, users),
      {
        connectorId: 1,
        idTag: 'A',
        meterStart: 0,
        timestamp: this.now(),
        ...payload,
      },
    );
    return { transactionId, status: idTagInfo.status };
  }

  /** One MeterValue on connector 1, taken now: what the payload says else is sent beside it. */
  samples(sampledValue: readonly Payload[], payload: Payload = {}): void {
    const meterValue = [{ timestamp: this.now(), sampledValue }];
    this.meterValues({ connectorId: 1, meterValue, ...payload });
  }

  /** One sample of the register, in the unit that the standard has by default. */
  register(value: unknown, payload: Payload = {}): void {
    this.samples([{ value }], payload);
  }

  meterValues(payload: Payload): void {
    this.#send(createMeterValues(this.site.services.sessions, this.#connectorIds), payload);
  }

  /** Stopped now, with what the payload says. */
  stop(payload: Payload): void {
    this.#send(createStopTransaction(this.site.services.sessions), { timestamp: this.now(), ...payload });
  }

  authorize(idTag: string): string {
    return this.#send(createAuthorize(this.site.services.authorizer, this.site.services.users), { idTag })
      .idTagInfo.status;
  }

  boot(payload: Payload): string {
    const { chargePoints } = this.site.services;
    const times = { currentTime: () => this.now() };
    const parts = { chargePoints, times, heartbeatIntervalS: HEARTBEAT_S, log: silentLog };
    return this.#send(createBootNotification(parts), payload).status;
  }

  status(status: string, connectorId = 1): void {
    const payload = { connectorId, status, errorCode: 'NoError', timestamp: this.now() };
    this.#send(createStatusNotification(this.site.services.chargePoints), payload);
  }

  /** Time passes at the site. */
  wait(minutes: number): void {
    this.site.clock.advance(minutes * 60_000);
  }

  /** The present moment, to the second, as most chargers write it. */
  now(): string {
    return this.site.timestamp().replace(/\.\d+Z$/, 'Z');
  }

  session(transactionId: number): Session {
    return this.site.session(transactionId, this.chargePointId);
  }

  #send<A extends ChargePointAction>(route: Route<A>, payload: Payload) {
    // As text and back: what JSON does to a number or a missing member is part of what arrives.
    const { request } = readRequest(route.action, JSON.parse(JSON.stringify(payload)));
    const { chargePointId } = this;
    return route.handle({ chargePointId, receivedAt: this.site.clock.now(), request });
  }
}

/** All sessions of the site, ended or not. */
export function sessionsOf(site: Site): Session[] {
  return [...site.services.journal.live.sessions()];
}
