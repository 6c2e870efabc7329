// How log lines look and where they go: pino decides by level and writes JSON; text lines for people are made from that.
import pino from 'pino';
import type { Log, LogFields, LogLevel, LogTag } from './log.ts';

export interface LogOptions {
  readonly level: LogLevel;
  readonly format: 'text' | 'json';
  /** Receives whole lines, each with its line end. */
  readonly write: (line: string) => void;
}

export function createLog({ level, format, write }: LogOptions): Log {
  const stream = { write: format === 'json' ? write : (json: string) => write(textLine(json)) };
  const logger = pino(
    {
      level,
      base: null,
      timestamp: pino.stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    stream,
  );
  const at = (which: LogLevel) => (tag: LogTag, message: string, fields?: LogFields) => {
    if (logger.isLevelEnabled(which)) logger[which]({ tag, ...fields }, message);
  };
  return {
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
    isEnabled: (which) => logger.isLevelEnabled(which),
  };
}

/** `2026-11-30T10:15:00.123Z INFO  [METER] reading charger=CP1 user=RFID001` */
function textLine(json: string): string {
  const { time, level, tag, msg, ...fields } = JSON.parse(json) as Record<string, unknown>;
  const pairs = Object.entries(fields).map(([key, value]) => ` ${key}=${valueText(value)}`);
  return `${String(time)} ${String(level).toUpperCase().padEnd(5)} [${String(tag)}] ${printable(String(msg))}${pairs.join('')}\n`;
}

/** Text from outside may hold blanks, quotes or terminal escapes: it is quoted and escaped as JSON does it. */
function valueText(value: unknown): string {
  if (typeof value !== 'string') return JSON.stringify(value);
  return /^[\w.:/@+-]+$/.test(value) ? value : printable(JSON.stringify(value));
}

/** JSON leaves DEL and the C1 control characters as they are; terminals obey some of them. */
function printable(text: string): string {
  return text.replace(
    /\p{Cc}|[\u2028\u2029]/gu,
    (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}
