// One charge point's socket: the order of its messages, its answers and CALLs, when it is read. Which connection of an id counts is server.ts's matter.
import { isUtf8 } from 'node:buffer';
import type { Duplex } from 'node:stream';
import { WebSocket, type RawData } from 'ws';
import type { QuirkId } from '../domain/quirk.ts';
import type { EpochMs } from '../runtime/clock.ts';
import { atEndOfTurn } from '../runtime/turn.ts';
import { readFrames, type CallFrame, type Frame, type ProblemFrame } from './frame.ts';
import type { Answer, Router } from './inbound.ts';
import { MessageRate } from './message-rate.ts';
import { OutboundCalls, type CallOutcome } from './outbound.ts';
import type { ConnectionContext, ConnectionFacts, DisconnectReason } from './ports.ts';
import { textFrame } from './text-frame.ts';
import { isChargePointAction, type CentralSystemAction, type RequestOf } from './v16/messages.ts';

/** Waiting inbound messages at which the socket is no longer read; what one read held already still comes. */
const PAUSE_READING_AT = 64;

/** Waiting inbound messages at which the socket is read again. */
const RESUME_READING_AT = 16;

/** The same for what they hold together, in characters: a few of the longest messages. */
const PAUSE_READING_AT_LENGTH = 4 * 1024 * 1024;

/** What OCPP 1.6 does not have is measured together: chargers may make up any number of names. */
const OTHER_ACTION = 'other';

/** Unsent bytes at which a charger that does not read its answers is disconnected. */
const MAX_UNSENT_BYTES = 4 * 1024 * 1024;

/** How long an ended connection may take for the closing handshake before it is cut. */
const CLOSE_TIMEOUT_MS = 2_000;

/** When a message was received: the time that it counts for, and a clock that never jumps. */
interface Received {
  readonly at: EpochMs;
  readonly monotonicMs: number;
}

/** A message as the socket gave it. */
interface Arrived {
  readonly data: RawData;
  readonly isBinary: boolean;
  readonly received: Received;
}

/** A message as it was read. */
interface Read {
  readonly frames: readonly Frame[];
  readonly received: Received;
  /** In characters. */
  readonly length: number;
}

interface Waiting extends Omit<Read, 'frames'> {
  readonly frame: CallFrame | ProblemFrame;
}

/** An answer that waits for the disk, and what is measured of it. */
interface Owed {
  readonly answer: Answer;
  readonly action: string;
  readonly receivedMs: number;
  readonly handledMs: number;
}

export interface ConnectionParts {
  readonly chargePointId: string;
  readonly facts: ConnectionFacts;
  readonly socket: WebSocket;
  /** The stream under the WebSocket: its byte counter is the sign of life. */
  readonly stream: Duplex & { readonly bytesRead?: number };
  readonly router: Router;
  readonly context: ConnectionContext;
  /** Called once, when the connection has ended for whatever reason. */
  readonly onEnd: (connection: Connection, reason: DisconnectReason) => void;
}

export class Connection {
  readonly chargePointId: string;
  readonly facts: ConnectionFacts;
  readonly connectedAtMs: number;
  readonly #socket: WebSocket;
  readonly #stream: ConnectionParts['stream'];
  readonly #router: Router;
  readonly #context: ConnectionContext;
  readonly #onEnd: ConnectionParts['onEnd'];
  readonly #outbound: OutboundCalls;
  /** Of this turn of the event loop. */
  readonly #arrived: Arrived[] = [];
  readonly #read: Read[] = [];
  readonly #waiting: Waiting[] = [];
  readonly #rate: MessageRate;
  #waitingLength = 0;
  /** It sends too fast: not read until a timer says so. */
  #isSlowed = false;
  /** The answer that waits for the disk; while there is one nothing else is handled or sent. */
  #owed: Owed | undefined;
  #state: 'open' | 'closing' | 'ended' = 'open';
  #bytesRead: number;
  #heardAtMs: number;
  #pingedAtMs: number;

