// Reads the lines of a log file, of either format, back into what the API tells of a line. It prints nothing.
import { createReadStream } from 'node:fs';
import { readdir, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import type { LogLine } from '../src/api/contract/logs.ts';
import { LOG_LEVELS } from '../src/runtime/log.ts';

/** What a line says; it has no number of its own. */
export type FiledLine = Omit<LogLine, 'seq'>;

export interface LineFilter {
  /** As grave as this, or graver. */
  readonly level?: LogLine['level'] | undefined;
  readonly tag?: string | undefined;
  readonly charger?: string | undefined;
  /** Milliseconds since 1970: written then or later. */
  readonly fromMs?: number | undefined;
}

const TEXT_LINE = /^(\d{4}-\d\d-\d\dT[\d:.]+Z) (DEBUG|INFO|WARN|ERROR) +\[([A-Z]+)\] (.*)$/;
const FIELD = /([\w-]+)=("(?:[^"\\]|\\.)*"|[^\s"]+)/g;
/** The sentence ends where nothing but fields follows. */
const FIELDS_AT_END = /(?: [\w-]+=(?:"(?:[^"\\]|\\.)*"|[^\s"]+))*$/;

/** Null: no line of a log. */
export function readLogLine(text: string): FiledLine | null {
  return text.startsWith('{') ? readJson(text) : readText(text);
}

/** The newest `limit` lines of the file and of those before it that fit, the oldest first. */
export async function linesOfFile(path: string, filter: LineFilter, limit: number): Promise<FiledLine[]> {
  const found: FiledLine[] = [];
  for (const file of await filesOf(path, filter.fromMs ?? 0)) {
    for await (const text of createInterface({ input: createReadStream(file), crlfDelay: Infinity })) {
      const line = readLogLine(text);
      if (line && isAskedFor(line, filter)) found.push(line);
      // Now and then, not for each line.
      if (found.length >= 2 * limit) found.splice(0, found.length - limit);
    }
  }
  return limit === Infinity ? found : found.slice(-limit);
}

function isAskedFor(line: FiledLine, { level, tag, charger, fromMs }: LineFilter): boolean {
  return (
    (level === undefined || LOG_LEVELS.indexOf(line.level) >= LOG_LEVELS.indexOf(level)) &&
    (tag === undefined || line.tag === tag) &&
    (charger === undefined || line.charger === charger) &&
    (fromMs === undefined || Date.parse(line.at) >= fromMs)
  );
}

/** Oldest first, without those that nothing was written to since then. */
async function filesOf(path: string, sinceMs: number): Promise<string[]> {
  const prefix = `${basename(path)}.`;
  const names = await readdir(dirname(path));
  const numbers = names
    .filter((name) => name.startsWith(prefix) && /^\d+$/.test(name.slice(prefix.length)))
    .map((name) => Number(name.slice(prefix.length)))
    .sort((a, b) => b - a);
  const files = [...numbers.map((number) => `${prefix}${number}`), basename(path)];
  const paths = files.map((name) => join(dirname(path), name));
  const stats = await Promise.all(paths.map((file) => stat(file)));
  return paths.filter((_, index) => (stats[index]?.mtimeMs ?? 0) >= sinceMs);
}

function readText(text: string): FiledLine | null {
  const [, at, level, tag, rest = ''] = TEXT_LINE.exec(text) ?? [];
  if (at === undefined || level === undefined || tag === undefined) return null;
  const end = FIELDS_AT_END.exec(rest)?.index ?? rest.length;
  const { charger = null, ...fields } = Object.fromEntries(
    Array.from(rest.slice(end).matchAll(FIELD), ([, name = '', value = '']) => [name, unquoted(value)]),
  );
  const words = { level: level.toLowerCase() as LogLine['level'], tag: tag as LogLine['tag'] };
  return { at, ...words, message: rest.slice(0, end), charger, fields };
}

function unquoted(value: string): string {
  if (!value.startsWith('"')) return value;
  try {
    return String(JSON.parse(value));
  } catch {
    // Not as it was written: it is shown as it stands there.
    return value;
  }
}

function readJson(text: string): FiledLine | null {
  const { level, time, tag, msg, charger, ...rest } = parsed(text);
  const isLevel = LOG_LEVELS.some((one) => one === level);
  if (!isLevel || typeof time !== 'string' || typeof tag !== 'string') return null;
  const words = { level: level as LogLine['level'], tag: tag as LogLine['tag'] };
  const fields = Object.fromEntries(Object.entries(rest).map(([name, value]) => [name, String(value)]));
  const message = typeof msg === 'string' ? msg : '';
  return { at: time, ...words, message, charger: typeof charger === 'string' ? charger : null, fields };
}

function parsed(text: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : {};
  } catch {
    // Cut off, or somebody else's.
    return {};
  }
}
