// Programs that tests start with an environment of their own share what Node has compiled: half of their start is that.

/** For the environment of a child. Empty where npm test did not set it. */
export const COMPILE_CACHE: Readonly<Record<string, string>> =
  process.env['NODE_COMPILE_CACHE'] === undefined
    ? {}
    : { NODE_COMPILE_CACHE: process.env['NODE_COMPILE_CACHE'] };
