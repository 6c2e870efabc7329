// What `kwota doctor` finds: one sentence about one thing, how bad it is, and what to do about it.

/** `bad`: kwota does not work like this. `warning`: it does, and somebody should know. `note`: what to do next. */
export type Level = 'ok' | 'note' | 'warning' | 'bad';

export interface Finding {
  readonly level: Level;
  /** One word. */
  readonly about: string;
  readonly text: string;
  readonly hint: string | null;
}

export function finding(level: Level, about: string, text: string, hint: string | null = null): Finding {
  return { level, about, text, hint };
}
