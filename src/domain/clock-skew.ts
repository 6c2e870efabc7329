// How far a charger's clock is off by whole half hours: local time labelled as UTC, or a wrong zone. Learned, never guessed.

/** A skew is a multiple of this; smaller differences are drift and delay, and nothing is corrected for them. */
const STEP_MS = 30 * 60_000;
/** How far a live message may be from such a multiple. */
const TOLERANCE_MS = 2 * 60_000;
/** Zones go no further; what is older comes from an offline queue. */
const MAX_SKEW_MS = 14 * 3_600_000;
/** A skew counts when this many messages in a row, over this much of the server's time, agree on it. */
const MIN_MESSAGES = 4;
const MIN_SPAN_MS = 10 * 60_000;
/** A clock that seems to be behind may be a queue that is told slowly: that takes as many times the evidence. */
const BEHIND_FACTOR = 3;

/** What a charger's timestamps have shown so far. Immutable. */
export interface ClockSkew {
  /** What is subtracted from its timestamps; 0 until a skew is stable. */
  readonly skewMs: number;
  /** The multiple that the latest messages agree on. */
  readonly candidateMs: number;
  readonly messages: number;
  readonly sinceMs: number;
}

export const NO_SKEW: ClockSkew = { skewMs: 0, candidateMs: 0, messages: 0, sinceMs: 0 };

/**
 * Learns from a message that arrived at `receivedAtMs` with the timestamp `atMs`. A message that fits no multiple (an
 * offline queue, a clock in 1970) says nothing. Returns the same object when nothing changes but what is not kept.
 */
export function learnSkew(skew: ClockSkew, atMs: number, receivedAtMs: number): ClockSkew {
  const difference = atMs - receivedAtMs;
  const multipleMs = Math.round(difference / STEP_MS) * STEP_MS + 0;
  const fits = Math.abs(difference - multipleMs) <= TOLERANCE_MS && Math.abs(multipleMs) <= MAX_SKEW_MS;
  if (!fits) return skew;
  if (multipleMs !== skew.candidateMs || skew.messages === 0) {
    return { ...skew, candidateMs: multipleMs, messages: 1, sinceMs: receivedAtMs };
  }
  const factor = multipleMs < 0 ? BEHIND_FACTOR : 1;
  const messages = Math.min(skew.messages + 1, MIN_MESSAGES * factor);
  const isStable = messages >= MIN_MESSAGES * factor && receivedAtMs - skew.sinceMs >= MIN_SPAN_MS * factor;
  const skewMs = isStable ? multipleMs : skew.skewMs;
  return messages === skew.messages && skewMs === skew.skewMs ? skew : { ...skew, messages, skewMs };
}
