// A simulated charger: one WebSocket to a central system, its connectors, boot and heartbeat. How it behaves is its profile.
import type { CancelTimer, Clock } from '../runtime/clock.ts';
import { errorText, readFrames, resultText, type CallFrame, type Frame } from '../ocpp/frame.ts';
import { isCentralSystemAction, type RequestOf, type ResponseOf } from '../ocpp/v16/messages.ts';
import { answer, type AnsweringCharger } from './answers.ts';
import type { Car } from './car.ts';
import { ChargingLimits } from './charging-limits.ts';
import { Configuration } from './configuration.ts';
import { Connector } from './connector.ts';
import { addToTally, emptyTally, type SimulatorEvent, type Tally } from './event.ts';
import { Link } from './link.ts';
import { Outbox, outgoing } from './outbox.ts';
import { chargingClock } from './pace.ts';
import type { Profile } from './profile.ts';
import { between, type Random } from './random.ts';
import type { StopTransactionReason } from './session.ts';

/** When the boot was not accepted and no interval came with the answer. */
const BOOT_AGAIN_AFTER_MS = 30_000;
/** Time for the last messages before a reset. */
const RESET_AFTER_MS = 1_000;
const MOST_INSTALLED_WH = 5_000_000;
const MOST_FIRST_MESSAGE_ID = 1_000_000_000;

export interface ChargePointOptions {
  readonly id: string;
  /** Of the central system, without the charger's id. */
  readonly url: string;
  readonly profile: Profile;
  readonly clock: Clock;
  /** How many times as fast as the clock charging passes; timestamps and the connection keep to the clock. */
  readonly speed: number;
  readonly random: Random;
  /** What a lifetime register shows in the beginning, by connector; chance says it where this does not. */
  readonly installedWh?: (connectorId: number) => number;
  /** The car that a RemoteStartTransaction finds plugged in. */
  readonly nextCar: () => Car;
  readonly tell: (event: SimulatorEvent) => void;
}

export class ChargePoint {
  readonly id: string;
  readonly connectors: readonly Connector[];
  readonly tally: Tally = emptyTally();
  readonly #options: ChargePointOptions;
  readonly #configuration: Configuration;
  readonly #link: Link;
  readonly #outbox: Outbox;
  readonly #answering: AnsweringCharger;
  #mustBoot = true;
  #cancelBoot: CancelTimer = () => undefined;
  #cancelHeartbeat: CancelTimer = () => undefined;

