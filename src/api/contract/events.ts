// What /api/events tells, as types: the data of each server-sent event, which has the name of its kind.
import type { Alarm } from './alarms.ts';
import type { Charger } from './chargers.ts';
import type { LogLine } from './logs.ts';
import type { Rung, Session } from './sessions.ts';

export const EVENT_KINDS = [
  'session',
  'charger',
  'forgotten',
  'connection',
  'entry',
  'usage',
  'alarm',
  'warning',
  'rung',
  'unknownTag',
  'log',
] as const;

export type EventKind = (typeof EVENT_KINDS)[number];

/**
 * What happened; `at` is ISO 8601. What is a state (session, charger, usage) is told once a second at most. `log` comes
 * only where it is asked for by name, and is not resumed: after a break ask /api/logs for what came after the last `seq`.
 */
export type LiveEvent = { readonly at: string } & (
  | { readonly kind: 'session'; readonly session: Session }
  | { readonly kind: 'charger'; readonly charger: Charger }
  | { readonly kind: 'forgotten'; readonly chargerId: string }
  | { readonly kind: 'connection'; readonly chargerId: string; readonly isConnected: boolean }
  | { readonly kind: 'entry'; readonly entry: LiveEntry }
  | { readonly kind: 'usage'; readonly month: string }
  | { readonly kind: 'alarm'; readonly isActive: boolean; readonly alarm: Alarm }
  | {
      readonly kind: 'warning';
      readonly idTag: string;
      readonly account: string | null;
      readonly percent: number;
      readonly usedWh: number;
      readonly limitWh: number;
    }
  | {
      readonly kind: 'rung';
      readonly chargerId: string;
      readonly transactionId: number;
      readonly rung: Rung;
    }
  | { readonly kind: 'unknownTag'; readonly chargerId: string; readonly idTag: string }
  | { readonly kind: 'log'; readonly line: LogLine }
);

/** A grant, an adjustment or an opening balance. */
export interface LiveEntry {
  readonly id: string;
  readonly type: string;
  readonly idTag: string;
  readonly month: string;
  readonly energyWh: number;
  readonly source: string;
}

/** What was missed is no longer known, or nothing was told before: ask for the present state; what follows comes after it. */
export interface ResetEvent {
  readonly kind: 'reset';
  readonly at: string;
}
