// `kwota logs`: the lines of the log, from the running server or, where none runs on the data folder, from its file.
import { existsSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { ApiClientError, type ApiAccess } from '../../src/api/client.ts';
import { PAGE_LIMIT_MAX } from '../../src/api/contract.ts';
import type { LogLine } from '../../src/api/contract/logs.ts';
import { followEvents } from '../../src/api/event-client.ts';
import { createObserveClient, type LogFilter } from '../../src/api/observe-client.ts';
import { logLineText } from '../../src/runtime/log-output.ts';
import { printable, printableJson } from '../../src/runtime/printable.ts';
import { accessOf, type ApiOptions } from '../api-access.ts';
import { CommandError } from '../command-error.ts';
import { readConfiguration } from '../configuration.ts';
import { linesOfFile, type FiledLine } from '../log-lines.ts';
import { logFilePath } from '../server-log.ts';

export interface LogsOptions extends ApiOptions {
  readonly follow?: boolean;
  readonly json?: boolean;
  readonly level?: LogLine['level'];
  readonly tag?: LogLine['tag'];
  readonly charger?: string;
  /** ISO 8601. */
  readonly since?: string;
  /** Undefined: 200, or with `since` all. */
  readonly limit?: number;
}

const LIMIT_DEFAULT = 200;
const AFTER_A_CUT_MS = 500;

type Print = (lines: readonly FiledLine[]) => void;

export async function runLogs(options: LogsOptions): Promise<void> {
  const print = printer(options.json === true);
  const access = await runningServer(options);
  if (access === null) return fromFile(options, print);
  const filter = { level: options.level, tag: options.tag, charger: options.charger };
  const begin = () => newest(access, options, filter, print);
  if (options.follow === true) await follow(access, begin, (seq) => logsAfter(access, seq, filter, print));
  else await begin();
}

/** Null: none runs on the data folder. */
async function runningServer(options: LogsOptions): Promise<ApiAccess | null> {
  try {
    const access = accessOf(options);
    if (options.url === undefined) await createObserveClient(access).logs({ limit: 1 });
    return access;
  } catch (error) {
    const isNone = error instanceof ApiClientError && error.code === 'noServer';
    if (isNone && options.url === undefined) return null;
    throw error;
  }
}

async function fromFile(options: LogsOptions, print: Print): Promise<void> {
  const { config, dataDir } = readConfiguration(options);
  const path = logFilePath(config, dataDir);
  const start = 'start one with kwota serve, or name another folder with --data';
  if (path === null || !existsSync(path)) {
    const none = path === null ? 'it writes no log file' : `there is no log file ${path}`;
    throw new CommandError(`no server runs on the data folder ${dataDir}, and ${none}`, start);
  }
  const { level, tag, charger, since } = options;
  const fromMs = since === undefined ? undefined : Date.parse(since);
  print(await linesOfFile(path, { level, tag, charger, fromMs }, limitOf(options)));
  if (options.follow === true)
    throw new CommandError(`no server runs on the data folder ${dataDir}: nothing follows`, start);
}

function limitOf({ limit, since }: LogsOptions): number {
  return limit ?? (since === undefined ? LIMIT_DEFAULT : Infinity);
}

/** Prints the newest; returns the number of the last line that there is, whether it fits or not. */
async function newest(
  access: ApiAccess,
  options: LogsOptions,
  filter: LogFilter,
  print: Print,
): Promise<number> {
  const client = createObserveClient(access);
  const lastSeq = (await client.logs({ limit: 1 })).items.at(-1)?.seq ?? 0;
  const limit = limitOf(options);
  const asked = { ...filter, from: options.since };
  if (limit > PAGE_LIMIT_MAX) return Math.max(lastSeq, await logsAfter(access, 0, asked, print));
  const { items } = await client.logs({ ...asked, limit });
  print(items);
  return Math.max(lastSeq, items.at(-1)?.seq ?? 0);
}

/** All lines after this one; returns the number of the last. */
async function logsAfter(access: ApiAccess, seq: number, filter: LogFilter, print: Print): Promise<number> {
  const client = createObserveClient(access);
  for (let after = seq; ;) {
    const { items, next } = await client.logs({ ...filter, after, limit: PAGE_LIMIT_MAX });
    print(items);
    after = items.at(-1)?.seq ?? after;
    if (next === null) return after;
  }
}

/** Until Ctrl-C, which is the way to end it and no failure. A line that is told means: ask for what is new. */
async function follow(
  access: ApiAccess,
  begin: () => Promise<number>,
  askAfter: (seq: number) => Promise<number>,
): Promise<void> {
  const over = new AbortController();
  process.once('SIGINT', () => over.abort());
  const news = createNews(begin, askAfter);
  const following = followEvents(
    access,
    // A reset is told by each run of the server once, before its lines: they are counted anew.
    ({ kind }) => (kind === 'reset' ? news.beginAnew() : news.ask()),
    {
      kinds: ['log'],
      signal: over.signal,
      pause: (ms, signal) => pause(ms, undefined, { signal }).catch(() => undefined),
      onConnection(problem) {
        // Lines of a cut are asked for when it is known whose they are: a reset would have come by then.
        if (problem === null) setTimeout(() => news.ask(), AFTER_A_CUT_MS).unref();
        else process.stderr.write(`kwota: ${printable(problem.message)}; waiting until it is back\n`);
      },
    },
  );
  await Promise.race([following, news.failed]);
}

/** Asks for lines, one request after the other, as long as there may be new ones. */
function createNews(begin: () => Promise<number>, askAfter: (seq: number) => Promise<number>) {
  const failed = Promise.withResolvers<never>();
  /** Null: nothing was asked for yet. */
  let after: number | null = null;
  let isAnew = false;
  let isMore = false;
  let asking: Promise<void> | null = null;
  const askAll = async () => {
    while (isMore) {
      isMore = false;
      if (after !== null && isAnew) after = 0;
      isAnew = false;
      after = await (after === null ? begin() : askAfter(after));
    }
  };
  const ask = () => {
    isMore = true;
    asking ??= askAll()
      .catch((error: unknown) => {
        // A server that is gone is asked again when it is back.
        if (!(error instanceof ApiClientError) || error.code !== 'noServer') failed.reject(error);
      })
      .finally(() => (asking = null));
  };
  return {
    /** Rejects when it makes no sense to go on. */
    failed: failed.promise,
    ask,
    beginAnew() {
      isAnew = true;
      ask();
    },
  };
}

function printer(isJson: boolean): Print {
  return (lines) => {
    const texts = lines.map((line) => (isJson ? printableJson(line) : lineText(line)));
    if (texts.length > 0) process.stdout.write(`${texts.join('\n')}\n`);
  };
}

function lineText({ charger, fields, ...line }: FiledLine): string {
  const shown = charger === null ? fields : { charger, ...fields };
  return logLineText({ ...line, fields: shown }).trimEnd();
}
