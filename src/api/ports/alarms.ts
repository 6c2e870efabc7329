// What the API needs of alarms; joined in src/kwota.ts.

export interface AlarmPort {
  active(): readonly { readonly id: string; readonly message: string; readonly sinceMs: number }[];
}
