// What the API needs of the meter log; joined in src/kwota.ts.
import type { Reading } from '../../domain/reading.ts';

export interface ReadingFilter {
  readonly chargePointId?: string | undefined;
  readonly transactionId?: number | undefined;
  /** Milliseconds since 1970: from here on, and before there. */
  readonly fromMs?: number | undefined;
  readonly toMs?: number | undefined;
}

export interface ReadingPorts {
  /**
   * One bounded look, newest first, from before `beforeSeq` (null: the newest) on. It may find less than `limit`, or
   * nothing; `beforeSeq` of the answer is where the next look goes on, null at the end.
   */
  find(query: ReadingFilter & { readonly beforeSeq: number | null; readonly limit: number }): {
    readonly readings: readonly Reading[];
    readonly beforeSeq: number | null;
  };
  /** Null: nobody's, or of a session that is not known. */
  idTagOf(reading: Reading): string | null;
}
