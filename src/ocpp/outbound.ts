// The CALLs to one charge point: a queue, one outstanding at a time, a gate after connecting. It knows no socket and no payload's meaning.
import type { CancelTimer } from '../runtime/clock.ts';
import { callText, type ErrorFrame, type MessageId, type ProblemFrame, type ResultFrame } from './frame.ts';
import type { ConnectionContext } from './ports.ts';
import { fitsResponse } from './v16/lenient.ts';
import type { CentralSystemAction, RequestOf } from './v16/messages.ts';

/** Most CALLs that wait for their turn at one charge point; more end as `queueFull`. */
export const MAX_QUEUED_CALLS = 100;

/** Most CALLs that timed out and whose late answers are still known for what they are. */
const MAX_REMEMBERED_TIMEOUTS = 16;

/** How a CALL ended. `offline`: not connected, or the connection ended first (whether the charger acted is unknown). */
export type CallOutcome =
  | { readonly kind: 'result'; readonly payload: Readonly<Record<string, unknown>> }
  | { readonly kind: 'error'; readonly code: string; readonly description: string }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'offline' }
  | { readonly kind: 'queueFull' }
  /** Its turn came when it was wanted no more: it was not sent. */
  | { readonly kind: 'cancelled' };

interface QueuedCall {
  readonly action: CentralSystemAction;
  readonly payload: unknown;
  readonly settle: (outcome: CallOutcome) => void;
  readonly isWanted: () => boolean;
}

interface OutstandingCall extends QueuedCall {
  readonly id: string;
  readonly cancelTimeout: CancelTimer;
  readonly sentMs: number;
}

/** The connection as this queue sees it. */
export interface Wire {
  readonly chargePointId: string;
  /** False while an inbound CALL waits for its answer: the answer goes first. */
  canCall(): boolean;
  send(text: string): void;
}

export class OutboundCalls {
  readonly #context: ConnectionContext;
  readonly #wire: Wire;
  readonly #queue: QueuedCall[] = [];
  #outstanding: OutstandingCall | undefined;
  /** Actions by the id of a CALL that timed out; made when one does, for most chargers answer. */
  #timedOut: Map<string, CentralSystemAction> | undefined;
  #cancelGate: CancelTimer | undefined;
  #gate: 'closed' | 'afterOther' | 'afterBoot' | 'open' = 'closed';
  #hasEnded = false;

  constructor(context: ConnectionContext, wire: Wire) {
    this.#context = context;
    this.#wire = wire;
    this.#planGate(context.outboundGate.backstopMs);
  }

