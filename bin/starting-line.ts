// One line that says that a server is being started, and for how long: kept up to date at a terminal, gone afterwards.

/** Before that nobody wonders. */
const SHOW_AFTER_MS = 300;
const CLEAR_LINE = '\r\u001b[K';

export interface StartingLine {
  readonly waiting: (waitedMs: number) => void;
  readonly clear: () => void;
}

/** `what` is being started: `the server on /srv/kwota`. */
export function startingLine(stream: NodeJS.WriteStream, what: string): StartingLine {
  const isRewritten = stream.isTTY && process.env['TERM'] !== 'dumb';
  let shown = '';
  return {
    waiting(waitedMs) {
      if (waitedMs < SHOW_AFTER_MS || (shown !== '' && !isRewritten)) return;
      const seconds = Math.floor(waitedMs / 1000);
      const line = `kwota: starting ${what} …${seconds > 0 ? ` ${seconds} s` : ''}`;
      if (line === shown) return;
      stream.write(isRewritten ? `${shown === '' ? '' : CLEAR_LINE}${line}` : `${line}\n`);
      shown = line;
    },
    clear() {
      if (shown !== '' && isRewritten) stream.write(CLEAR_LINE);
      shown = '';
    },
  };
}
