// A charge point that charges one car after the other, whatever happens to the central system: it reconnects, repeats the
// transaction message that was not answered (same payload, new message id), goes on, and keeps its own ledger of it all.
import { setTimeout as pause } from 'node:timers/promises';
import { registerSample } from './charge-point.ts';
import type { LedgerSession } from './charge-ledger.ts';
import { ChargerSocket, ConnectionLost, type Payload } from './charger-socket.ts';
import { type SeededRandom } from './seeded-random.ts';

/** What a charge point needs to know of the site. */
export interface Site {
  /** Resolves as soon as there is a central system to connect to; with null when the day is over. */
  address(): Promise<string | null>;
  /** Told at once of each answer. */
  acknowledged(action: string): void;
}

interface Message {
  readonly action: string;
  readonly payload: Payload;
  /** A transaction message is repeated until it is answered (OCPP 1.6 §3.7); others are forgotten with the connection. */
  readonly isTransaction: boolean;
  readonly acknowledged?: (answer: Payload) => void;
}

/** One connector and the register of its meter, which counts over all sessions. */
interface Outlet {
  readonly connectorId: number;
  registerWh: number;
  session: LedgerSession | null;
}

const RECONNECT_AFTER_MS = 20;
const MAX_THINKING_MS = 20;
/** What flows from one message to the next, at most. */
const MAX_STEP_WH = 100;

export interface TirelessChargePointOptions {
  readonly id: string;
  readonly connectors: number;
  readonly idTags: readonly string[];
  readonly site: Site;
  readonly random: SeededRandom;
}

export class TirelessChargePoint {
  readonly id: string;
  readonly ledger: LedgerSession[] = [];
  readonly #options: TirelessChargePointOptions;
  readonly #outlets: readonly Outlet[];
  readonly #queue: Message[] = [];
  #sent = 0;
  #isOnline = false;
  #isResting = false;
  #mayWork = true;