  constructor(options: ChargePointOptions) {
    const { id, url, profile, clock, random, speed } = options;
    this.id = id;
    this.#options = options;
    this.#configuration = new Configuration(profile.configuration);
    const limits = new ChargingLimits();
    this.#link = new Link(`${url.replace(/\/+$/, '')}/${encodeURIComponent(id)}`, {
      clock,
      random,
      opened: () => this.#opened(),
      received: (text) => this.#received(text),
      lost: (loss) => this.#lost(loss),
    });
    this.#outbox = new Outbox(
      {
        clock,
        send: (text) => this.#send(text),
        hangUp: () => this.#link.drop(),
        problem: (what) => this.#tell({ kind: 'problem', what }),
      },
      between(random, 1, MOST_FIRST_MESSAGE_ID),
    );
    const ports = {
      profile,
      configuration: this.#configuration,
      limits,
      charging: chargingClock(clock, speed),
      random,
      isOnline: () => this.#outbox.isOpen,
      send: this.#outbox.add.bind(this.#outbox),
      tell: this.#tell.bind(this),
    };
    this.connectors = Array.from({ length: profile.connectors }, (_, index) => {
      const installedWh = options.installedWh?.(index + 1) ?? between(random, 0, MOST_INSTALLED_WH);
      return new Connector(index + 1, installedWh, ports);
    });
    this.#answering = {
      ...{ profile, configuration: this.#configuration, limits, connectors: this.connectors },
      remoteStart: (connector, idTag) => connector.start(idTag, options.nextCar()),
      reboot: (reason) => this.#reboot(reason),
      trigger: (request) => this.#trigger(request),
    };
  }

  connect(): void {
    this.#link.open();
  }

  /** Ends all sessions and resolves when the central system has answered all that it was told. */
  async finish(): Promise<void> {
    // A card that was just being asked about starts a session in the meantime.
    do {
      for (const connector of this.connectors) connector.stopNow('Local');
      await this.#outbox.empty();
    } while (this.connectors.some((connector) => connector.isCharging));
  }

  /** As when the line breaks: it comes back by itself. */
  loseConnection(): void {
    this.#link.drop();
  }

  /** The line is away for so long, by the clock. What happens meanwhile is told when it is back. */
  cutLine(forMs: number): void {
    this.#link.cut(forMs);
  }

  /** Its power goes and comes back: sessions have ended, and it boots. */
  losePower(): void {
    this.#reboot('PowerLoss');
  }

  /** Closes the connection for good; sessions go on unheard. */
  async disconnect(): Promise<void> {
    this.#cancelBoot();
    this.#cancelHeartbeat();
    await this.#link.close();
    this.#outbox.close();
  }

  #opened(): void {
    if (this.#mustBoot && this.#options.profile.boots) this.#boot();
    else this.#accepted();
  }

  #lost({ why, retryInMs }: { why: string; retryInMs: number }): void {
    this.#cancelBoot();
    this.#cancelHeartbeat();
    this.#outbox.close();
    this.#mustBoot ||= this.#options.profile.bootsOnReconnect;
    this.#tell({ kind: 'disconnected', why, retryInMs });
  }

  #boot(): void {
    const again = (afterMs: number) => {
      this.#cancelBoot = this.#options.clock.after(afterMs, () => this.#boot());
    };
    const answered = ({ status, interval }: ResponseOf<'BootNotification'>) => {
      if (interval > 0) this.#configuration.set('HeartbeatInterval', String(interval));
      if (status === 'Accepted') this.#accepted();
      else {
        this.#tell({ kind: 'problem', what: `BootNotification was answered ${status}` });
        again(interval > 0 ? interval * 1_000 : BOOT_AGAIN_AFTER_MS);
      }
    };
    const failed = (why: 'offline' | 'refused') => {
      if (why === 'refused') again(BOOT_AGAIN_AFTER_MS);
    };
    this.#outbox.boot(
      outgoing('BootNotification', false, () => this.#options.profile.boot, { answered, failed }),
    );
  }

  /** The central system takes what the charger has to say: what it could not say before, then how it is now. */
  #accepted(): void {
    this.#mustBoot = false;
    this.#tell({ kind: 'connected' });
    this.#outbox.open();
    for (const connector of this.connectors) connector.sendStatus();
    this.#planHeartbeat();
  }

  #planHeartbeat(): void {
    this.#cancelHeartbeat();
    const intervalMs = this.#configuration.intervalMs('HeartbeatInterval');
    if (intervalMs === 0) return;
    this.#cancelHeartbeat = this.#options.clock.after(intervalMs, () => {
      this.#heartbeat();
      this.#planHeartbeat();
    });
  }

  #heartbeat(): void {
    this.#outbox.add(outgoing('Heartbeat', false, () => ({})));
  }

  #reboot(reason: StopTransactionReason): void {
    for (const connector of this.connectors) connector.stopNow(reason);
    this.#mustBoot = true;
    this.#options.clock.after(RESET_AFTER_MS, () => this.#link.drop());
  }

  #trigger({ requestedMessage, connectorId }: RequestOf<'TriggerMessage'>): void {
    const meant = this.connectors.filter(
      (one) => connectorId === undefined || one.connectorId === connectorId,
    );
    switch (requestedMessage) {
      case 'BootNotification':
        this.#outbox.add(outgoing('BootNotification', false, () => this.#options.profile.boot));
        break;
      case 'Heartbeat':
        this.#heartbeat();
        break;
      case 'MeterValues':
        for (const connector of meant) connector.sample('Trigger');
        break;
      case 'StatusNotification':
        for (const connector of meant) connector.sendStatus();
        break;
      case 'DiagnosticsStatusNotification':
        this.#outbox.add(outgoing(requestedMessage, false, () => ({ status: 'Idle' })));
        break;
      case 'FirmwareStatusNotification':
        this.#outbox.add(outgoing(requestedMessage, false, () => ({ status: 'Idle' })));
        break;
    }
  }

  #received(text: string): void {
    this.tally.framesReceived += 1;
    for (const frame of readFrames(text)) this.#onFrame(frame);
  }

  #onFrame(frame: Frame): void {
    if (frame.kind === 'call') this.#onCall(frame);
    else if (frame.kind === 'result') this.#outbox.onResult(frame);
    else if (frame.kind === 'error') this.#outbox.onError(frame);
    else this.#tell({ kind: 'problem', what: `a message that cannot be read (${frame.problem})` });
  }

  #onCall({ id, action, payload }: CallFrame): void {
    if (!isCentralSystemAction(action)) {
      this.#send(errorText(id, 'NotImplemented', ''));
      this.#tell({ kind: 'problem', what: `${action}, which no charger knows` });
      return;
    }
    const answered = answer(action, payload, this.#answering);
    if (answered === 'misshapen') {
      this.#send(errorText(id, 'FormationViolation', ''));
      this.#tell({ kind: 'problem', what: `${action} with a payload that is none` });
      return;
    }
    if (answered !== null) this.#send(resultText(id, answered.response));
    this.#tell({ kind: 'command', action, answer: answered === null ? null : statusOf(answered.response) });
    answered?.afterwards?.();
  }

  #send(text: string): void {
    this.tally.framesSent += 1;
    this.#link.send(text);
  }

  #tell(event: SimulatorEvent): void {
    addToTally(this.tally, event);
    this.#options.tell(event);
  }
}

function statusOf(response: object): string {
  return 'status' in response ? String(response.status) : 'with what it asked for';
}
