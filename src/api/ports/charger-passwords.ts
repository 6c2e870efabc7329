// What the API needs of the passwords that kwota keeps for chargers; joined in src/site-api.ts.
import type { CommandFailure } from './commands.ts';

/** `by` is the name of the caller's token. All resolve when it is on disk. */
export interface ChargerPasswordPort {
  set(chargePointId: string, password: string, by: string): Promise<void>;
  clear(chargePointId: string, by: string): Promise<void>;
  /** Makes one and gives it to the charger. */
  rotate(
    chargePointId: string,
    by: string,
  ): Promise<
    { readonly kind: 'result'; readonly payload: Readonly<Record<string, unknown>> } | CommandFailure
  >;
}
