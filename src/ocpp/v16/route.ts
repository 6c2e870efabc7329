// One row of the route table: what the router must know of a charge point's action to do every generic thing for it.
import type { EpochMs } from '../../runtime/clock.ts';
import type { ChargePointAction, RequestOf, ResponseOf } from './messages.ts';

/** A request after lenient.ts: every member may be missing, enums and lengths are not enforced, unknown members may remain. */
export type Lenient<T> = T extends readonly (infer Element)[]
  ? Lenient<Element>[]
  : T extends string
    ? string
    : T extends object
      ? { [Key in keyof T]?: Lenient<T[Key]> }
      : T;

export interface Inbound<A extends ChargePointAction> {
  readonly chargePointId: string;
  /** When the frame arrived, by the server's clock. */
  readonly receivedAt: EpochMs;
  readonly request: Lenient<RequestOf<A>>;
}

export interface Route<A extends ChargePointAction> {
  readonly action: A;
  /** The answer leaves only when everything that memory knew when the handler ended is on disk. */
  readonly waitsForDisk: boolean;
  /**
   * 'everything': whatever is wrong with the payload, the handler gets what could be read and answers (transaction messages are never refused).
   * 'spelling': a required member that is missing or of a hopeless type is answered with a CALLERROR.
   */
  readonly forgives: 'everything' | 'spelling';
  /** Puts a payload of another version of OCPP into the words of 1.6; any other is handed on as it is. */
  translate?(payload: unknown, chargePointId: string): unknown;
  /** Synchronous: it changes memory, answers, and never waits for the charge point. */
  handle(inbound: Inbound<A>): ResponseOf<A>;
}

/** Every action that a charge point may send has a route. */
export type Routes = { readonly [A in ChargePointAction]: Route<A> };
