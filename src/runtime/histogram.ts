// How often something took how long: counts in buckets that grow by a tenth. Cheap enough for every message; it knows no names.

/** Buckets of a decade: an upper bound is 10 % above the one before. */
const PER_DECADE = 24;
/** What is quicker than 10 µs counts as 10 µs; what is slower than 1000 s is in the last bucket. */
const FLOOR_MS = 0.01;
const DECADES = 8;
const BUCKETS = PER_DECADE * DECADES + 1;
const PER_NATURAL_LOG = PER_DECADE / Math.LN10;

export class Histogram {
  readonly #counts: Float64Array;
  #count = 0;
  #sumMs = 0;
  #maxMs = 0;

  constructor() {
    this.#counts = new Float64Array(BUCKETS);
  }

  observe(ms: number): void {
    this.#count += 1;
    this.#sumMs += ms;
    if (ms > this.#maxMs) this.#maxMs = ms;
    const index = ms <= FLOOR_MS ? 0 : Math.ceil(Math.log(ms / FLOOR_MS) * PER_NATURAL_LOG - 1e-9);
    const bucket = Math.min(index, BUCKETS - 1);
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + 1;
  }

  get count(): number {
    return this.#count;
  }

  get sumMs(): number {
    return this.#sumMs;
  }

  /** Null: nothing was observed. */
  get maxMs(): number | null {
    return this.#count === 0 ? null : this.#maxMs;
  }

  /** The time that this share (0 to 1) did not exceed, up to 10 % too long; null: nothing was observed. */
  quantile(share: number): number | null {
    if (this.#count === 0) return null;
    const rank = Math.max(1, Math.ceil(share * this.#count));
    let seen = 0;
    for (let index = 0; index < BUCKETS; index++) {
      seen += this.#counts[index] ?? 0;
      if (seen >= rank) return Math.min(upperBoundMs(index), this.#maxMs);
    }
    return this.#maxMs;
  }

  /** How many took no longer than the upper bound of each bucket. */
  upTo(index: number): number {
    let seen = 0;
    for (let i = 0; i <= index; i++) seen += this.#counts[i] ?? 0;
    return seen;
  }

  /** What was observed since `earlier`, a copy of this one; its maximum is only known to the bucket. */
  since(earlier: Histogram): Histogram {
    const later = new Histogram();
    for (let index = 0; index < BUCKETS; index++) {
      const count = (this.#counts[index] ?? 0) - (earlier.#counts[index] ?? 0);
      later.#counts[index] = count;
      if (count > 0) later.#maxMs = Math.min(upperBoundMs(index), this.#maxMs);
    }
    later.#count = this.#count - earlier.#count;
    later.#sumMs = this.#sumMs - earlier.#sumMs;
    return later;
  }

  /** All of several together. */
  static sumOf(histograms: Iterable<Histogram>): Histogram {
    const sum = new Histogram();
    for (const one of histograms) {
      for (let index = 0; index < BUCKETS; index++)
        sum.#counts[index] = (sum.#counts[index] ?? 0) + (one.#counts[index] ?? 0);
      sum.#count += one.#count;
      sum.#sumMs += one.#sumMs;
      sum.#maxMs = Math.max(sum.#maxMs, one.#maxMs);
    }
    return sum;
  }
}

/** Upper bounds of some buckets, for those who count with fewer: three a decade, from 0.1 ms to 100 s. */
export const COARSE_BOUNDS: readonly { readonly index: number; readonly ms: number }[] = Array.from(
  { length: 19 },
  (_, third) => PER_DECADE + (third * PER_DECADE) / 3,
).map((index) => ({ index, ms: upperBoundMs(index) }));

function upperBoundMs(index: number): number {
  return FLOOR_MS * 10 ** (index / PER_DECADE);
}
