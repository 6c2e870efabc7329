// Chance that can be repeated: the same seed gives the same numbers. For tests only; nothing secret may come from it.

export interface SeededRandom {
  /** A whole number from 0 up to, and without, `limit`. */
  below(limit: number): number;
  /** A whole number from `least` to `most`, both included. */
  between(least: number, most: number): number;
}

const TWO_TO_32 = 2 ** 32;
/** Any odd number does: it keeps small seeds apart, and the state away from 0, where a shift register stands still. */
const SPREAD = 0x9e3779b1;

/** A 32-bit shift register (13, 17, 5), which passes through every state but 0. */
export function seededRandom(seed: number): SeededRandom {
  let state = Math.imul(seed ^ SPREAD, SPREAD) >>> 0 || SPREAD;
  const below = (limit: number): number => {
    state ^= state << 13;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    return Math.floor((state / TWO_TO_32) * limit);
  };
  return { below, between: (least, most) => least + below(most - least + 1) };
}