  constructor(parts: ConnectionParts) {
    this.chargePointId = parts.chargePointId;
    this.facts = parts.facts;
    this.#socket = parts.socket;
    this.#stream = parts.stream;
    this.#router = parts.router;
    this.#context = parts.context;
    this.#onEnd = parts.onEnd;
    this.connectedAtMs = parts.context.clock.monotonicMs();
    this.#bytesRead = parts.stream.bytesRead ?? 0;
    this.#heardAtMs = this.connectedAtMs;
    this.#pingedAtMs = this.connectedAtMs;
    this.#rate = new MessageRate(this.connectedAtMs);
    this.#outbound = new OutboundCalls(parts.context, this);
    parts.context.frameTap.frame(this.chargePointId, 'connected', this.facts.path);
    this.#socket.on('message', (data, isBinary) => this.#arrive(data, isBinary));
    this.#socket.on('error', (error) => this.#fail(error));
    this.#socket.on('close', () => this.#close());
  }

  get isOpen(): boolean {
    return this.#state === 'open' && this.#socket.readyState === WebSocket.OPEN;
  }

  call<A extends CentralSystemAction>(
    action: A,
    payload: RequestOf<A>,
    isWanted?: () => boolean,
  ): Promise<CallOutcome> {
    return this.#outbound.call(action, payload, isWanted);
  }

  /** CALLs that wait for their turn. */
  get queuedCalls(): number {
    return this.#outbound.queued;
  }

  /** For the outbound queue: no CALL leaves before the answer that is owed. */
  canCall(): boolean {
    return this.#owed === undefined && this.isOpen;
  }

