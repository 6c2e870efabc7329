// Chance that can be repeated: the same seed makes the same site. Nothing secret may come from it.

/** A number from 0 up to, and without, 1. */
export type Random = () => number;

const TWO_TO_32 = 2 ** 32;
/** Any odd number does: it keeps small seeds apart, and the state away from 0, where a shift register stands still. */
const SPREAD = 0x9e3779b1;

/** A 32-bit shift register (13, 17, 5), which passes through every state but 0. */
export function seededRandom(seed: number): Random {
  let state = Math.imul(seed ^ SPREAD, SPREAD) >>> 0 || SPREAD;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state = (state ^ (state << 5)) >>> 0;
    return state / TWO_TO_32;
  };
}

/** A whole number from `least` to `most`, both included. */
export function between(random: Random, least: number, most: number): number {
  return least + Math.floor(random() * (most - least + 1));
}
