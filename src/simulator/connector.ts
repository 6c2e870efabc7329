// One connector of a simulated charger: its status, its meter, the session at it from the card to the StopTransaction.
import type { CancelTimer } from '../runtime/clock.ts';
import type { RequestOf, ResponseOf } from '../ocpp/v16/messages.ts';
import type { Car } from './car.ts';
import type { ChargingLimits } from './charging-limits.ts';
import type { Configuration } from './configuration.ts';
import type { SimulatorEvent } from './event.ts';
import { Meter, startStopValue } from './meter.ts';
import { outgoing, type OutgoingCall } from './outbox.ts';
import type { ChargingClock } from './pace.ts';
import type { Profile } from './profile.ts';
import type { Random } from './random.ts';
import { meterValue, timestampOf, type ReadingContext } from './reading.ts';
import { startSampling } from './sampling.ts';
import { Session, type StopTransactionReason } from './session.ts';

type Status = RequestOf<'StatusNotification'>['status'];
type ErrorCode = RequestOf<'StatusNotification'>['errorCode'];

/** What is sent for a transaction that the central system never gave an id (libocpp does the same). */
const NO_TRANSACTION_ID = -1;

/** What the connectors of a charger share. */
export interface ConnectorPorts {
  readonly profile: Profile;
  readonly configuration: Configuration;
  readonly limits: ChargingLimits;
  readonly charging: ChargingClock;
  readonly random: Random;
  readonly isOnline: () => boolean;
  readonly send: (call: OutgoingCall) => void;
  readonly tell: (event: SimulatorEvent) => void;
}

export class Connector {
  readonly connectorId: number;
  readonly #ports: ConnectorPorts;
  readonly #meter: Meter;
  #status: Status = 'Available';
  #isOperative = true;
  #errorCode: ErrorCode = 'NoError';
  #isAuthorizing = false;
  #session: Session | undefined;
  #cancelSampling: CancelTimer = () => undefined;
  #cancelStop: CancelTimer | undefined;

  /** `installedWh`: what a lifetime register shows in the beginning. */
  constructor(connectorId: number, installedWh: number, ports: ConnectorPorts) {
    this.connectorId = connectorId;
    this.#ports = ports;
    this.#meter = new Meter(ports.profile.register, installedWh);
  }

  get isFree(): boolean {
    const isInOrder = this.#isOperative && this.#errorCode === 'NoError';
    return isInOrder && this.#session === undefined && !this.#isAuthorizing;
  }

  get transactionId(): number | null {
    return this.#session?.transactionId ?? null;
  }

  get isCharging(): boolean {
    return this.#session !== undefined;
  }

  /** A card is held to the charger and a car plugged in: asks the central system, then charges. Nothing when it is not free. */
  authorize(idTag: string, car: Car): void {
    if (!this.isFree) return;
    this.#isAuthorizing = true;
    this.#show('Preparing');
    const decided = (status: ResponseOf<'Authorize'>['idTagInfo']['status'] | 'offline') => {
      this.#isAuthorizing = false;
      const mayStart = status === 'offline' ? this.#ports.profile.startsOffline : status === 'Accepted';
      if (mayStart && this.isFree) this.start(idTag, car);
      else this.#refuse(idTag, status);
    };
    if (!this.#ports.isOnline()) {
      decided('offline');
      return;
    }
    const settled = {
      answered: ({ idTagInfo }: ResponseOf<'Authorize'>) => decided(idTagInfo.status),
      failed: (why: 'offline' | 'refused') => decided(why === 'offline' ? 'offline' : 'Invalid'),
    };
    this.#ports.send(outgoing('Authorize', false, () => ({ idTag }), settled));
  }

  /**
   * A card is held to the charger: it begins a session where none is, and ends its own. While another card charges
   * nothing comes of it.
   */
  tap(idTag: string, car: Car): void {
    const session = this.#session;
    if (session === undefined) this.authorize(idTag, car);
    else if (session.idTag === idTag) this.stop('Local', 0);
    else this.#ports.tell({ kind: 'refused', connectorId: this.connectorId, idTag, status: 'Occupied' });
  }

