// One consumer of /api/events: server-sent events (HTML standard §9.2) as bytes, with heartbeats, and with a bound on what waits.
import type { NumberedEvent } from '../domain/site-event.ts';
import { every, type Clock } from '../runtime/clock.ts';
import type { ResetEvent } from './contract/events.ts';
import type { EventSource } from './ports/events.ts';
import { iso } from './route/iso.ts';

/** Proxies and clients give up a connection that is silent for a minute. */
const HEARTBEAT_EVERY_MS = 15_000;

/** What a consumer may leave unread. Beyond it its connection is dropped; it may resume. */
const BUFFER_MAX_BYTES = 1024 * 1024;

/** Whoever has missed more than this had better ask for the present state. */
const MISSED_MAX_BYTES = (BUFFER_MAX_BYTES / 4) * 3;

export interface EventStreamParts {
  readonly source: EventSource;
  readonly clock: Clock;
  /** As the client sent it. */
  readonly lastEventId: string | undefined;
  readonly isWanted: (event: NumberedEvent) => boolean;
  /** The data of an event, in one line. */
  readonly dataOf: (event: NumberedEvent) => string;
  /** Asked before anything is told: it may have been taken back. */
  readonly isStillAllowed: () => boolean;
  /** Aborted when the client goes away. */
  readonly signal: AbortSignal;
  readonly onEnd: () => void;
  /** What is told beside the events, and has no id: it cannot be resumed. Returns what ends it. */
  readonly extra: ((tell: (kind: string, data: string) => void) => () => void) | null;
}

/** Goes on until the consumer ends it, is too slow, or may not listen any more. */
export function openEventStream(parts: EventStreamParts): ReadableStream<Uint8Array> {
  const { source, clock, isWanted, dataOf, isStillAllowed, signal, extra, onEnd } = parts;
  const encoder = new TextEncoder();
  let stop: () => void = () => undefined;
  return new ReadableStream<Uint8Array>(
    {
      start(controller) {
        const send = (text: string) => {
          if (!isStillAllowed()) {
            stop();
            controller.close();
            return;
          }
          controller.enqueue(encoder.encode(text));
          if ((controller.desiredSize ?? 0) > 0) return;
          stop();
          controller.error(new Error('the consumer is too slow'));
        };
        const textOf = (event: NumberedEvent) =>
          isWanted(event) ? block(event.event.kind, idOf(source, event.seq), dataOf(event)) : '';
        const unsubscribe = source.subscribe((event) => {
          const text = textOf(event);
          if (text !== '') send(text);
        });
        const endExtra = extra?.((kind, data) => send(`event: ${kind}\ndata: ${data}\n\n`));
        // The id goes along, so that who resumes after hours of other kinds misses nothing.
        const cancelHeartbeat = every(clock, HEARTBEAT_EVERY_MS, () => {
          send(`: heartbeat\nid: ${idOf(source, source.lastSeq())}\n\n`);
        });
        stop = () => {
          stop = () => undefined;
          unsubscribe();
          endExtra?.();
          cancelHeartbeat();
          onEnd();
        };
        signal.addEventListener('abort', () => stop(), { once: true });
        // Nothing comes before it: this runs in one turn.
        send(beginning(parts, textOf));
      },
      cancel: () => stop(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: BUFFER_MAX_BYTES }),
  );
}

/** What was missed, or that it is gone. */
function beginning(parts: EventStreamParts, textOf: (event: NumberedEvent) => string): string {
  const { source, clock, lastEventId } = parts;
  const missed = missedSince(source, lastEventId)?.map(textOf).join('');
  if (missed !== undefined && Buffer.byteLength(missed) <= MISSED_MAX_BYTES) return `: resumed\n\n${missed}`;
  const reset: ResetEvent = { kind: 'reset', at: iso(clock.now()) };
  return block('reset', idOf(source, source.lastSeq()), JSON.stringify(reset));
}

/** What came after the id, oldest first; null when that cannot be told. */
function missedSince(source: EventSource, id: string | undefined): readonly NumberedEvent[] | null {
  const [run, seq] = id === undefined ? [] : id.split('-');
  if (run !== source.run || seq === undefined || !/^\d{1,15}$/.test(seq)) return null;
  return source.since(Number(seq));
}

function idOf(source: EventSource, seq: number): string {
  return `${source.run}-${seq}`;
}

function block(kind: string, id: string, data: string): string {
  return `event: ${kind}\nid: ${id}\ndata: ${data}\n\n`;
}
