// What the API needs to let chargers in and to forget them; joined in src/site-api.ts.

/** Both resolve when it is on disk; `by` is the name of the caller's token. */
export interface ChargerAdminPort {
  /** `inAdvance`: also one that has never connected. Resolves with the id that it is known by; null: it is unknown. */
  approve(chargePointId: string, inAdvance: boolean, by: string): Promise<string | null>;
  forget(chargePointId: string, by: string): Promise<'forgotten' | 'unknown' | 'connected' | 'charging'>;
}
