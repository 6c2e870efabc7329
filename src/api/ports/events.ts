// What the API needs of what happens at the site; joined in src/kwota.ts.
import type { NumberedEvent } from '../../domain/site-event.ts';
import type { Clock } from '../../runtime/clock.ts';

export interface EventSource {
  /** Tells the numbers of this run of the server from those of another. */
  readonly run: string;
  /** The number of the newest event; 0 before the first. */
  lastSeq(): number;
  /** What came after `seq`, oldest first; null when some of it is no longer kept, or `seq` was never told. */
  since(seq: number): readonly NumberedEvent[] | null;
  /** Returns what ends it. */
  subscribe(listener: (event: NumberedEvent) => void): () => void;
}

export interface EventPorts {
  readonly source: EventSource;
  /** Clients that may listen at the same time: each holds a connection. */
  readonly maxStreams: number;
  /** For heartbeats. */
  readonly clock: Clock;
}
