// The executable in a real pseudo-terminal, which script(1) of util-linux makes. What it draws is read without an emulator, for
// this runs where no package is installed: all that was written, without the sequences that move and colour.
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { demand, until, within } from './demand.mjs';

const COLUMNS = 100;
const ROWS = 30;
/** Ctrl-L, on each screen of the dashboard and in each of its questions. */
const DRAW_ANEW = '\u000c';
const DRAW_EVERY_MS = 500;
const SEEN_LIMIT_MS = 20_000;
const END_LIMIT_MS = 15_000;
/** Of what was drawn, where something is missing in it. */
const SHOWN_CHARACTERS = 4_000;
const ESCAPE = '\u001b';
const SEQUENCES = new RegExp(
  `${ESCAPE}(?:\\[[0-?]*[ -/]*[@-~]|\\][^\\u0007]*(?:\\u0007|${ESCAPE}\\\\)|[@-Z=>])`,
  'g',
);

/** Sent to a terminal: the screen that programs draw on, and the cursor. */
const ALTERNATE = { on: `${ESCAPE}[?1049h`, off: `${ESCAPE}[?1049l` };
const CURSOR = { on: `${ESCAPE}[?25h`, off: `${ESCAPE}[?25l` };
/** As `stty -a` says them: lines are read as a whole, shown while typed, and Ctrl-C works. */
const COOKED = ['icanon', 'echo', 'isig'];

/** script(1) of Linux, by the PATH of whoever runs the smoke test; undefined: there is none, and this step is left out. */
export const SCRIPT =
  process.platform === 'linux'
    ? (process.env.PATH ?? '')
        .split(delimiter)
        .map((folder) => join(folder, 'script'))
        .find((file) => existsSync(file))
    : undefined;

export class Terminal {
  #running;

  /** The executable with these arguments, its environment empty; then what the terminal is like after it. */
  constructor(place, ...args) {
    const program = [place.executable, ...args].map((word) => `'${word}'`).join(' ');
    const shell = `stty cols ${COLUMNS} rows ${ROWS}; env -i ${program}; echo "exit code $?"; stty -a`;
    this.#running = place.startProgram(SCRIPT, ['-qefc', shell, '/dev/null'], 'pipe');
    // That it has ended shows in what it wrote.
    this.#running.child.stdin.on('error', () => undefined);
  }

  type(keys) {
    this.#running.child.stdin.write(keys);
  }

  /** Resolves when the dashboard has this in its picture. What changes is drawn in parts, so it is asked to draw everything anew. */
  async draws(what) {
    const redraw = setInterval(() => this.type(DRAW_ANEW), DRAW_EVERY_MS);
    await this.says(what).finally(() => clearInterval(redraw));
  }

  /** Resolves when this has been written. */
  async says(what) {
    const look = () => (what.test(this.#text()) ? true : null);
    await until(SEEN_LIMIT_MS, `${what} in the terminal`, look).catch((error) => {
      throw new Error(`${error.message}; there is\n${this.#text().slice(-SHOWN_CHARACTERS)}`, {
        cause: error,
      });
    });
  }

  /** Resolves when the program has ended with code 0 and has left the terminal as it was. */
  async demandRestored() {
    await within(END_LIMIT_MS, 'the end of the dashboard', this.#running.ended);
    const { out } = this.#running;
    demand(/exit code 0\r?\n/.test(out), `it did not end with code 0: ${out.slice(-2000)}`);
    for (const { on, off } of [{ on: ALTERNATE.off, off: ALTERNATE.on }, CURSOR])
      demand(
        out.lastIndexOf(on) > out.lastIndexOf(off) && out.includes(off),
        `no ${JSON.stringify(on)} at the end`,
      );
    const settings = out.slice(out.lastIndexOf('exit code 0')).split(/[\s;]+/);
    for (const setting of COOKED)
      demand(settings.includes(setting), `${setting} is not set: ${settings.join(' ')}`);
  }

  #text() {
    return this.#running.out.replace(SEQUENCES, '');
  }
}
