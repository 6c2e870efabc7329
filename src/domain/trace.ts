// One line of a charger's trace: a raw frame as it stood on the wire, or that the connection came or went.

export interface TraceLine {
  /** Counts up by one for each charger, also over restarts: a gap is what was dropped. */
  readonly seq: number;
  /** By the server's clock. */
  readonly atMs: number;
  readonly kind: 'in' | 'out' | 'connected' | 'disconnected';
  /** in, out: the frame's text. connected: the path that the charger asked for. disconnected: the reason. */
  readonly text: string;
}
