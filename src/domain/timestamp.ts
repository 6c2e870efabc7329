// Timestamps as charge points write them. Anything readable becomes milliseconds since 1970; nothing here knows the time.

/** A charge point's clock before this is one that was never set (chargers that boot in 1970). */
export const EARLIEST_PLAUSIBLE_MS = Date.UTC(2020, 0, 1);

/** How far ahead of the server a charge point's clock may be before it is not believed. */
export const MAX_AHEAD_MS = 10 * 60_000;

const MAX_LENGTH = 64;
const SHAPE =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ]\s?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d+))?)?)?\s*(?:([Zz])|([+-])(\d{2}):?(\d{2})?)?$/;

/**
 * ISO 8601 as found in the field: offsets with and without colon or minutes, fractions of any length, blanks, one-digit
 * parts. A missing offset means UTC (OCPP 1.6 §3.14 asks for it). Null when it cannot be read.
 */
export function parseTimestamp(text: string): number | null {
  const match = text.length <= MAX_LENGTH ? SHAPE.exec(text.trim()) : null;
  if (!match) return null;
  const part = (index: number) => Number(match[index] ?? 0);
  const [year, month, day, hour, minute] = [part(1), part(2), part(3), part(4), part(5)];
  const second = Math.min(part(6), 59);
  if (month < 1 || month > 12 || day < 1 || hour > 24 || minute > 59 || part(6) > 60) return null;
  const daysInMonth = new Date(Date.UTC(year, month, 0)).getUTCDate();
  if (day > daysInMonth) return null;
  const milliseconds = Math.floor(Number(`0.${match[7] ?? '0'}`) * 1000);
  const offsetMinutes = (match[9] === '-' ? -1 : 1) * (part(10) * 60 + part(11));
  return Date.UTC(year, month - 1, day, hour, minute, second, milliseconds) - offsetMinutes * 60_000;
}

/** When something happened: by the charge point's clock where that is plausible, else by the server's. */
export interface EventTime {
  readonly atMs: number;
  readonly isPlausible: boolean;
}

/** `skewMs` is how far the charge point's clock is known to be ahead. */
export function eventTime(timestamp: string | undefined, receivedAtMs: number, skewMs = 0): EventTime {
  const saidMs = timestamp === undefined ? null : parseTimestamp(timestamp);
  const atMs = saidMs === null ? null : saidMs - skewMs;
  const isPlausible = atMs !== null && atMs >= EARLIEST_PLAUSIBLE_MS && atMs <= receivedAtMs + MAX_AHEAD_MS;
  return isPlausible ? { atMs, isPlausible } : { atMs: receivedAtMs, isPlausible: false };
}
