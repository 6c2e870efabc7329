// Timestamps as charge points write them. Anything readable becomes milliseconds since 1970; nothing here knows the time.

/** A charge point's clock before this is one that was never set (chargers that boot in 1970). */
export const EARLIEST_PLAUSIBLE_MS = Date.UTC(2020, 0, 1);

/** How far ahead of the server a charge point's clock may be before it is not believed. */
export const MAX_AHEAD_MS = 10 * 60_000;

const MAX_LENGTH = 64;
const SHAPE =
  /^(\d{4})-(\d{1,2})-(\d{1,2})(?:[Tt ]\s?(\d{1,2}):(\d{1,2})(?::(\d{1,2})(?:[.,](\d+))?)?)?\s*(?:([Zz])|([+-])(\d{2}):?(\d{2})?)?$/;

/** `2026-11-30T12:00:05Z`, with or without three digits of fraction: what most chargers write, read without taking it apart. */
const USUAL_SHAPE =
  /^2\d{3}-(?:0[1-9]|1[0-2])-(?:0[1-9]|[12]\d|3[01])T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{3})?Z$/;
const USUAL_LENGTH = '2026-11-30T12:00:05Z'.length;
const DIGIT_0 = 48;

/**
 * ISO 8601 as found in the field: offsets with and without colon or minutes, fractions of any length, blanks, one-digit
 * parts. A missing offset means UTC (OCPP 1.6 §3.14 asks for it). Null when it cannot be read.
 */
export function parseTimestamp(text: string): number | null {
  return USUAL_SHAPE.test(text) ? parseUsual(text) : parseUnusual(text);
}

function parseUsual(text: string): number | null {
  const year = two(text, 0) * 100 + two(text, 2);
  const [month, day] = [two(text, 5), two(text, 8)];
  if (day > 28 && day > daysIn(year, month)) return null;
  const milliseconds = text.length === USUAL_LENGTH ? 0 : Number(text.slice(20, 23));
  return Date.UTC(year, month - 1, day, two(text, 11), two(text, 14), two(text, 17), milliseconds);
}

function two(text: string, at: number): number {
  return (text.charCodeAt(at) - DIGIT_0) * 10 + text.charCodeAt(at + 1) - DIGIT_0;
}

function daysIn(year: number, month: number): number {
  return new Date(Date.UTC(year, month, 0)).getUTCDate();
}

function parseUnusual(text: string): number | null {
  const match = text.length <= MAX_LENGTH ? SHAPE.exec(text.trim()) : null;
  if (!match) return null;
  const part = (index: number) => Number(match[index] ?? 0);
  const [year, month, day, hour, minute] = [part(1), part(2), part(3), part(4), part(5)];
  const second = Math.min(part(6), 59);
  if (month < 1 || month > 12 || day < 1 || hour > 24 || minute > 59 || part(6) > 60) return null;
  if (day > daysIn(year, month)) return null;
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
