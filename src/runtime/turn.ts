// The end of the present event-loop turn as a scheduling point. Not a timer: it waits for no time to pass.

/** Runs `run` after the callbacks of this turn, so that all messages read from sockets in it can be handled together. */
export function atEndOfTurn(run: () => void): void {
  setImmediate(run);
}
