// What happened at a site, as it is told to who watches: one shape for each kind. Telling is the affair of csms and api.
import type { ChargePoint } from './charge-point.ts';
import type { Entry } from './entry.ts';
import type { Session } from './session.ts';
import type { ClimbedRung } from './stop-ladder.ts';

/** Times are milliseconds since 1970. */
export type SiteEvent =
  /** A session began, changed or ended: as it is now. */
  | { readonly kind: 'session'; readonly session: Session }
  /** What a charge point says of itself, or its connectors' status: as it is now. */
  | { readonly kind: 'charger'; readonly chargePoint: ChargePoint }
  /** Somebody wanted a charge point forgotten. */
  | { readonly kind: 'forgotten'; readonly chargePointId: string }
  | { readonly kind: 'connection'; readonly chargePointId: string; readonly isConnected: boolean }
  /** A grant, an adjustment, an opening balance. */
  | { readonly kind: 'entry'; readonly entry: Entry }
  /** energy_usage.json is about to say something else of this month. */
  | { readonly kind: 'usage'; readonly month: string }
  | {
      readonly kind: 'alarm';
      readonly id: string;
      readonly message: string;
      readonly sinceMs: number;
      readonly isActive: boolean;
    }
  /** An account reached a share of its quota, in percent. */
  | {
      readonly kind: 'warning';
      readonly idTag: string;
      readonly account: string | null;
      readonly percent: number;
      readonly usedWh: number;
      readonly limitWh: number;
    }
  /** A rung of the stop ladder was climbed, or answered. */
  | {
      readonly kind: 'rung';
      readonly chargePointId: string;
      readonly transactionId: number;
      readonly rung: ClimbedRung;
    }
  | { readonly kind: 'unknownTag'; readonly chargePointId: string; readonly idTag: string };

/** `seq` counts up by one in one run of the server. */
export interface NumberedEvent {
  readonly seq: number;
  readonly atMs: number;
  readonly event: SiteEvent;
}
