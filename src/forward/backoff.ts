// How long to wait before the next attempt: doubling, bounded, spread by chance, and never shorter than the receiver asked for.

const FIRST_MS = 1_000;
/** Receivers that lost the same server should not all be asked again in the same moment: shorter by up to this share. */
const SPREAD = 0.2;
/** A receiver that asks for more is asked again all the same. */
const LONGEST_ASKED_MS = 3_600_000;

export class Backoff {
  readonly #longestMs: number;
  readonly #random: () => number;
  #nextMs = FIRST_MS;

  /** `random` is from 0 up to, and without, 1. */
  constructor(longestMs: number, random: () => number) {
    this.#longestMs = longestMs;
    this.#random = random;
  }

  /** After one more failure; `askedMs` is what the receiver wants, null when it says nothing. */
  next(askedMs: number | null): number {
    const ownMs = Math.min(this.#nextMs, this.#longestMs) * (1 - SPREAD * this.#random());
    this.#nextMs = Math.min(this.#nextMs * 2, this.#longestMs);
    return Math.round(Math.max(ownMs, Math.min(askedMs ?? 0, LONGEST_ASKED_MS)));
  }

  /** It works again. */
  reset(): void {
    this.#nextMs = FIRST_MS;
  }
}

/** The header Retry-After (RFC 9110 §10.2.3): seconds, or a date; null when it says neither. */
export function retryAfterMs(header: string | null, nowMs: number): number | null {
  if (header === null) return null;
  if (/^\d{1,9}$/.test(header.trim())) return Number(header) * 1000;
  const atMs = Date.parse(header);
  return Number.isNaN(atMs) ? null : Math.max(0, atMs - nowMs);
}