  /** Charges without asking first, as after a RemoteStartTransaction. Nothing when it is not free. */
  start(idTag: string, car: Car): void {
    if (!this.isFree) return;
    const { charging, profile, send } = this.#ports;
    const session = new Session({ idTag, car, meter: this.#meter, atMs: charging.monotonicMs() });
    this.#session = session;
    const { connectorId } = this;
    const request = {
      connectorId,
      idTag,
      meterStart: startStopValue(profile.register, this.#meter.startStopWh),
      timestamp: this.#timestamp(),
    };
    const settled = {
      answered: (response: ResponseOf<'StartTransaction'>) => this.#started(session, response),
      failed: () => this.#refuseStarted(session, 'never answered'),
    };
    send(outgoing('StartTransaction', true, () => request, settled));
    this.refresh();
    this.#cancelSampling = startSampling({ ...this.#ports, sample: (context) => this.sample(context) });
  }

  /** Ends the session after `afterMs` of charging time; an end that is under way already stays as it is. */
  stop(reason: StopTransactionReason, afterMs: number): void {
    if (this.#session === undefined || this.#cancelStop !== undefined) return;
    this.#cancelStop = this.#ports.charging.after(afterMs, () => this.stopNow(reason));
  }

  /** Ends the session, if there is one. */
  stopNow(reason: StopTransactionReason): void {
    const session = this.#session;
    if (session === undefined) return;
    this.#flow();
    this.#cancelStop?.();
    this.#cancelStop = undefined;
    this.#cancelSampling();
    this.#session = undefined;
    this.#ports.limits.transactionEnded(this.connectorId);
    this.#sendStop(session, reason);
    this.#tellStopped(session, reason);
    this.#show('Finishing');
    this.#show(this.#idleStatus());
  }

  /** Lets flow what flowed at the old limits; to be called before they change. */
  beforeLimits(): void {
    this.#flow();
  }

  /** Tells the status when it has changed. */
  refresh(): void {
    const session = this.#session;
    if (session !== undefined) this.#show(session.status(this.#limitW()));
    else if (!this.#isAuthorizing) this.#show(this.#idleStatus());
  }

  /** Inoperative lets a running session end first. */
  setOperative(isOperative: boolean): void {
    this.#isOperative = isOperative;
    this.refresh();
  }

  /** Out of order from now on, or, with NoError, in order again. A session that runs goes on. */
  fault(errorCode: ErrorCode): void {
    this.#errorCode = errorCode;
    this.refresh();
  }

  sendStatus(): void {
    const request = {
      connectorId: this.connectorId,
      errorCode: this.#errorCode,
      status: this.#status,
      timestamp: this.#timestamp(),
    } as const;
    this.#ports.send(outgoing('StatusNotification', false, () => request));
  }

  /** Measures, and tells what it measured; without a session only when it was asked for. */
  sample(context: ReadingContext): void {
    const { configuration, profile, send } = this.#ports;
    const session = this.#session;
    this.#flow();
    this.refresh();
    const key = context === 'Sample.Clock' ? 'MeterValuesAlignedData' : 'MeterValuesSampledData';
    const measured = {
      registerWh: this.#meter.shownWh,
      powerW: session?.powerW(this.#limitW()) ?? 0,
      stateOfCharge: session?.stateOfCharge ?? null,
    };
    const value = meterValue(profile, this.#timestamp(), context, configuration.measurands(key), measured);
    if (value.sampledValue.length === 0) return;
    const request = () => ({
      connectorId: this.connectorId,
      ...(session === undefined ? {} : { transactionId: session.transactionId ?? NO_TRANSACTION_ID }),
      meterValue: [value],
    });
    send(outgoing('MeterValues', session !== undefined, request));
  }

  #started(session: Session, { transactionId, idTagInfo }: ResponseOf<'StartTransaction'>): void {
    session.transactionId = transactionId;
    if (idTagInfo.status === 'Accepted') {
      const { connectorId } = this;
      this.#ports.tell({ kind: 'started', connectorId, idTag: session.idTag, transactionId });
    } else this.#refuseStarted(session, idTagInfo.status);
  }

  #refuseStarted(session: Session, status: string): void {
    this.#ports.tell({ kind: 'refused', connectorId: this.connectorId, idTag: session.idTag, status });
    // It may have ended, and another begun, while nobody answered.
    if (this.#session === session && this.#ports.profile.stopsOnInvalidId) this.stopNow('DeAuthorized');
  }

  #refuse(idTag: string, status: string): void {
    this.#ports.tell({ kind: 'refused', connectorId: this.connectorId, idTag, status });
    this.#show(this.#idleStatus());
  }

  #sendStop(session: Session, reason: StopTransactionReason): void {
    const { profile, send } = this.#ports;
    const meterStop = startStopValue(profile.register, this.#meter.startStopWh);
    const timestamp = this.#timestamp();
    const { idTag } = session;
    const request = () => ({
      transactionId: session.transactionId ?? NO_TRANSACTION_ID,
      idTag,
      meterStop,
      timestamp,
      reason,
    });
    send(outgoing('StopTransaction', true, request));
    if (profile.samples.hasClosing) this.#sendClosing(session);
  }

  #sendClosing(session: Session): void {
    const { configuration, profile, send } = this.#ports;
    const measured = { registerWh: this.#meter.shownWh, powerW: 0, stateOfCharge: session.stateOfCharge };
    const measurands = configuration.measurands('MeterValuesSampledData');
    const value = meterValue(profile, this.#timestamp(), 'Transaction.End', measurands, measured);
    const { connectorId } = this;
    const request = () => ({
      ...{ connectorId, transactionId: session.transactionId ?? NO_TRANSACTION_ID },
      meterValue: [value],
    });
    send(outgoing('MeterValues', true, request));
  }

  #tellStopped({ idTag, transactionId, startWh }: Session, reason: StopTransactionReason): void {
    const { sessionWh: trueWh, startStopWh } = this.#meter;
    const registerWh = startStopWh - startWh;
    const { connectorId } = this;
    this.#ports.tell({ kind: 'stopped', connectorId, idTag, transactionId, reason, trueWh, registerWh });
  }

  #flow(): void {
    this.#session?.flow(this.#ports.charging.monotonicMs(), this.#limitW());
  }

  #limitW(): number {
    return this.#ports.limits.limitW(this.connectorId);
  }

  #idleStatus(): Status {
    if (this.#errorCode !== 'NoError') return 'Faulted';
    return this.#isOperative ? 'Available' : 'Unavailable';
  }

  #show(status: Status): void {
    if (this.#status === status) return;
    this.#status = status;
    this.sendStatus();
  }

  #timestamp(): string {
    return timestampOf(this.#ports.profile, this.#ports.charging.now());
  }
}
