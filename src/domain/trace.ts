// A charger's trace: what one line of it is, and the block of lines that is stored together. No I/O.

export interface TraceLine {
  /**
   * Counts up by one for each charger: a gap is what was dropped. After a restart it goes on from what is stored, so
   * what a crash lost leaves no gap, and its numbers are given again.
   */
  readonly seq: number;
  /** By the server's clock. */
  readonly atMs: number;
  readonly kind: 'in' | 'out' | 'connected' | 'disconnected';
  /** in, out: the frame's text. connected: the path that the charger asked for. disconnected: the reason. */
  readonly text: string;
}

/** Lines of one charger that follow one another, as they are stored. */
export interface TraceBlock {
  readonly chargePointId: string;
  readonly firstSeq: number;
  readonly lastSeq: number;
  readonly firstMs: number;
  readonly lastMs: number;
  /** The lines as JSON, one to a line, deflated (RFC 1950). */
  readonly lines: Uint8Array;
}

/** How much of the traces is stored; above it the oldest blocks go. */
export interface TraceLimits {
  readonly bytesOfCharger: number;
  readonly bytesOfAll: number;
}

/** No frame that a charger or a server means ends like this: JSON ends with a bracket. */
const CUT_MARK = /… \(\d+ more characters\)$/;

/** The text itself when it has at most `maxLength` UTF-16 code units, else its beginning with a mark at the end. */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text;
  return `${text.slice(0, maxLength)}… (${text.length - maxLength} more characters)`;
}

/** Whether the end of the text is missing (see cutText). */
export function isCutText(text: string): boolean {
  return CUT_MARK.test(text);
}
