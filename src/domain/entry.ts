// What changes a user's month beside sessions: opening balance of a take-over, adjustments by other programs, grants.

/**
 * `openingBalance` and `adjustment` count as used energy (an adjustment may be negative); a `grant` is extra quota.
 * Immutable: each is its own record with its own id, so that none is ever applied twice.
 */
export interface Entry {
  readonly id: string;
  readonly type: 'openingBalance' | 'adjustment' | 'grant';
  readonly idTag: string;
  /** The billing month (`2026-11`) it belongs to. */
  readonly month: string;
  readonly wh: number;
  /** When it was made, in milliseconds since 1970. */
  readonly atMs: number;
  /** Who made it: a file's name, a user of the API. */
  readonly source: string;
  /** Of a grant: why, in the words of who made it. */
  readonly note?: string;
  /** Of a grant that takes another one back: its id. The Wh are those of that one, negative. */
  readonly revokes?: string;
}
