// How log lines look and where they go: JSON lines by pino, or lines of text for people.
import pino from 'pino';
import { LOG_LEVELS, type Log, type LogFields, type LogLevel, type LogTag } from './log.ts';
import type { Redact } from './log-redaction.ts';
import type { KeptLine, LogRing } from './log-ring.ts';
import { printable } from './printable.ts';

export interface LogOptions {
  /** The least that is written; a function where that may change. */
  readonly level: LogLevel | (() => LogLevel);
  readonly format: 'text' | 'json';
  /** Receives whole lines, each with its line end. */
  readonly write: (line: string) => void;
  /** Keeps the newest lines for who asks for them. */
  readonly ring?: LogRing;
  /** What no line may show. */
  readonly redact?: Redact;
}

/** A line as its writer gets it. */
type Line = Omit<KeptLine, 'seq'>;

const NO_FIELDS: LogFields = {};

export function createLog({ level, format, write, ring, redact }: LogOptions): Log {
  const lowest = typeof level === 'function' ? level : () => level;
  const isEnabled = (which: LogLevel) => LOG_LEVELS.indexOf(which) >= LOG_LEVELS.indexOf(lowest());
  const writeLine = format === 'json' ? jsonWriter(write) : textWriter(write);
  const clean = redact ? cleaner(redact) : (fields: LogFields) => fields;
  const at =
    (which: LogLevel) =>
    (tag: LogTag, text: string, fields: LogFields = NO_FIELDS): void => {
      if (!isEnabled(which)) return;
      const message = redact?.(text) ?? text;
      const line = { atMs: Date.now(), level: which, tag, message, fields: clean(fields) };
      writeLine(line);
      ring?.add(line);
    };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), isEnabled };
}

/** The same fields where nothing has to be kept back. */
function cleaner(redact: Redact): (fields: LogFields) => LogFields {
  return (fields) => {
    let changed: Record<string, LogFields[string]> | null = null;
    for (const key in fields) {
      const value = fields[key];
      if (typeof value !== 'string') continue;
      const clean = redact(value);
      if (clean !== value) (changed ??= { ...fields })[key] = clean;
    }
    return changed ?? fields;
  };
}

function jsonWriter(write: (line: string) => void): (line: Line) => void {
  const formatters = { level: (label: string) => ({ level: label }) };
  // JSON leaves DEL, C1 and the characters that are not seen as they are; terminals obey some of them.
  const writeSafe = (line: string) => write(`${printable(line.trimEnd())}\n`);
  const options = { level: 'debug', base: null, timestamp: false, formatters };
  const logger = pino(options, { write: writeSafe });
  return ({ atMs, level, tag, message, fields }) =>
    logger[level]({ time: new Date(atMs).toISOString(), tag, ...fields }, message);
}

function textWriter(write: (line: string) => void): (line: Line) => void {
  return (line) => write(logLineText({ ...line, at: new Date(line.atMs).toISOString() }));
}

export interface WrittenLine extends Omit<Line, 'atMs'> {
  /** ISO 8601. */
  readonly at: string;
}

/** `2026-11-30T10:15:00.123Z INFO  [METER] reading charger=CP1 user=RFID001`, with its line end. */
export function logLineText({ at, level, tag, message, fields }: WrittenLine): string {
  let text = `${at} ${level.toUpperCase().padEnd(5)} [${tag}] ${message}`;
  for (const key in fields) {
    const value = fields[key];
    if (value !== undefined) text += ` ${key}=${valueText(value)}`;
  }
  return `${printable(text)}\n`;
}

/** Text from outside may hold blanks, quotes or line ends: it is quoted and escaped as JSON does it. */
function valueText(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return String(value);
  return /^[\w.:/@+-]+$/.test(value) ? value : JSON.stringify(value);
}
