// A charge point on a bad line: it loses connections and answers, repeats itself, tells things late and out of order, and keeps its own
// book of what flowed. Whatever happens, each of its messages is sent until it is answered.
import { setTimeout as pause } from 'node:timers/promises';
import { registerSample } from './charge-point.ts';
import { ChargerSocket, ConnectionLost, type Payload } from './charger-socket.ts';
import { type SeededRandom } from './seeded-random.ts';

/** How often of a hundred messages each happens. */
const FAULTS = {
  /** The connection is cut before the message is sent. */
  disconnect: 2,
  /** It is cut when the message was sent: nobody knows whether it was handled. */
  lostAnswer: 4,
  /** The message is sent once more after it was answered, as charge points do that lost the answer in their own queue. */
  repeat: 6,
  /** The message after it is sent before it. */
  reorder: 6,
} as const;

export type Fault = keyof typeof FAULTS;

export interface SoakSession {
  readonly chargePointId: string;
  readonly idTag: string;
  readonly meterStartWh: number;
  readonly startedMs: number;
  meterStopWh: number;
  /** What StartTransaction was answered. */
  transactionId: number | null;
}

export interface SoakSite {
  /** Resolves with the server's URL as soon as there is one; with null when all is over. */
  address(): Promise<string | null>;
  answered(action: string): void;
  happened(fault: Fault): void;
  /** What no charge point may be answered. */
  complain(problem: string): void;
}

interface Message {
  readonly action: 'StartTransaction' | 'MeterValues' | 'StopTransaction';
  readonly session: SoakSession;
  readonly payload: () => Payload;
}

export interface SoakChargePointOptions {
  readonly id: string;
  readonly idTags: readonly string[];
  readonly site: SoakSite;
  readonly random: SeededRandom;
  /** Between two messages, on average. */
  readonly thinkMs: number;
}

/** Between two messages: more than jitter is, so that what is told out of order could be taken for a register anew. */
const MAX_STEP_WH = 200;
const SAMPLES_PER_SESSION = 12;
const OFFLINE_SAMPLES = 3;
const RECONNECT_WITHIN_MS = 500;

export class SoakChargePoint {
  readonly sessions: SoakSession[] = [];
  readonly #options: SoakChargePointOptions;
  readonly #queue: Message[] = [];
  #current: SoakSession | null = null;
  #registerWh: number;
  #sent = 0;
  #mayBegin = true;
  #isResting = false;

  constructor(options: SoakChargePointOptions) {
    this.#options = options;
    this.#registerWh = options.random.between(0, 5_000_000);
  }

  /** Its last session was stopped, and everything is answered. */
  get isResting(): boolean {
    return this.#isResting;
  }

  /** Begins no session any more, and ends the one that is under way. */
  rest(): void {
    this.#mayBegin = false;
  }

  async run(): Promise<void> {
    const { id, site, random } = this.#options;
    for (let url = await site.address(); url !== null && !this.#isResting; url = await site.address()) {
      await pause(random.below(RECONNECT_WITHIN_MS));
      const socket = await ChargerSocket.open(url, id);
      if (!socket) continue;
      try {
        await this.#call(socket, 'BootNotification', { chargePointVendor: 'Kit', chargePointModel: 'Soak' });
        await this.#workOver(socket);
      } catch (error) {
        if (!(error instanceof ConnectionLost)) site.complain(`${id}: ${String(error)}`);
        this.#chargeOffline();
      } finally {
        await socket.close();
      }
    }
  }

  async #workOver(socket: ChargerSocket): Promise<void> {
    const { random, thinkMs } = this.#options;
    for (;;) {
      if (this.#queue.length === 0) this.#plan();
      const message = this.#queue[0];
      if (!message) {
        this.#isResting = true;
        return;
      }
      await pause(random.below(2 * thinkMs));
      await this.#deliver(socket, message);
    }
  }

