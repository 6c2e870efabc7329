// The end of the present event-loop turn as a scheduling point. Not a timer: it waits for no time to pass.

let waiting: (() => void)[] = [];

/**
 * Runs `run` after the callbacks of this turn, so that all that was read from sockets in it can be handled together. What
 * is asked for meanwhile, at the end of a turn, still belongs to it and comes last.
 */
export function atEndOfTurn(run: () => void): void {
  waiting.push(run);
  if (waiting.length === 1) setImmediate(endTurn);
}

function endTurn(): void {
  let begun = 0;
  try {
    for (const run of waiting) {
      begun += 1;
      run();
    }
  } finally {
    // One that throws takes no other with it.
    waiting = waiting.slice(begun);
    if (waiting.length > 0) setImmediate(endTurn);
  }
}