  constructor(options: TirelessChargePointOptions) {
    this.id = options.id;
    this.#options = options;
    this.#outlets = Array.from({ length: options.connectors }, (_, index) => ({
      connectorId: index + 1,
      registerWh: options.random.between(0, 5_000_000),
      session: null,
    }));
  }

  /** False once a connection has ended and everything that came over it is in the ledger. */
  get isOnline(): boolean {
    return this.#isOnline;
  }

  /** Everything is answered, and nothing more is sent. */
  get isResting(): boolean {
    return this.#isResting;
  }

  /** Finishes what is under way, then rests for good, also after a reconnect. */
  rest(): void {
    this.#mayWork = false;
  }

  /** Resolves when the site says that the day is over; rejects when it was answered what no charge point may be answered. */
  async run(): Promise<void> {
    const { site } = this.#options;
    for (let url = await site.address(); url !== null; url = await site.address()) {
      this.#isOnline = true;
      const socket = await ChargerSocket.open(url, this.id);
      try {
        if (socket) await this.#workOver(socket);
      } finally {
        this.#isOnline = false;
      }
      if (!socket) await pause(RECONNECT_AFTER_MS);
    }
  }

  async #workOver(socket: ChargerSocket): Promise<void> {
    try {
      await this.#exchange(socket, this.#bootNotification());
      for (;;) {
        if (!this.#mayWork && this.#queue.length === 0) await this.#restUntil(socket.closed);
        const message = this.#queue[0] ?? this.#plan();
        await this.#exchange(socket, message);
        this.#queue.shift();
        const thinkingMs = this.#options.random.between(-MAX_THINKING_MS, MAX_THINKING_MS);
        if (thinkingMs > 0) await pause(thinkingMs);
      }
    } catch (error) {
      if (!(error instanceof ConnectionLost)) throw new Error(`${this.id} was ill-treated`, { cause: error });
      if (this.#queue[0]?.isTransaction === false) this.#queue.shift();
    } finally {
      await socket.close();
    }
  }

  async #restUntil(closed: Promise<undefined>): Promise<never> {
    this.#isResting = true;
    await closed;
    this.#isResting = false;
    throw new ConnectionLost();
  }

  async #exchange(socket: ChargerSocket, message: Message): Promise<void> {
    this.#sent += 1;
    const answer = await socket.call(`${this.id}-${this.#sent}`, message.action, message.payload);
    message.acknowledged?.(answer);
    this.#options.site.acknowledged(message.action);
  }

  /** The next messages of an outlet, of which the first is returned. */
  #plan(): Message {
    const { random } = this.#options;
    const outlet = this.#outlets[random.below(this.#outlets.length)]!;
    const { session } = outlet;
    if (session === null) {
      this.#queue.push(this.#startTransaction(outlet), this.#statusNotification(outlet, 'Charging'));
    } else if (random.below(6) > 0) {
      this.#queue.push(this.#meterValues(outlet, session));
    } else {
      this.#queue.push(this.#stopTransaction(outlet, session), this.#statusNotification(outlet, 'Available'));
    }
    return this.#queue[0]!;
  }

  #startTransaction(outlet: Outlet): Message {
    const { idTags, random } = this.#options;
    const { connectorId, registerWh: meterStartWh } = outlet;
    const idTag = idTags[random.below(idTags.length)]!;
    const startedMs = Date.now();
    const session: LedgerSession = {
      chargePointId: this.id,
      connectorId,
      idTag,
      meterStartWh,
      startedMs,
      transactionId: null,
      samplesWh: [],
      samplesAcknowledged: 0,
      meterStopWh: null,
      hasEndSample: random.below(2) === 0,
      isStopAcknowledged: false,
    };
    this.ledger.push(session);
    outlet.session = session;
    const timestamp = new Date(startedMs).toISOString();
    return {
      action: 'StartTransaction',
      payload: { connectorId, idTag, meterStart: meterStartWh, timestamp },
      isTransaction: true,
      acknowledged: ({ transactionId, idTagInfo }) => {
        if ((idTagInfo as { status: string }).status !== 'Accepted')
          throw new Error(`${idTag} was not accepted`);
        session.transactionId = transactionId as number;
      },
    };
  }

  #meterValues(outlet: Outlet, session: LedgerSession): Message {
    const registerWh = this.#flow(outlet);
    session.samplesWh.push(registerWh);
    const { connectorId, transactionId } = session;
    return {
      action: 'MeterValues',
      payload: { connectorId, transactionId, meterValue: [registerSample(registerWh, new Date())] },
      isTransaction: true,
      acknowledged: () => (session.samplesAcknowledged += 1),
    };
  }

  #stopTransaction(outlet: Outlet, session: LedgerSession): Message {
    const meterStop = this.#flow(outlet);
    session.meterStopWh = meterStop;
    outlet.session = null;
    const now = new Date();
    const { transactionId, idTag } = session;
    const stop = { transactionId, idTag, meterStop, timestamp: now.toISOString(), reason: 'Local' };
    return {
      action: 'StopTransaction',
      payload: session.hasEndSample ? { ...stop, transactionData: [registerSample(meterStop, now)] } : stop,
      isTransaction: true,
      acknowledged: () => (session.isStopAcknowledged = true),
    };
  }

  #flow(outlet: Outlet): number {
    outlet.registerWh += this.#options.random.between(1, MAX_STEP_WH);
    return outlet.registerWh;
  }

  #statusNotification({ connectorId }: Outlet, status: string): Message {
    const payload = { connectorId, status, errorCode: 'NoError', timestamp: new Date().toISOString() };
    return { action: 'StatusNotification', payload, isTransaction: false };
  }

  #bootNotification(): Message {
    return {
      action: 'BootNotification',
      payload: { chargePointVendor: 'Kit', chargePointModel: 'Tireless' },
      isTransaction: false,
      acknowledged: ({ status }) => {
        if (status !== 'Accepted') throw new Error(`BootNotification was answered ${String(status)}`);
      },
    };
  }
}
