// What happens at a simulated charger that is worth a line, and what it adds up to. Nothing here prints.
import type { StopTransactionReason } from './session.ts';

export type SimulatorEvent =
  /** The central system takes what it says. */
  | { readonly kind: 'connected' }
  | { readonly kind: 'disconnected'; readonly why: string; readonly retryInMs: number }
  | ({ readonly kind: 'started' } & Transaction)
  | ({ readonly kind: 'stopped'; readonly reason: StopTransactionReason } & Transaction & Energy)
  /** The central system did not accept the card; `offline`: nobody could be asked. */
  | {
      readonly kind: 'refused';
      readonly connectorId: number;
      readonly idTag: string;
      readonly status: string;
    }
  /** A CALL of the central system and how it was answered; null is not at all. */
  | { readonly kind: 'command'; readonly action: string; readonly answer: string | null }
  | { readonly kind: 'problem'; readonly what: string };

interface Transaction {
  readonly connectorId: number;
  readonly idTag: string;
  /** Null while the StartTransaction has not been answered. */
  readonly transactionId: number | null;
}

interface Energy {
  /** What flowed. */
  readonly trueWh: number;
  /** What flowed by the register: what a central system that does everything right books. */
  readonly registerWh: number;
}

/** What a charger has done since it was started. */
export interface Tally {
  connections: number;
  sessions: number;
  trueWh: number;
  registerWh: number;
  /** `registerWh` by idTag. */
  readonly registerWhByTag: Map<string, number>;
  framesSent: number;
  framesReceived: number;
  errors: number;
}

export function emptyTally(): Tally {
  return {
    connections: 0,
    sessions: 0,
    trueWh: 0,
    registerWh: 0,
    registerWhByTag: new Map(),
    framesSent: 0,
    framesReceived: 0,
    errors: 0,
  };
}

export function addToTally(tally: Tally, event: SimulatorEvent): void {
  if (event.kind === 'problem') tally.errors += 1;
  if (event.kind === 'connected') tally.connections += 1;
  if (event.kind !== 'stopped') return;
  const { idTag, trueWh, registerWh } = event;
  tally.sessions += 1;
  tally.trueWh += trueWh;
  tally.registerWh += registerWh;
  tally.registerWhByTag.set(idTag, (tally.registerWhByTag.get(idTag) ?? 0) + registerWh);
}
