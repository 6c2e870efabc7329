// Remembers what was last worked out from the same values: for what is derived from a snapshot again and again.

/** `work`, whose result is kept as long as each argument is the very same. */
export function remembered<A extends readonly unknown[], T>(work: (...args: A) => T): (...args: A) => T {
  let last: { readonly args: A; readonly result: T } | null = null;
  return (...args) => {
    const isSame = last?.args.every((arg, index) => Object.is(arg, args[index])) ?? false;
    if (!last || !isSame) last = { args, result: work(...args) };
    return last.result;
  };
}
