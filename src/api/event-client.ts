// Follows /api/events over whatever happens to the connection: what was missed is asked for, and nothing is told twice.
import { ApiClientError, openStream, type ApiAccess, type ApiClientErrorCode } from './client.ts';
import type { EventKind, LiveEvent, ResetEvent } from './contract/events.ts';
import { EventParser } from './event-parser.ts';

/** The server says something each 15 s: silent for so long, the connection is dead. */
const SILENT_FOR_MS = 45_000;

const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 15_000;

/** Trying again would not help against these. */
const FINAL: readonly ApiClientErrorCode[] = ['tokenRefused', 'roleTooLow', 'otherServer', 'badParameter'];

export interface FollowOptions {
  /** All of them unless told otherwise; `reset` comes in any case. */
  readonly kinds?: readonly EventKind[];
  /** Where to go on; without it a `reset` comes first. */
  readonly lastEventId?: string;
  /** Ends it. */
  readonly signal: AbortSignal;
  /** Waits before it is tried again; resolves early when the signal is aborted. */
  readonly pause: (ms: number, signal: AbortSignal) => Promise<void>;
  /** Told when it is connected (null), and why it is not. */
  readonly onConnection?: (problem: ApiClientError | null) => void;
}

/**
 * Calls `onEvent` for each event until the signal ends it. After a `reset` ask for the present state: what comes then
 * follows it. Rejects with an ApiClientError when no other attempt would go better.
 */
export async function followEvents(
  access: ApiAccess,
  onEvent: (event: LiveEvent | ResetEvent, id: string | undefined) => void,
  options: FollowOptions,
): Promise<void> {
  const { signal, pause, onConnection } = options;
  let lastEventId = options.lastEventId;
  let pauseMs = FIRST_PAUSE_MS;
  while (!signal.aborted) {
    const parser = new EventParser(lastEventId);
    try {
      await readStream(access, parser, options, (event, id) => {
        pauseMs = FIRST_PAUSE_MS;
        onEvent(event, id);
      });
    } catch (error) {
      if (!(error instanceof ApiClientError) || FINAL.includes(error.code)) throw error;
      if (isOver(signal)) return;
      onConnection?.(error);
    }
    // Blocks without data move it on as well.
    lastEventId = parser.lastEventId;
    if (isOver(signal)) return;
    await pause(pauseMs, signal);
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
  }
}

/** Asked anew each time: it changes while others are waited for. */
function isOver(signal: AbortSignal): boolean {
  return signal.aborted;
}

/** Until the connection ends; rejects with an ApiClientError when it broke or fell silent. */
async function readStream(
  access: ApiAccess,
  parser: EventParser,
  { kinds, signal, onConnection }: FollowOptions,
  onEvent: (event: LiveEvent | ResetEvent, id: string | undefined) => void,
): Promise<void> {
  const dead = new AbortController();
  const headers = {
    accept: 'text/event-stream',
    ...(parser.lastEventId === undefined ? {} : { 'last-event-id': parser.lastEventId }),
  };
  const query = kinds === undefined ? '' : `?kinds=${kinds.join(',')}`;
  const stream = await openStream(access, `events${query}`, headers, AbortSignal.any([signal, dead.signal]));
  onConnection?.(null);
  const reader = stream.pipeThrough(new TextDecoderStream()).getReader();
  const next = async () => {
    try {
      const piece = await withinSilence(reader.read(), dead);
      if (piece.done) return null;
      return parser
        .push(piece.value)
        .map(({ data, id }) => ({ event: JSON.parse(data) as LiveEvent | ResetEvent, id }));
    } catch (cause) {
      throw lost(access, cause);
    }
  };
  try {
    for (let events = await next(); events !== null; events = await next())
      for (const { event, id } of events) onEvent(event, id);
  } finally {
    dead.abort();
  }
}

/** Ends the connection when nothing comes for too long. */
async function withinSilence<T>(read: Promise<T>, dead: AbortController): Promise<T> {
  const silent = AbortSignal.timeout(SILENT_FOR_MS);
  const end = () => dead.abort();
  silent.addEventListener('abort', end, { once: true });
  try {
    return await read;
  } finally {
    silent.removeEventListener('abort', end);
  }
}

function lost({ url }: ApiAccess, cause: unknown): ApiClientError {
  const hint = 'is it running still?';
  return new ApiClientError('noServer', `the connection to the server at ${url} was lost`, hint, { cause });
}
