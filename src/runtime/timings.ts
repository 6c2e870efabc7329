// Histograms by name: how long each kind of message, request or command takes. Handles are made once and kept.
import { Histogram } from './histogram.ts';

export interface Timing {
  readonly name: string;
  readonly took: Histogram;
  /** Of them, those that ended badly. */
  failed: number;
}

/** More names than these come under the last one: what is measured never fills the memory. */
const MAX_NAMES = 200;
const OTHERS = 'other';

export class Timings {
  readonly #byName = new Map<string, Timing>();

  /** The one of this name, made when it is new. */
  of(name: string): Timing {
    const known = this.#byName.get(name);
    if (known) return known;
    if (this.#byName.size >= MAX_NAMES && name !== OTHERS) return this.of(OTHERS);
    const timing = { name, took: new Histogram(), failed: 0 };
    this.#byName.set(name, timing);
    return timing;
  }

  observe(name: string, ms: number, hasFailed = false): void {
    const timing = this.of(name);
    timing.took.observe(ms);
    if (hasFailed) timing.failed += 1;
  }

  /** By name. */
  all(): readonly Timing[] {
    return [...this.#byName.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  }

  /** All names together. */
  total(): Histogram {
    return Histogram.sumOf([...this.#byName.values()].map(({ took }) => took));
  }
}
