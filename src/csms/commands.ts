// Sends any operation of the central system for somebody who asks: validated first, in its turn, its outcome told as it was.
// What an operation means beyond its CALL is in command/.
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import type { Command, Effect, Effects, Payload } from './command/command.ts';
import { Turns } from './command/turns.ts';
import type { Journal } from './journal.ts';
import { statusOf, type Answer, type Remote, type Requests } from './remote.ts';

export type CommandOutcome =
  | { readonly kind: 'result'; readonly payload: Payload }
  | { readonly kind: 'callError'; readonly code: string; readonly description: string }
  /** `wasSent` false: its turn did not come in time, and it will not be sent any more. */
  | { readonly kind: 'timeout'; readonly wasSent: boolean }
  /** Not connected, or cut off before it answered: whether it acted is unknown if `wasSent`. */
  | { readonly kind: 'offline'; readonly wasSent: boolean }
  | { readonly kind: 'invalid'; readonly problems: readonly string[] }
  | { readonly kind: 'queueFull' | 'unknownCharger' | 'unknownAction' };

export interface CommandParts {
  readonly journal: Journal;
  readonly remote: Remote;
  /** What is wrong with a payload by the letter of the schema; null: there is no such operation. */
  readonly problemsOf: (action: string, payload: unknown) => Promise<readonly string[] | null>;
  readonly effects: Effects;
  /** A command whose turn has not come by then is not sent. */
  readonly turnWithinMs: number;
  readonly clock: Clock;
  readonly log: Log;
}

interface SentAnswer {
  readonly answer: Answer;
  readonly wasSent: boolean;
}

export class Commands {
  readonly #parts: CommandParts;
  readonly #turns = new Turns();

  constructor(parts: CommandParts) {
    this.#parts = parts;
  }

  /** Never rejects for what a charger does. `who` asked for it. */
  async send(chargePointId: string, action: string, payload: unknown, who: string): Promise<CommandOutcome> {
    const { journal, remote, effects } = this.#parts;
    if (!journal.live.chargePoint(chargePointId)) return { kind: 'unknownCharger' };
    const effect = Object.hasOwn(effects, action) ? effects[action] : undefined;
    const asked = { chargePointId, action, payload: isPayload(payload) ? payload : {}, who };
    const completed = isPayload(payload) ? (effect?.complete?.(asked) ?? payload) : payload;
    const problems = await this.#problemsOf(action, completed);
    if (problems === null) return { kind: 'unknownAction' };
    if (problems.length > 0 || !isPayload(completed)) return this.#refuse(asked, problems);
    const command = { ...asked, payload: completed };
    if (!remote.isConnected(chargePointId))
      return this.#told(command, { kind: 'offline', wasSent: false }, 'offline');
    return this.#call(command, effect);
  }

  async #problemsOf(action: string, completed: unknown): Promise<readonly string[] | null> {
    const problems = await this.#parts.problemsOf(action, typeof completed === 'string' ? {} : completed);
    return problems !== null && typeof completed === 'string' ? [completed] : problems;
  }

  async #call(command: Command, effect: Effect | undefined): Promise<CommandOutcome> {
    effect?.sending?.(command);
    const { answer, wasSent } = await this.#inTurn(command);
    // What was never sent is known not to be done.
    effect?.ended?.(command, wasSent || answer.kind === 'queueFull' ? answer : { kind: 'cancelled' });
    return this.#told(command, outcomeOf(answer, wasSent), statusOf(answer));
  }

  /** Its answer; `timeout` also when its turn does not come in time. */
  #inTurn({ chargePointId, action, payload }: Command): Promise<SentAnswer> {
    const { remote, clock, turnWithinMs } = this.#parts;
    // The schema was checked: it is the payload of this operation.
    const request = payload as unknown as Requests[keyof Requests];
    return new Promise((resolve) => {
      let turn: 'awaited' | 'come' | 'missed' = 'awaited';
      const isWanted = () => {
        if (turn === 'missed') return false;
        turn = 'come';
        return true;
      };
      const leave = this.#turns.take(chargePointId, async () => {
        const answer = await remote.call(chargePointId, action as keyof Requests, request, isWanted);
        cancel();
        resolve({ answer, wasSent: turn === 'come' });
      });
      const cancel = clock.after(turnWithinMs, () => {
        if (turn !== 'awaited') return;
        turn = 'missed';
        leave?.();
        resolve({ answer: { kind: 'timeout' }, wasSent: false });
      });
      if (leave !== null) return;
      cancel();
      resolve({ answer: { kind: 'queueFull' }, wasSent: false });
    });
  }

  #refuse({ chargePointId, action, who }: Command, problems: readonly string[]): CommandOutcome {
    const fields = { charger: chargePointId, action, who, problems: problems.join('; ') };
    this.#parts.log.info('COMMAND', 'not sent: the payload is wrong', fields);
    return { kind: 'invalid', problems };
  }

  #told({ chargePointId, action, who }: Command, outcome: CommandOutcome, answer: string): CommandOutcome {
    const wasSent = 'wasSent' in outcome ? outcome.wasSent : undefined;
    const said = answer === 'no status' ? 'answered' : answer;
    this.#parts.log.info('COMMAND', action, { charger: chargePointId, who, answer: said, wasSent });
    return outcome;
  }
}

function outcomeOf(answer: Answer, wasSent: boolean): CommandOutcome {
  switch (answer.kind) {
    case 'result':
      return isTooDeep(answer.payload) ? TOO_DEEP : answer;
    case 'error':
      return { kind: 'callError', code: answer.code, description: answer.description };
    case 'timeout':
      return { kind: 'timeout', wasSent };
    case 'queueFull':
      return { kind: 'queueFull' };
    case 'offline':
    case 'cancelled':
      return { kind: 'offline', wasSent };
  }
}

/** No payload of OCPP is nested like this, and passing it on would take the stack. */
const MAX_DEPTH = 100;
const TOO_DEEP = {
  kind: 'callError',
  code: 'FormationViolation',
  description: 'the answer is nested too deeply',
} as const;

function isTooDeep(payload: Payload): boolean {
  let level: object[] = [payload];
  for (let depth = 0; depth < MAX_DEPTH && level.length > 0; depth += 1)
    level = level.flatMap(
      (one) => Object.values(one).filter((part) => typeof part === 'object' && part !== null) as object[],
    );
  return level.length > 0;
}

function isPayload(value: unknown): value is Payload {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
