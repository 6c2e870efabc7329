// A CALL that somebody asks for, and what an operation adds to plain sending. Shapes only.
import type { Answer } from '../remote.ts';

export type Payload = Readonly<Record<string, unknown>>;

export interface Command {
  readonly chargePointId: string;
  /** An operation of the central system, as OCPP 1.6 spells it. */
  readonly action: string;
  readonly payload: Payload;
  /** Who asked, for the log and the books. */
  readonly who: string;
}

/** What an operation changes in kwota beside the CALL itself. */
export interface Effect {
  /** Fills in what was left out, before it is validated; a string says why it cannot be sent. */
  complete?(command: Command): Payload | string;
  /** It is valid and about to be queued: what follows from it may arrive before its answer. */
  sending?(command: Command): void;
  /** To be told how it ended, also when nothing was sent. */
  ended?(command: Command, answer: Answer): void;
}

/** By action. */
export type Effects = Readonly<Record<string, Effect>>;

/** The answers after which the charger may have done it all the same: nobody knows. */
export function isUncertain(answer: Answer): boolean {
  return answer.kind === 'timeout' || answer.kind === 'offline';
}
