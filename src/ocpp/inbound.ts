// The router: from an inbound CALL to the text of its answer, with everything that is the same for every action. It knows no socket and does not wait.
import type { QuirkId } from '../domain/quirk.ts';
import type { Clock, EpochMs } from '../runtime/clock.ts';
import type { Log, LogFields } from '../runtime/log.ts';
import { OcppError, type OcppErrorCode } from './errors.ts';
import { errorText, resultText, type CallFrame, type MessageId, type ProblemFrame } from './frame.ts';
import type { QuirkWatch } from './ports.ts';
import { isJsonObject, readRequest, type LenientRequest } from './v16/lenient.ts';
import { isCentralSystemAction, isChargePointAction, type ChargePointAction } from './v16/messages.ts';
import { tellQuirks } from './v16/quirks.ts';
import type { Routes } from './v16/route.ts';

export interface Answer {
  readonly text: string;
  readonly waitsForDisk: boolean;
  /** A BootNotification that was handled. */
  readonly isBoot: boolean;
  /** It is a CALLERROR. */
  readonly isError: boolean;
}

/** Answers the CALLs of one connection. */
export interface Router {
  /** Handles the CALL now and returns its answer; never throws. */
  answer(call: CallFrame, receivedAt: EpochMs): Answer;
  /** The CALLERROR for a CALL that could not be read, or undefined when it has no id to answer to. */
  answerProblem(problem: ProblemFrame): Answer | undefined;
}

/** A CALL with an unknown action more often than this in a minute is answered with `{}`: the CALLERROR seems to be what it repeats for. */
export const MAX_UNKNOWN_CALLS_PER_MINUTE = 5;

/** Most unknown actions counted apart for one connection. */
const MAX_COUNTED_ACTIONS = 32;

const MINUTE_MS = 60_000;

/** Most warnings a minute about one connection's messages; the rest are debug lines. */
const MAX_WARNINGS_PER_MINUTE = 10;

/** Longest message id of the specification (OCPP-J 1.6, clause 4.1.4), in characters. */
const MAX_STANDARD_ID_LENGTH = 36;

interface MinuteCounter {
  count: number;
  readonly since: EpochMs;
}

/** Routes with the type of their action forgotten: the table guarantees that request and handler belong together. */
interface AnyRoute {
  readonly waitsForDisk: boolean;
  readonly forgives: 'everything' | 'spelling';
  translate?(payload: unknown, chargePointId: string): unknown;
  handle(inbound: { chargePointId: string; receivedAt: EpochMs; request: unknown }): unknown;
}

type QuirkSeen = QuirkWatch['quirkSeen'];

/** A router for the CALLs of one charge point. */
export function createRouter(
  chargePointId: string,
  routes: Routes,
  clock: Clock,
  log: Log,
  quirkSeen: QuirkSeen = () => undefined,
): Router {
  return new TableRouter(chargePointId, routes, clock, log, quirkSeen);
}

class TableRouter implements Router {
  readonly #chargePointId: string;
  readonly #routes: Routes;
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #quirkSeen: QuirkSeen;
  #unknown: Map<string, MinuteCounter> | undefined;
  #complaints: MinuteCounter | undefined;
  #hasCalled = false;
  #hasBooted = false;

  constructor(chargePointId: string, routes: Routes, clock: Clock, log: Log, quirkSeen: QuirkSeen) {
    this.#chargePointId = chargePointId;
    this.#routes = routes;
    this.#clock = clock;
    this.#log = log;
    this.#quirkSeen = quirkSeen;
  }

  answer(call: CallFrame, receivedAt: EpochMs): Answer {
    const answer = this.#answer(call, receivedAt);
    this.#lookAt(call, receivedAt);
    return answer;
  }

  #answer(call: CallFrame, receivedAt: EpochMs): Answer {
    const { id, action } = call;
    if (!isChargePointAction(action)) return this.#answerUnknown(id, action, receivedAt);
    const route: AnyRoute = this.#routes[action];
    const isObject = isJsonObject(call.payload);
    if (!isObject && route.forgives === 'spelling') {
      return this.#refuse(id, action, 'FormationViolation', 'the payload is not a JSON object');
    }
    try {
      const payload = route.translate?.(call.payload, this.#chargePointId) ?? call.payload;
      const read = readRequest(action, payload);
      if (call.raw !== undefined || !isObject) this.#logSalvaged(call);
      else if (read.notes.length > 0 || read.missing.length > 0) this.#logMended(action, route, read);
      const isRefused = read.missing.length > 0 && route.forgives === 'spelling';
      const inbound = { chargePointId: this.#chargePointId, receivedAt, request: read.request };
      const response = isRefused ? undefined : route.handle(inbound);
      // After the handler: with a boot it may be another firmware whose quirks are counted.
      if (payload !== call.payload) this.#saw('boot-of-2x', receivedAt);
      if (call.raw === undefined) tellQuirks(action, read, (quirk) => this.#saw(quirk, receivedAt));
      if (isRefused) return this.#refuseMissing(id, action, read);
      return {
        text: resultText(id, response),
        waitsForDisk: route.waitsForDisk,
        isBoot: action === 'BootNotification',
        isError: false,
      };
    } catch (error) {
      return this.#answerFailure(id, action, error);
    }
  }

  answerProblem(problem: ProblemFrame): Answer | undefined {
    const { id, action } = problem;
    this.#saw('unreadable-message', this.#clock.now());
    const isAnswerable = id !== undefined && problem.messageType === 2;
    this.#complain('a message that cannot be read', {
      charger: this.#chargePointId,
      problem: problem.problem,
      action,
      raw: problem.raw,
    });
    if (!isAnswerable) return undefined;
    return failure(id, 'FormationViolation', 'the message cannot be parsed');
  }

