// How log lines look and where they go: JSON lines by pino, or lines of text for people.
import pino from 'pino';
import { LOG_LEVELS, type Log, type LogFields, type LogLevel, type LogTag } from './log.ts';
import type { LogRing } from './log-ring.ts';

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: 'text' | 'json';
  /** Receives whole lines, each with its line end. */
  readonly write: (line: string) => void;
  /** Keeps the newest lines for who asks for them. */
  readonly ring?: LogRing;
}

type Writer = (level: LogLevel, tag: LogTag, message: string, fields: LogFields | undefined) => void;

export function createLog({ level, format, write, ring }: LogOptions): Log {
  const lowest = LOG_LEVELS.indexOf(level);
  const isEnabled = (which: LogLevel) => LOG_LEVELS.indexOf(which) >= lowest;
  const line = format === 'json' ? jsonWriter(write) : textWriter(write);
  const at = (which: LogLevel) => {
    if (!isEnabled(which)) return () => undefined;
    return (tag: LogTag, message: string, fields?: LogFields) => {
      line(which, tag, message, fields);
      ring?.add(which, tag, message, fields);
    };
  };
  return { debug: at('debug'), info: at('info'), warn: at('warn'), error: at('error'), isEnabled };
}

function jsonWriter(write: (line: string) => void): Writer {
  const formatters = { level: (label: string) => ({ level: label }) };
  const timestamp = pino.stdTimeFunctions.isoTime;
  const logger = pino({ level: 'debug', base: null, timestamp, formatters }, { write });
  return (level, tag, message, fields) => logger[level]({ tag, ...fields }, message);
}

/** `2026-11-30T10:15:00.123Z INFO  [METER] reading charger=CP1 user=RFID001` */
function textWriter(write: (line: string) => void): Writer {
  return (level, tag, message, fields) => {
    let text = `${new Date().toISOString()} ${level.toUpperCase().padEnd(5)} [${tag}] ${printable(message)}`;
    for (const key in fields) {
      const value = fields[key];
      if (value !== undefined) text += ` ${key}=${valueText(value)}`;
    }
    write(`${text}\n`);
  };
}

/** Text from outside may hold blanks, quotes or terminal escapes: it is quoted and escaped as JSON does it. */
function valueText(value: string | number | boolean | null): string {
  if (typeof value !== 'string') return String(value);
  return /^[\w.:/@+-]+$/.test(value) ? value : printable(JSON.stringify(value));
}

/** JSON leaves DEL and the C1 control characters as they are; terminals obey some of them. */
function printable(text: string): string {
  return text.replace(
    /\p{Cc}|[\u2028\u2029]/gu,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