  /** For the outbound queue: writes a text frame. */
  send(text: string): void {
    this.#context.frameTap.frame(this.chargePointId, 'out', text);
    // Past ws, which would write header and text apart: without compression it keeps nothing back that could be overtaken.
    if (this.#socket.readyState === WebSocket.OPEN && this.#stream.writable)
      this.#stream.write(textFrame(text));
  }

  /** To be called when the store takes changes again. */
  uncongested(): void {
    this.#handleWaiting();
  }

  /** To be called about every second: pings, and ends the connection when the charger is silent or does not read. */
  check(nowMs: number, pingIntervalMs: number, silenceLimitMs: number): void {
    if (!this.isOpen) return;
    const bytesRead = this.#stream.bytesRead ?? 0;
    // While we do not read, the silence is ours.
    if (bytesRead !== this.#bytesRead || this.#socket.isPaused) {
      this.#bytesRead = bytesRead;
      this.#heardAtMs = nowMs;
    }
    if (nowMs - this.#heardAtMs > silenceLimitMs) this.#fallSilent();
    else if (this.#socket.bufferedAmount > MAX_UNSENT_BYTES) this.#cut('slow');
    else if (pingIntervalMs > 0 && nowMs - this.#pingedAtMs >= pingIntervalMs) {
      this.#pingedAtMs = nowMs;
      this.#socket.ping();
    }
  }

  #fallSilent(): void {
    this.#context.quirkSeen(this.chargePointId, 'falls-silent', this.#context.clock.now());
    this.#cut('silent');
  }

  /** A newer connection has taken over: what has arrived is handled in its order, unanswered, before anything of the newer one. */
  replace(): void {
    this.#cut('replaced');
  }

  /** Ends it politely: the answer that is owed may still leave, then 1001. What was not handled is not acknowledged, so the charger repeats it. */
  shutDown(): void {
    if (this.#state !== 'open') return;
    this.#state = 'closing';
    this.#arrived.length = 0;
    this.#read.length = 0;
    this.#waiting.length = 0;
    this.#outbound.end();
    this.#socket.resume();
    if (this.#owed === undefined) this.#socket.close(1001, 'server stops');
  }

  /** Cuts what shutDown() could not end in time. */
  terminate(): void {
    this.#cut('shutdown');
  }

  #arrive(data: RawData, isBinary: boolean): void {
    if (this.#state !== 'open') return;
    const { clock } = this.#context;
    const received = { at: clock.now(), monotonicMs: clock.monotonicMs() };
    this.#arrived.push({ data, isBinary, received });
    if (this.#arrived.length === 1) atEndOfTurn(this.#readArrived);
    // Now, and not when it is handled: until then one turn can bring thousands.
    this.#slowDown(received.monotonicMs);
  }

  /**
   * First what all sockets brought is read, then all of it is handled: to do one thing for hundreds of chargers, and then
   * the next, takes a fifth less of the processor's time, for each finds its code and data in the caches.
   */
  readonly #readArrived = (): void => {
    for (const arrived of this.#arrived.splice(0)) this.#readOne(arrived);
  };

  #readOne({ data, isBinary, received }: Arrived): void {
    if (this.#state !== 'open') return;
    const receivedAt = received.at;
    const saw = (quirk: QuirkId) => this.#context.quirkSeen(this.chargePointId, quirk, receivedAt);
    try {
      this.#context.presence.heard(this.chargePointId, receivedAt);
      if (isBinary) saw('binary-frames');
      const text = toText(data, saw);
      this.#context.frameTap.frame(this.chargePointId, 'in', text);
      if (this.#read.length === 0) atEndOfTurn(this.#handleRead);
      this.#read.push({ frames: readFrames(text, saw), received, length: text.length });
    } catch (error) {
      this.#give('a message could not be taken', error);
    }
  }

  readonly #handleRead = (): void => {
    for (const { frames, received, length } of this.#read.splice(0)) {
      if (this.#state !== 'open') return;
      try {
        for (const frame of frames) this.#take(frame, received, length);
      } catch (error) {
        this.#give('a message could not be taken', error);
      }
    }
  };

  #slowDown(nowMs: number): void {
    const isTooMuch = this.#rate.count(nowMs);
    if (!isTooMuch || this.#isSlowed || this.#state !== 'open') return;
    this.#isSlowed = true;
    this.#socket.pause();
    this.#readLater();
  }

  #readLater(): void {
    const { clock } = this.#context;
    const pauseMs = this.#rate.pauseMs(clock.monotonicMs());
    if (pauseMs > 0) {
      clock.after(pauseMs, () => this.#readLater());
      return;
    }
    this.#isSlowed = false;
    this.#handleWaiting();
  }

  #take(frame: Frame, received: Received, length: number): void {
    if (frame.kind === 'result' || frame.kind === 'error') {
      this.#outbound.settle(frame);
      return;
    }
    const isUnreadableAnswer =
      frame.kind === 'problem' && (frame.messageType === 3 || frame.messageType === 4);
    if (isUnreadableAnswer) this.#outbound.settleUnreadable(frame);
    if (this.#owed === undefined && this.#waiting.length === 0 && !this.#context.isCongested()) {
      this.#handle(frame, received);
      return;
    }
    this.#waiting.push({ frame, received, length });
    this.#waitingLength += length;
    const isFull = this.#waiting.length >= PAUSE_READING_AT || this.#waitingLength >= PAUSE_READING_AT_LENGTH;
    if (isFull || this.#context.isCongested()) this.#socket.pause();
  }

  #handle(frame: CallFrame | ProblemFrame, received: Received): void {
    const { clock } = this.#context;
    const beganMs = clock.monotonicMs();
    const answer =
      frame.kind === 'call' ? this.#router.answer(frame, received.at) : this.#router.answerProblem(frame);
    if (answer === undefined) return;
    const { action = '' } = frame;
    const handledMs = clock.monotonicMs() - beganMs;
    const owed = { answer, action, receivedMs: received.monotonicMs, handledMs };
    if (!answer.waitsForDisk) {
      this.#send(owed);
      return;
    }
    this.#owed = owed;
    this.#context.durable().then(this.#onDurable, this.#onNeverDurable);
  }

  #handleWaiting(): void {
    while (this.#owed === undefined && this.#state === 'open' && !this.#context.isCongested()) {
      const next = this.#waiting.shift();
      if (next === undefined) break;
      this.#waitingLength -= next.length;
      this.#handle(next.frame, next.received);
    }
    const isReadable =
      this.#waiting.length <= RESUME_READING_AT &&
      this.#waitingLength < PAUSE_READING_AT_LENGTH &&
      !this.#isSlowed &&
      !this.#context.isCongested();
    if (isReadable && this.#state === 'open' && this.#socket.isPaused) this.#socket.resume();
  }

  #send({ answer, action, receivedMs, handledMs }: Owed): void {
    const { clock, timeWatch } = this.#context;
    this.send(answer.text);
    const known = isChargePointAction(action) ? action : OTHER_ACTION;
    timeWatch.answered(known, clock.monotonicMs() - receivedMs, handledMs, answer.isError);
    this.#outbound.answered(answer.isBoot);
    this.#outbound.pump();
  }

  // Fields, not methods: one function for the connection's life instead of one for each message.
  readonly #onDurable = (): void => {
    const owed = this.#owed;
    this.#owed = undefined;
    if (owed === undefined || this.#state === 'ended') return;
    try {
      this.#send(owed);
      if (this.#state === 'closing') this.#socket.close(1001, 'server stops');
      else this.#handleWaiting();
    } catch (error) {
      this.#give('a message could not be handled', error);
    }
  };

  /** No answer may leave, and a CALLERROR would make a charger drop its transaction: without a connection it keeps the message. */
  readonly #onNeverDurable = (error: unknown): void => {
    this.#owed = undefined;
    if (this.#state !== 'ended') this.#give('a message could not be stored', String(error));
  };

  #give(what: string, error: unknown): void {
    this.#context.log.error('CONNECT', `${what}, the connection is cut`, {
      charger: this.chargePointId,
      error: error instanceof Error ? (error.stack ?? error.message) : String(error),
    });
    this.#waiting.length = 0;
    this.#cut('failed');
  }

  #fail(error: Error): void {
    const code = 'code' in error ? String(error.code) : '';
    this.#context.log.warn('CONNECT', 'a charger broke the WebSocket protocol or its line broke', {
      charger: this.chargePointId,
      code,
      error: error.message,
      hint: code === 'WS_ERR_UNEXPECTED_RSV_1' ? 'switch off message compression in the charger' : undefined,
    });
    this.#end('error');
    // ws has sent the close frame with its code; a peer that does not answer it is cut.
    this.#context.clock.after(CLOSE_TIMEOUT_MS, () => this.#socket.terminate());
  }

  #close(): void {
    this.#end(this.#state === 'closing' ? 'shutdown' : 'closed');
  }

  #cut(reason: DisconnectReason): void {
    this.#end(reason);
    this.#socket.terminate();
  }

  #end(reason: DisconnectReason): void {
    this.#readArrived();
    this.#handleRead();
    if (this.#state === 'ended') return;
    this.#state = 'ended';
    this.#outbound.end();
    // Nobody hears the answers, but what was measured was measured.
    for (const { frame, received } of this.#waiting.splice(0)) {
      if (frame.kind === 'call') this.#router.answer(frame, received.at);
    }
    this.#context.frameTap.frame(this.chargePointId, 'disconnected', reason);
    this.#onEnd(this, reason);
  }
}

/** Some chargers send Latin-1 in a text frame: better a readable name than a cut connection. */
function toText(data: RawData, saw: (quirk: QuirkId) => void): string {
  const bytes = Buffer.isBuffer(data) ? data : Array.isArray(data) ? Buffer.concat(data) : Buffer.from(data);
  const text = bytes.toString('utf8');
  if (!text.includes('\ufffd') || isUtf8(bytes)) return text;
  saw('latin1-text');
  return bytes.toString('latin1');
}
