// A log-linear histogram of latencies, its buckets about 1.6 % wide: small enough to be sent between processes, and to be merged.

const SUB_BITS = 6;
const SUBS = 2 ** SUB_BITS;
const BUCKETS = (32 - SUB_BITS) * SUBS;
const MAX_US = 2 ** 31 - 1;

/** What is sent between processes: the counts by bucket, those that are not 0. */
export type PlainHistogram = readonly (readonly [bucket: number, count: number])[];

export class Histogram {
  readonly #counts = new Float64Array(BUCKETS);
  #total = 0;

  get total(): number {
    return this.#total;
  }

  addMs(ms: number): void {
    this.#add(bucketOf(Math.min(MAX_US, Math.max(0, Math.round(ms * 1000)))), 1);
  }

  merge(other: PlainHistogram): void {
    for (const [bucket, count] of other) this.#add(bucket, count);
  }

  /** In milliseconds; not a number while it is empty. `share` is between 0 and 1. */
  quantileMs(share: number): number {
    const rank = Math.max(1, Math.ceil(share * this.#total));
    let seen = 0;
    for (let bucket = 0; bucket < BUCKETS; bucket += 1) {
      seen += this.#counts[bucket] ?? 0;
      if (seen >= rank) return middleOf(bucket) / 1000;
    }
    return Number.NaN;
  }

  plain(): PlainHistogram {
    return [...this.#counts.entries()].filter(([, count]) => count > 0);
  }

  clear(): void {
    this.#counts.fill(0);
    this.#total = 0;
  }

  #add(bucket: number, count: number): void {
    this.#counts[bucket] = (this.#counts[bucket] ?? 0) + count;
    this.#total += count;
  }
}

function bucketOf(us: number): number {
  if (us < SUBS) return us;
  const shift = 31 - Math.clz32(us) - SUB_BITS;
  return (shift + 1) * SUBS + ((us >>> shift) - SUBS);
}

/** In microseconds. */
function middleOf(bucket: number): number {
  if (bucket < SUBS) return bucket;
  const shift = Math.floor(bucket / SUBS) - 1;
  return SUBS * 2 ** shift + (bucket % SUBS) * 2 ** shift + (2 ** shift - 1) / 2;
}
