// `kwota trace`: the raw frames of one charger as they went over the wire, the newest last.
import { setTimeout as pause } from 'node:timers/promises';
import type { ApiClient } from '../../src/api/client.ts';
import { TRACE_LIMIT_MAX } from '../../src/api/contract.ts';
import type { TracedLine } from '../../src/api/contract/chargers.ts';
import { printable, printableJson } from '../../src/runtime/printable.ts';
import { withApi, type ApiOptions } from '../api-access.ts';

export interface TraceOptions extends ApiOptions {
  readonly follow?: boolean;
  readonly json?: boolean;
  /** From 1 to TRACE_LIMIT_MAX. */
  readonly limit: number;
}

const POLL_EVERY_MS = 1_000;

const SIGNS = { in: '→', out: '←', connected: '● connected', disconnected: '○ disconnected' } as const;

export async function runTrace(id: string, options: TraceOptions): Promise<void> {
  const print = printer(options.json === true);
  await withApi(options, async (api) => {
    const lines = await api.trace(id, { limit: options.limit });
    print(lines);
    if (options.follow === true) await follow(api, id, lines.at(-1)?.seq, print);
  });
}

/** Until Ctrl-C, which is the way to end it and no failure, or until the server cannot be asked any more. */
async function follow(
  api: ApiClient,
  id: string,
  lastSeq: number | undefined,
  print: (lines: readonly TracedLine[]) => void,
): Promise<void> {
  const interrupted = new AbortController();
  process.once('SIGINT', () => interrupted.abort());
  const isOver = () => interrupted.signal.aborted;
  let afterSeq = lastSeq;
  while (!isOver()) {
    const lines = await api.trace(id, {
      limit: TRACE_LIMIT_MAX,
      ...(afterSeq === undefined ? {} : { afterSeq }),
    });
    print(lines);
    afterSeq = lines.at(-1)?.seq ?? afterSeq;
    // Cut short by Ctrl-C alone.
    await pause(POLL_EVERY_MS, undefined, { signal: interrupted.signal }).catch(() => undefined);
  }
}

function printer(isJson: boolean): (lines: readonly TracedLine[]) => void {
  let previousSeq: number | null = null;
  return (lines) => {
    for (const line of lines) {
      const dropped = previousSeq === null ? 0 : line.seq - previousSeq - 1;
      previousSeq = line.seq;
      const gap = dropped > 0 && !isJson ? `(${dropped} lines are no longer kept)\n` : '';
      process.stdout.write(`${gap}${isJson ? printableJson(line) : lineText(line)}\n`);
    }
  };
}

function lineText({ at, kind, text }: TracedLine): string {
  return `${at} ${SIGNS[kind]} ${printable(text)}`;
}
