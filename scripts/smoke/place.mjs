// Where an executable is tried out: a folder that may not be written, with blanks and letters of other alphabets in its name,
// an empty environment without a PATH, and a user without rights.
import { spawn } from 'node:child_process';
import { chmodSync, chownSync, copyFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { createInterface } from 'node:readline';
import { demand, within } from './demand.mjs';

/** Windows starts no socket without it; everywhere else the environment is empty. */
const BARE_ENVIRONMENT = process.platform === 'win32' ? { SystemRoot: process.env.SystemRoot } : {};
const ODD_NAME = 'kwota smoke Ölçüm 充电 é';
/** Root may write everything: what it starts is then somebody else's. */
const NOBODY = process.getuid?.() === 0 ? { uid: 65534, gid: 65534 } : {};
const COMMAND_LIMIT_MS = 20_000;

/** The executable, copied to where nothing of the checkout helps it. */
export class Place {
  constructor(given) {
    this.folder = mkdtempSync(join(tmpdir(), 'kwota-smoke-'));
    this.program = join(this.folder, ODD_NAME, 'program');
    /** What commands are run in: it may be written, and is empty. */
    this.site = join(this.folder, ODD_NAME, 'site');
    for (const path of [this.program, this.site]) mkdirSync(path, { recursive: true });
    this.executable = join(this.program, basename(given));
    copyFileSync(given, this.executable);
    chmodSync(this.executable, 0o555);
    chmodSync(this.folder, 0o755);
    if (NOBODY.uid !== undefined) chownSync(this.site, NOBODY.uid, NOBODY.gid);
    chmodSync(this.program, 0o555);
    this.running = new Set();
  }

  /** Starts the executable: its output as it grows, its first line, and how it ended. */
  start(...args) {
    return this.startProgram(this.executable, args, 'ignore');
  }

  /** Starts any program as the executable is started. */
  startProgram(file, args, stdin) {
    const stdio = [stdin, 'pipe', 'pipe'];
    const child = spawn(file, args, { cwd: this.site, env: BARE_ENVIRONMENT, stdio, ...NOBODY });
    const running = { child, out: '', err: '' };
    this.running.add(running);
    child.stdout.setEncoding('utf8').on('data', (chunk) => (running.out += chunk));
    child.stderr.setEncoding('utf8').on('data', (chunk) => (running.err += chunk));
    running.ended = new Promise((done, failed) => {
      child.once('error', failed);
      child.once('close', (code, signal) => {
        this.running.delete(running);
        done({ code, signal });
      });
    });
    running.firstLine = new Promise((done, failed) => {
      createInterface({ input: child.stdout }).once('line', done);
      running.ended.then(
        ({ code }) => failed(new Error(`it ended with code ${code}: ${running.err.trim()}`)),
        failed,
      );
    });
    running.firstLine.catch(() => undefined); // whoever waits for it hears of it
    return running;
  }

  /** Runs a command to its end, which has to be code 0 and silent on stderr; returns what it printed. */
  async run(...args) {
    const running = this.start(...args);
    const { code } = await within(COMMAND_LIMIT_MS, args.join(' '), running.ended);
    demand(code === 0, `exit code ${code}: ${running.err || running.out}`);
    demand(running.err === '', `on stderr: ${running.err}`);
    return running.out;
  }

  /** What lies beside the executable: nothing is ever added. */
  filesBesideProgram() {
    return readdirSync(this.program);
  }

  remove() {
    for (const { child } of this.running) child.kill('SIGKILL');
    for (const path of [this.program, this.executable]) chmodSync(path, 0o755);
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
}
