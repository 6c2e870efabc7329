// What happens when nobody reads stdout any more: to whoever piped a command into head, that is no failure.

/** For commands: the output is over, and so is the command. */
export function endWithItsReader(): void {
  process.stdout.on('error', end);
}

/** For what goes on whoever reads: the server, and simulated chargers, which end their sessions. */
export function goOnWithoutReader(): void {
  process.stdout.off('error', end);
  for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined);
}

function end(error: NodeJS.ErrnoException): void {
  process.exit(error.code === 'EPIPE' ? 0 : 1);
}
