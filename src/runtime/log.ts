// The log as the rest of the program sees it: a tag the site's people grep for, a sentence, and key=value fields.
// How lines look and where they go is decided in log-output.ts.

export const LOG_TAGS = [
  'CONNECT',
  'AUTH',
  'TRANSACTION',
  'METER',
  'QUOTA',
  'STATUS',
  'COMMAND',
  'FORWARD',
  'API',
  'DATA',
  'PERF',
] as const;

export type LogTag = (typeof LOG_TAGS)[number];

/** The graver, the later. */
export const LOG_LEVELS = ['debug', 'info', 'warn', 'error'] as const;

export type LogLevel = (typeof LOG_LEVELS)[number];

export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

export interface Log {
  debug(tag: LogTag, message: string, fields?: LogFields): void;
  info(tag: LogTag, message: string, fields?: LogFields): void;
  warn(tag: LogTag, message: string, fields?: LogFields): void;
  error(tag: LogTag, message: string, fields?: LogFields): void;
  /** Whether a line of this level would be written: ask before building costly fields. */
  isEnabled(level: LogLevel): boolean;
}

/** Drops every line: for tests that do not look at the log. */
export const silentLog: Log = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  isEnabled: () => false,
};
