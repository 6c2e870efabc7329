// Runs other programs for the scripts: exit codes and signals pass through as if the script were not there.
import { spawn } from 'node:child_process';
import { root, SetupError } from './bootstrap.mjs';

const PASSED_ON = ['SIGTERM', 'SIGINT', 'SIGHUP'];
/** How often a script started by npm looks whether npm is still there. */
const PARENT_CHECK_MS = 200;

/** Starts a program in the checkout, hands it this process's signals and resolves with {code, signal} when it has ended. */
export function run(command, args, options = {}) {
  const { onStart, ...rest } = options;
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd: root, stdio: 'inherit', ...rest });
    // A terminal sends Ctrl-C to the child itself; passing it on as well would make two of one.
    const passOn = (signal) => {
      if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
    };
    for (const signal of PASSED_ON) process.on(signal, passOn);
    const stopWatching = onParentGone(() => child.kill('SIGTERM'));
    const release = () => {
      stopWatching();
      for (const signal of PASSED_ON) process.off(signal, passOn);
    };
    child.once('error', (cause) => {
      release();
      reject(new SetupError(`cannot run ${command}: ${cause.message}`, { cause }));
    });
    child.once('close', (code, signal) => {
      release();
      resolve({ code, signal });
    });
    onStart?.(child);
  });
}

/**
 * npm runs a script through a shell, and a SIGTERM for npm ends that shell only: the script is left without a parent and
 * without a signal. Tells when that has happened; the function returned ends the watch.
 */
function onParentGone(tell) {
  if (process.env.npm_lifecycle_event === undefined) return () => undefined;
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    tell();
  }, PARENT_CHECK_MS).unref();
  return () => clearInterval(timer);
}

/** Ends this process the way the child ended. */
export function endLike({ code, signal }) {
  if (signal !== null) process.kill(process.pid, signal);
  else process.exitCode = code;
}

/** Runs a script's main function; a SetupError becomes one readable line and exit code 1. */
export async function main(body) {
  try {
    await body(process.argv.slice(2));
  } catch (error) {
    if (!(error instanceof SetupError)) throw error;
    process.stderr.write(`kwota: ${error.message}\n`);
    process.exitCode = 1;
  }
}