  /** Sends a CALL when the gate is open, the one before has ended and no answer is owed, if it is wanted then. */
  call<A extends CentralSystemAction>(
    action: A,
    payload: RequestOf<A>,
    isWanted: () => boolean = () => true,
  ): Promise<CallOutcome> {
    if (this.#hasEnded) return Promise.resolve({ kind: 'offline' });
    if (this.#queue.length >= MAX_QUEUED_CALLS) return Promise.resolve({ kind: 'queueFull' });
    return new Promise((settle) => {
      this.#queue.push({ action, payload, settle, isWanted });
      this.pump();
    });
  }

  /** CALLs that wait for their turn. */
  get queued(): number {
    return this.#queue.length;
  }

  /** Sends the next CALL if it may be sent now. */
  pump(): void {
    if (this.#gate !== 'open' || this.#outstanding !== undefined || this.#queue.length === 0) return;
    if (this.#hasEnded || !this.#wire.canCall()) return;
    const next = this.#nextWanted();
    if (next === undefined) return;
    const id = this.#context.nextMessageId();
    const cancelTimeout = this.#context.clock.after(this.#context.callTimeoutMs, () => this.#timeOut(id));
    this.#outstanding = { ...next, id, cancelTimeout, sentMs: this.#context.clock.monotonicMs() };
    this.#context.log.debug('COMMAND', 'call sent', {
      charger: this.#wire.chargePointId,
      action: next.action,
      message: id,
    });
    this.#wire.send(callText(id, next.action, next.payload));
  }

  #nextWanted(): QueuedCall | undefined {
    for (let next = this.#queue.shift(); next; next = this.#queue.shift()) {
      if (next.isWanted()) return next;
      next.settle({ kind: 'cancelled' });
    }
    return undefined;
  }

  /** To be told of each CALL that was answered, for the gate. */
  answered(isBoot: boolean): void {
    const { afterBootMs, afterOtherMs } = this.#context.outboundGate;
    if (this.#gate === 'open' || this.#gate === 'afterBoot') return;
    if (isBoot) {
      this.#gate = 'afterBoot';
      this.#planGate(afterBootMs);
    } else if (this.#gate === 'closed') {
      this.#gate = 'afterOther';
      this.#planGate(afterOtherMs);
    }
  }

  /** Takes a CALLRESULT, or a CALLERROR with a code of any spelling. */
  settle(answer: ResultFrame | ErrorFrame): void {
    this.#settle(
      answer.id,
      answer.kind === 'error'
        ? { kind: 'error', code: answer.code, description: answer.description }
        : outcomeOf(answer.payload),
    );
  }

  /** Takes an answer that could not be parsed, of which only the id is known. */
  settleUnreadable({ id }: ProblemFrame): void {
    if (id === undefined) return;
    this.#settle(id, {
      kind: 'error',
      code: 'FormationViolation',
      description: 'the answer cannot be parsed',
    });
  }

  /** The connection is gone: everything outstanding and queued ends as offline. */
  end(): void {
    if (this.#hasEnded) return;
    this.#hasEnded = true;
    this.#cancelGate?.();
    const outstanding = this.#outstanding;
    this.#outstanding = undefined;
    outstanding?.cancelTimeout();
    outstanding?.settle({ kind: 'offline' });
    for (const queued of this.#queue.splice(0)) queued.settle({ kind: 'offline' });
  }

  #planGate(delayMs: number): void {
    this.#cancelGate?.();
    this.#cancelGate = this.#context.clock.after(delayMs, () => {
      this.#gate = 'open';
      this.#cancelGate = undefined;
      this.pump();
    });
  }

  #settle(id: MessageId, outcome: CallOutcome): void {
    const outstanding = this.#outstanding;
    if (outstanding === undefined || !this.#isMeantFor(outstanding, id, outcome)) {
      this.#ignore(String(id), outcome);
      return;
    }
    this.#outstanding = undefined;
    outstanding.cancelTimeout();
    this.#measure(outstanding, outcome.kind === 'error');
    outstanding.settle(outcome);
    this.pump();
  }

  /** Some chargers alter the id (Phihong): what can only be the answer is taken for it. Ids like ours are other CALLs'. */
  #isMeantFor(outstanding: OutstandingCall, id: MessageId, outcome: CallOutcome): boolean {
    if (String(id) === outstanding.id) return true;
    const run = outstanding.id.slice(0, outstanding.id.indexOf('-') + 1);
    const isOurs = this.#timedOut?.has(String(id)) === true || (run !== '' && String(id).startsWith(run));
    if (isOurs || outcome.kind !== 'result' || !fitsResponse(outstanding.action, outcome.payload))
      return false;
    this.#context.log.info('COMMAND', 'a charger altered the id of its answer', {
      charger: this.#wire.chargePointId,
      action: outstanding.action,
      message: outstanding.id,
      answered: String(id),
    });
    return true;
  }

  #ignore(id: string, outcome: CallOutcome): void {
    const { log } = this.#context;
    const action = this.#timedOut?.get(id);
    const fields = { charger: this.#wire.chargePointId, message: id };
    if (action === undefined) {
      log.debug('COMMAND', 'answer to no outstanding call, ignored', fields);
      return;
    }
    this.#timedOut?.delete(id);
    const said = outcome.kind === 'result' ? outcome.payload['status'] : undefined;
    const status = typeof said === 'string' ? said : undefined;
    const answer = outcome.kind === 'error' ? outcome.code : status;
    log.info('COMMAND', 'a charger answered too late', { ...fields, action, answer });
  }

  #measure({ action, sentMs }: OutstandingCall, hasFailed: boolean): void {
    const { clock, timeWatch } = this.#context;
    timeWatch.called(action, clock.monotonicMs() - sentMs, hasFailed);
  }

  #remember(id: string, action: CentralSystemAction): void {
    const timedOut = (this.#timedOut ??= new Map());
    timedOut.set(id, action);
    const [oldest] = timedOut.keys();
    if (timedOut.size > MAX_REMEMBERED_TIMEOUTS && oldest !== undefined) timedOut.delete(oldest);
  }

  #timeOut(id: string): void {
    const outstanding = this.#outstanding;
    if (outstanding?.id !== id) return;
    this.#outstanding = undefined;
    this.#context.log.warn('COMMAND', 'a charger did not answer', {
      charger: this.#wire.chargePointId,
      action: outstanding.action,
      afterMs: this.#context.callTimeoutMs,
    });
    this.#remember(id, outstanding.action);
    const { clock, quirkSeen } = this.#context;
    quirkSeen(this.#wire.chargePointId, 'does-not-answer', clock.now());
    this.#measure(outstanding, true);
    outstanding.settle({ kind: 'timeout' });
    this.pump();
  }
}

function outcomeOf(payload: unknown): CallOutcome {
  const isObject = typeof payload === 'object' && payload !== null && !Array.isArray(payload);
  return isObject
    ? { kind: 'result', payload: payload as Readonly<Record<string, unknown>> }
    : { kind: 'error', code: 'FormationViolation', description: 'the answer is not a JSON object' };
}
