// What chargers are seen doing that OCPP 1.6 does not foresee, and what kwota does about it: the vocabulary, which counts nothing.
import { messageQuirks } from './quirk-message.ts';
import { sessionQuirks } from './quirk-session.ts';

export interface Quirk {
  readonly what: string;
  readonly handling: string;
  /** How much it may change what is booked, or when a quota is seen to be used up. */
  readonly billing: 'high' | 'medium' | 'low';
}

/** Every quirk that kwota recognises. Ids are stored: one that is taken out is forgotten, none is given another meaning. */
export const quirks = { ...messageQuirks, ...sessionQuirks } as const satisfies Readonly<
  Record<string, Quirk>
>;

export type QuirkId = keyof typeof quirks;

export function isQuirkId(id: string): id is QuirkId {
  return Object.hasOwn(quirks, id);
}
