// The CALLs of one charger to the central system: one outstanding at a time; transaction messages wait for a connection
// and are repeated until they are answered (OCPP 1.6 §3.7), others are forgotten with it. It knows no socket.
import type { CancelTimer, Clock } from '../runtime/clock.ts';
import { callText, type ErrorFrame, type ResultFrame } from '../ocpp/frame.ts';
import type { ChargePointAction, RequestOf, ResponseOf } from '../ocpp/v16/messages.ts';
import { isResponseOf } from './payload-shape.ts';

const CALL_TIMEOUT_MS = 30_000;
/** How often a transaction message is sent before the charger gives it up (TransactionMessageAttempts). */
const TRANSACTION_ATTEMPTS = 3;
/** TransactionMessageRetryInterval. */
const RETRY_AFTER_MS = 5_000;
/** More readings than this are not kept for later; starts and stops always are. */
const MAX_QUEUED_CALLS = 10_000;

export type CallFailure = 'refused' | 'offline';

export interface OutgoingCall {
  readonly action: ChargePointAction;
  /** Kept while there is no connection. */
  readonly isTransaction: boolean;
  /** Made when it is sent: what was sent before may have brought the transaction id. */
  readonly request: () => unknown;
  /** What to do with the answer; null when it is none to this CALL. */
  readonly read: (payload: unknown) => (() => void) | null;
  readonly failed: (why: CallFailure) => void;
}

export interface CallSettled<A extends ChargePointAction> {
  readonly answered?: (response: ResponseOf<A>) => void;
  readonly failed?: (why: CallFailure) => void;
}

export function outgoing<A extends ChargePointAction>(
  action: A,
  isTransaction: boolean,
  request: () => RequestOf<A>,
  { answered, failed }: CallSettled<A> = {},
): OutgoingCall {
  return {
    action,
    isTransaction,
    request,
    read: (payload) => (isResponseOf(action, payload) ? () => answered?.(payload) : null),
    failed: (why) => failed?.(why),
  };
}

export interface OutboxPorts {
  readonly clock: Clock;
  readonly send: (text: string) => void;
  /** No answer came in time: a charger hangs up then. */
  readonly hangUp: () => void;
  readonly problem: (what: string) => void;
}

export class Outbox {
  readonly #ports: OutboxPorts;
  readonly #queue: OutgoingCall[] = [];
  #nextId: number;
  #state: 'closed' | 'booting' | 'open' = 'closed';
  /** The CALL that waits for its answer; a transaction message stays at the head of the queue until then. */
  #outstanding: { id: string; call: OutgoingCall; cancelTimeout: CancelTimer } | undefined;
  #attempts = 0;
  #cancelRetry: CancelTimer | undefined;
  readonly #whenEmpty: (() => void)[] = [];

  constructor(ports: OutboxPorts, firstId: number) {
    this.#ports = ports;
    this.#nextId = firstId;
  }

  get isOpen(): boolean {
    return this.#state === 'open';
  }

  add(call: OutgoingCall): void {
    const isKept = this.#state === 'open' || call.isTransaction;
    const isReading = call.action === 'MeterValues';
    if (isKept && !(isReading && this.#queue.length >= MAX_QUEUED_CALLS)) {
      this.#queue.push(call);
      this.#pump();
    } else call.failed('offline');
  }

  /** There is a connection; nothing but this goes over it until `open`. It is forgotten with the connection. */
  boot(call: OutgoingCall): void {
    this.#state = 'booting';
    this.#send(call);
  }

  open(): void {
    this.#state = 'open';
    this.#pump();
  }

  close(): void {
    this.#state = 'closed';
    this.#cancelRetry?.();
    this.#cancelRetry = undefined;
    this.#attempts = 0;
    const lost = this.#queue.filter((call) => !call.isTransaction);
    const kept = this.#queue.filter((call) => call.isTransaction);
    this.#outstanding?.cancelTimeout();
    this.#outstanding = undefined;
    this.#queue.splice(0, Infinity, ...kept);
    for (const call of lost) call.failed('offline');
    this.#tellWhenEmpty();
  }

  onResult({ id, payload }: ResultFrame): void {
    const call = this.#settle(id);
    if (call === undefined) return;
    const act = call.read(payload);
    if (act !== null) this.#done(call, act);
    else this.#refused(call, `${call.action} was answered with what is no answer to it`);
  }

  onError({ id, code, description }: ErrorFrame): void {
    const call = this.#settle(id);
    if (call !== undefined) this.#refused(call, `${call.action} was answered ${code} ${description}`.trim());
  }

  /** Resolves when everything is sent and answered. */
  async empty(): Promise<void> {
    if (this.#queue.length > 0) await new Promise<void>((resolve) => this.#whenEmpty.push(resolve));
  }

  #pump(): void {
    const next = this.#queue[0];
    if (this.#state !== 'open' || this.#outstanding !== undefined || this.#cancelRetry !== undefined) return;
    if (next !== undefined) this.#send(next);
  }

  #send(call: OutgoingCall): void {
    const { clock, send, hangUp, problem } = this.#ports;
    const id = String(this.#nextId);
    this.#nextId += 1;
    const cancelTimeout = clock.after(CALL_TIMEOUT_MS, () => {
      problem(`${call.action} was not answered within ${CALL_TIMEOUT_MS / 1000} s`);
      hangUp();
    });
    this.#outstanding = { id, call, cancelTimeout };
    send(callText(id, call.action, call.request()));
  }

  #settle(id: ResultFrame['id']): OutgoingCall | undefined {
    const outstanding = this.#outstanding;
    if (outstanding?.id !== String(id)) {
      this.#ports.problem(`an answer to message ${id}, which waits for none`);
      return undefined;
    }
    outstanding.cancelTimeout();
    this.#outstanding = undefined;
    return outstanding.call;
  }

  #refused(call: OutgoingCall, what: string): void {
    this.#ports.problem(what);
    this.#attempts += 1;
    if (call.isTransaction && this.#attempts < TRANSACTION_ATTEMPTS) {
      this.#cancelRetry = this.#ports.clock.after(RETRY_AFTER_MS, () => {
        this.#cancelRetry = undefined;
        this.#pump();
      });
      return;
    }
    this.#done(call, () => call.failed('refused'));
  }

  /** It leaves the queue before `act`, which may add to it. */
  #done(call: OutgoingCall, act: () => void): void {
    this.#attempts = 0;
    if (this.#queue[0] === call) this.#queue.shift();
    act();
    this.#pump();
    this.#tellWhenEmpty();
  }

  #tellWhenEmpty(): void {
    if (this.#queue.length > 0) return;
    for (const resolve of this.#whenEmpty.splice(0)) resolve();
  }
}
