// What a piece of text means; how a meaning looks is decided in palette.ts. Colour only repeats what a glyph and a word say.

export type Role =
  /** Available, connected, done. */
  | 'ok'
  /** Charging, at work. */
  | 'active'
  /** Preparing, suspended, finishing. */
  | 'waiting'
  | 'reserved'
  /** Much of a quota is used, a figure is old. */
  | 'warning'
  /** A fault, a quota used up. */
  | 'danger'
  /** Not connected. */
  | 'offline'
  /** Not in service. */
  | 'unavailable'
  /** What can be read second. */
  | 'secondary'
  /** Headings, keys. */
  | 'strong'
  | 'plain';
