// The only source of chance that is not secret: for pauses that should not all end at the same moment.

/** From 0 up to, and without, 1. Nothing that has to be hard to guess may come from it. */
export function chance(): number {
  return Math.random();
}