  #saw(quirk: QuirkId, at: EpochMs): void {
    this.#quirkSeen(this.#chargePointId, quirk, at);
  }

  /** What the frame shows, and when on its connection it comes. */
  #lookAt({ id, action, raw }: CallFrame, receivedAt: EpochMs): void {
    if (raw !== undefined) this.#saw('cut-off-message', receivedAt);
    if (typeof id === 'number' || id === '' || id.length > MAX_STANDARD_ID_LENGTH)
      this.#saw('odd-message-id', receivedAt);
    const isBoot = action === 'BootNotification';
    if (!this.#hasCalled && !isBoot) this.#saw('no-boot-on-connect', receivedAt);
    if (this.#hasBooted && isBoot) this.#saw('repeated-boot', receivedAt);
    this.#hasCalled = true;
    this.#hasBooted ||= isBoot;
  }

  #answerUnknown(id: MessageId, action: string, receivedAt: EpochMs): Answer {
    this.#saw('unknown-action', receivedAt);
    if (this.#countUnknown(action, receivedAt) > MAX_UNKNOWN_CALLS_PER_MINUTE) {
      return { text: resultText(id, {}), waitsForDisk: false, isBoot: false, isError: false };
    }
    return isCentralSystemAction(action)
      ? this.#refuse(id, action, 'NotSupported', 'only the central system sends this action')
      : this.#refuse(id, action, 'NotImplemented', 'OCPP 1.6 has no such action');
  }

  /** How often this action came within its current minute, this time included. */
  #countUnknown(action: string, receivedAt: EpochMs): number {
    this.#unknown ??= new Map();
    const key = this.#unknown.size < MAX_COUNTED_ACTIONS || this.#unknown.has(action) ? action : '';
    const counter = tick(this.#unknown.get(key), receivedAt);
    this.#unknown.set(key, counter);
    return counter.count;
  }

  #refuseMissing(id: MessageId, action: string, read: LenientRequest<ChargePointAction>): Answer {
    const path = read.missing[0] ?? '';
    const problem = read.notes.find((note) => note.path === path)?.problem;
    switch (problem) {
      case undefined:
        return this.#refuse(id, action, 'OccurenceConstraintViolation', `${path} is missing`);
      case 'unsafeInteger':
      case 'notInteger':
        return this.#refuse(id, action, 'PropertyConstraintViolation', `${path} is no value it may have`);
      default:
        return this.#refuse(id, action, 'TypeConstraintViolation', `${path} has the wrong type`);
    }
  }

  #answerFailure(id: MessageId, action: string, error: unknown): Answer {
    if (error instanceof OcppError) return this.#refuse(id, action, error.code, error.message);
    const fields = { charger: this.#chargePointId, action, error: String(error) };
    this.#log.error('CONNECT', 'a message could not be handled', fields);
    const stack = error instanceof Error ? error.stack : undefined;
    this.#log.debug('CONNECT', 'where that happened', { ...fields, stack });
    return failure(id, 'InternalError', 'the message could not be handled');
  }

  #refuse(id: MessageId, action: string, code: OcppErrorCode, description: string): Answer {
    this.#complain('a message was refused', {
      charger: this.#chargePointId,
      action,
      code,
      reason: description,
    });
    return failure(id, code, description);
  }

  #logSalvaged({ action, payload, raw }: CallFrame): void {
    this.#complain('a broken message was taken as far as it could be read', {
      charger: this.#chargePointId,
      action,
      raw,
      payload: typeof payload,
    });
  }

  #logMended(action: string, route: AnyRoute, { notes, missing }: LenientRequest<ChargePointAction>): void {
    const isIncomplete = missing.length > 0 && route.forgives === 'everything';
    if (!isIncomplete && !this.#log.isEnabled('debug')) return;
    const fields = {
      charger: this.#chargePointId,
      action,
      missing: missing.join(' '),
      notes: notes.map(({ path, problem }) => `${path}:${problem}`).join(' '),
    };
    if (isIncomplete) this.#complain('a message was taken although something is missing', fields);
    else this.#log.debug('CONNECT', 'a message was not as the specification wants it', fields);
  }

  /** A warning, as long as this charger does not cause too many. */
  #complain(message: string, fields: LogFields): void {
    this.#complaints = tick(this.#complaints, this.#clock.now());
    const isTooMany = this.#complaints.count > MAX_WARNINGS_PER_MINUTE;
    this.#log[isTooMany ? 'debug' : 'warn']('CONNECT', message, fields);
  }
}

/** Counts one more event of the current minute; a clock that jumped back starts a new minute. */
function tick(counter: MinuteCounter | undefined, now: EpochMs): MinuteCounter {
  if (counter === undefined || Math.abs(now - counter.since) >= MINUTE_MS) return { count: 1, since: now };
  counter.count++;
  return counter;
}

function failure(id: MessageId, code: OcppErrorCode, description: string): Answer {
  return { text: errorText(id, code, description), waitsForDisk: false, isBoot: false, isError: true };
}
