// What happens at a made-up site, as data: its chargers, and steps in charging time. Reading it from a file is
// bin/scenario-file.ts, doing it stage.ts.
import type { Car } from './car.ts';
import type { Profile } from './profile.ts';
import type { RequestOf } from '../ocpp/v16/messages.ts';

export interface Scenario {
  readonly name: string;
  /** How many times as fast as the clock charging passes, where nobody says otherwise. */
  readonly speed: number;
  readonly chargers: readonly ScenarioCharger[];
  readonly steps: readonly Step[];
  /** When it ends by itself, in charging time; null: it goes on until it is told to end. */
  readonly endsAfterMs: number | null;
}

export interface ScenarioCharger {
  readonly id: string;
  readonly profile: Profile;
}

export interface Step {
  /** From the beginning, in charging time. */
  readonly atMs: number;
  /** So many times, `everyMs` apart. */
  readonly times: number;
  readonly everyMs: number;
  /** Of several, each at its own moment within so long. */
  readonly withinMs: number;
  readonly chargerIds: readonly string[];
  readonly connectorId: number;
  readonly action: StepAction;
}

export type StepAction =
  /** Begins a session, and by the same card ends it. */
  | { readonly kind: 'tap'; readonly idTags: readonly [string, ...string[]]; readonly car: Car }
  | { readonly kind: 'unplug' }
  | { readonly kind: 'fault'; readonly errorCode: RequestOf<'StatusNotification'>['errorCode'] }
  | { readonly kind: 'repair' }
  /** The line is away for so long, in charging time. */
  | { readonly kind: 'cutLine'; readonly forMs: number }
  | { readonly kind: 'losePower' };