  async #deliver(socket: ChargerSocket, first: Message): Promise<void> {
    const fault = this.#drawFault(first);
    if (fault === 'reorder') this.#queue.splice(0, 2, ...this.#queue.slice(0, 2).reverse());
    const message = this.#queue[0] ?? first;
    if (fault === 'disconnect') {
      await socket.close();
      throw new ConnectionLost();
    }
    const asked = this.#send(socket, message);
    if (fault === 'lostAnswer') {
      asked.catch(() => undefined);
      await socket.close();
      throw new ConnectionLost();
    }
    this.#take(message, await asked);
    this.#queue.shift();
    if (fault === 'repeat') this.#take(message, await this.#send(socket, message));
  }

  /** Null most of the time. Only what is known by its transaction id may be told before something else. */
  #drawFault(message: Message): Fault | null {
    let lot = this.#options.random.below(100);
    for (const [fault, share] of Object.entries(FAULTS) as [Fault, number][]) {
      lot -= share;
      if (lot >= 0) continue;
      const next = this.#queue[1];
      const canReorder = message.action === 'MeterValues' && next?.session === message.session;
      if (fault === 'reorder' && !canReorder) return null;
      this.#options.site.happened(fault);
      return fault;
    }
    return null;
  }

  #take({ action, session }: Message, answer: Payload): void {
    if (action !== 'StartTransaction') return;
    const { transactionId, idTagInfo } = answer as { transactionId: number; idTagInfo: { status: string } };
    const { site, id } = this.#options;
    if (idTagInfo.status !== 'Accepted') site.complain(`${id}: ${session.idTag} is ${idTagInfo.status}`);
    if (session.transactionId !== null && session.transactionId !== transactionId)
      site.complain(`${id}: a repeated start was answered ${transactionId}, not ${session.transactionId}`);
    session.transactionId ??= transactionId;
  }

  #plan(): void {
    const { random } = this.#options;
    const session = this.#current;
    if (session === null) {
      if (this.#mayBegin) this.#begin();
    } else if (this.#mayBegin && random.below(SAMPLES_PER_SESSION) > 0) {
      // Two at a time, so that one can come before the other.
      this.#sample(session);
      this.#sample(session);
    } else this.#end(session);
  }

  #begin(): void {
    const { id, idTags, random } = this.#options;
    const session: SoakSession = {
      chargePointId: id,
      idTag: idTags[random.below(idTags.length)] ?? '',
      meterStartWh: this.#registerWh,
      startedMs: Date.now(),
      meterStopWh: this.#registerWh,
      transactionId: null,
    };
    this.#current = session;
    this.sessions.push(session);
    const { idTag, meterStartWh: meterStart } = session;
    const timestamp = new Date(session.startedMs).toISOString();
    const payload = { connectorId: 1, idTag, meterStart, timestamp };
    this.#queue.push({ action: 'StartTransaction', session, payload: () => payload });
  }

  #sample(session: SoakSession): void {
    const meterValue = [registerSample(this.#flow(session), new Date())];
    const payload = () => ({ connectorId: 1, transactionId: session.transactionId, meterValue });
    this.#queue.push({ action: 'MeterValues', session, payload });
  }

  #end(session: SoakSession): void {
    this.#sample(session);
    const meterStop = this.#flow(session);
    const timestamp = new Date().toISOString();
    const { idTag } = session;
    const payload = () => ({ transactionId: session.transactionId, idTag, meterStop, timestamp });
    this.#queue.push({ action: 'StopTransaction', session, payload });
    this.#current = null;
  }

  /** What flows while nobody listens is told in a row when the line is there again. */
  #chargeOffline(): void {
    const session = this.#current;
    if (!session?.transactionId) return;
    const samples = this.#options.random.below(OFFLINE_SAMPLES);
    for (let sample = 0; sample < samples; sample += 1) this.#sample(session);
  }

  #flow(session: SoakSession): number {
    this.#registerWh += this.#options.random.between(1, MAX_STEP_WH);
    session.meterStopWh = this.#registerWh;
    return this.#registerWh;
  }

  #send(socket: ChargerSocket, { action, payload }: Message): Promise<Payload> {
    return this.#call(socket, action, payload());
  }

  async #call(socket: ChargerSocket, action: string, payload: Payload): Promise<Payload> {
    const { id, site } = this.#options;
    this.#sent += 1;
    const answer = await socket.call(`${id}-${this.#sent}`, action, payload);
    site.answered(action);
    return answer;
  }
}
