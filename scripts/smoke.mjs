// node scripts/smoke.mjs EXECUTABLE: starts it where nothing of the checkout helps, and talks to it as a charger does.
// Every step is reported and has a limit; the last line is `N passed, N failed`.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, chmodSync, existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join, resolve } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { bootstrap, root, SetupError } from './bootstrap.mjs';
import { endLike, main, run } from './child.mjs';

const STEP_LIMIT_MS = 10_000;
const STOP_LIMIT_MS = 5_000;
/** Windows starts no socket without it; everywhere else the environment is empty. */
const BARE_ENVIRONMENT = process.platform === 'win32' ? { SystemRoot: process.env.SystemRoot } : {};

function demand(condition, complaint) {
  if (!condition) throw new Error(complaint);
}

/** Rejects when the promise takes longer than the limit. */
async function within(limitMs, what, promise) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what} took longer than ${limitMs} ms`)), limitMs);
  });
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}

/** One run of the executable: its output as it grows, and how it ended. */
function start(executable, args, cwd) {
  const child = spawn(executable, args, { cwd, env: BARE_ENVIRONMENT, stdio: ['ignore', 'pipe', 'pipe'] });
  const running = { child, out: '', err: '', firstLine: undefined, ended: undefined };
  child.stdout.on('data', (chunk) => (running.out += chunk));
  child.stderr.on('data', (chunk) => (running.err += chunk));
  running.ended = new Promise((done, failed) => {
    child.once('error', failed);
    child.once('close', (code, signal) => done({ code, signal }));
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

async function checkVersion(executable, folder) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const running = start(executable, ['--version'], folder);
  const { code } = await within(STEP_LIMIT_MS, '--version', running.ended).finally(() =>
    running.child.kill('SIGKILL'),
  );
  demand(code === 0, `exit code ${code}: ${running.err}`);
  demand(running.out.includes(version), `it printed ${JSON.stringify(running.out)}, not ${version}`);
  demand(running.err === '', `on stderr: ${running.err}`);
}

async function checkReady(server) {
  const line = await within(STEP_LIMIT_MS, '[READY]', server.firstLine);
  const found = /^\[READY\] ocpp=(ws:\/\/\S+:[1-9]\d*) api=(http:\/\/\S+:[1-9]\d*) data=(.+)$/.exec(line);
  demand(found !== null, `the first line is ${JSON.stringify(line)}`);
  // 0.0.0.0 is where it listens, not where one can call.
  return {
    ocpp: found[1].replace('//0.0.0.0:', '//127.0.0.1:'),
    api: found[2].replace('//0.0.0.0:', '//127.0.0.1:'),
  };
}

async function connect(url) {
  const socket = new WebSocket(`${url}/SMOKE_01`, ['ocpp1.6']);
  await within(STEP_LIMIT_MS, 'the handshake', once(socket, 'open'));
  demand(socket.protocol === 'ocpp1.6', `the subprotocol is ${JSON.stringify(socket.protocol)}`);
  return socket;
}

/** Sends one CALL and returns the payload of its CALLRESULT; CALLs of the server that come before are let pass. */
async function call(socket, action, payload) {
  const id = `smoke-${action}`;
  const answer = new Promise((done, failed) => {
    socket.addEventListener('close', () => failed(new Error('the server closed the socket')), { once: true });
    socket.addEventListener('message', ({ data }) => {
      const frame = JSON.parse(data);
      if (frame[1] === id) done(frame);
    });
  });
  socket.send(JSON.stringify([2, id, action, payload]));
  const frame = await within(STEP_LIMIT_MS, `the answer to ${action}`, answer);
  demand(frame[0] === 3, `the answer is ${JSON.stringify(frame)}`);
  return frame[2];
}

const isTime = (text) => typeof text === 'string' && !Number.isNaN(Date.parse(text));

async function checkBoot(socket) {
  const answer = await call(socket, 'BootNotification', {
    chargePointVendor: 'Smoke',
    chargePointModel: 'One',
  });
  const isProper =
    answer.status === 'Accepted' && isTime(answer.currentTime) && Number.isInteger(answer.interval);
  demand(isProper, `the answer is ${JSON.stringify(answer)}`);
}

async function checkHeartbeat(socket) {
  const answer = await call(socket, 'Heartbeat', {});
  demand(isTime(answer.currentTime), `the answer is ${JSON.stringify(answer)}`);
}

/** An answer to StartTransaction has been on disk: so the writer thread runs inside the executable. */
async function checkStart(socket, dataFolder) {
  const request = { connectorId: 1, idTag: 'NOBODY', meterStart: 0, timestamp: new Date().toISOString() };
  const answer = await call(socket, 'StartTransaction', request);
  demand(
    Number.isInteger(answer.transactionId) && answer.transactionId > 0,
    `the answer is ${JSON.stringify(answer)}`,
  );
  demand(answer.idTagInfo?.status === 'Invalid', `an unknown tag got ${JSON.stringify(answer.idTagInfo)}`);
  demand(existsSync(join(dataFolder, '.kwota', 'kwota.sqlite')), 'there is no store in the data folder');
}

async function checkHealth(url) {
  const response = await fetch(`${url}/api/health`, { signal: AbortSignal.timeout(STEP_LIMIT_MS) });
  demand(response.status === 200, `the status is ${response.status}`);
}

async function checkStop(server) {
  server.child.kill('SIGTERM');
  const { code, signal } = await within(STOP_LIMIT_MS, 'the stop', server.ended);
  demand(code === 0, `it ended with ${signal ?? `code ${code}`}: ${server.err}`);
}

/** Runs the steps in order; after a failure the rest is not tried. Returns [passed, failed]. */
async function smoke(executable, folder) {
  const dataFolder = join(folder, 'data');
  const seen = {};
  const steps = [
    ['--version prints the version and nothing else', () => checkVersion(executable, folder)],
    [
      'serve says [READY] with its addresses',
      async () => {
        const args = ['serve', '--ocpp-port', '0', '--api-port', '0', '--data', dataFolder];
        seen.server = start(executable, args, folder);
        seen.url = await checkReady(seen.server);
      },
    ],
    ['a charger connects with ocpp1.6', async () => (seen.socket = await connect(seen.url.ocpp))],
    ['BootNotification is accepted', () => checkBoot(seen.socket)],
    ['Heartbeat is answered with the time', () => checkHeartbeat(seen.socket)],
    ['StartTransaction is stored and answered', () => checkStart(seen.socket, dataFolder)],
    ['GET /api/health is 200', () => checkHealth(seen.url.api)],
  ];
  // Windows knows no SIGTERM: a process is stopped there through the API.
  if (process.platform !== 'win32') steps.push(['SIGTERM ends it with code 0', () => checkStop(seen.server)]);
  let passed = 0;
  try {
    for (const [name, step] of steps) {
      const startedAt = performance.now();
      await step().catch((cause) => {
        const log = seen.server === undefined ? '' : `\n--- stderr of the server\n${seen.server.err}---`;
        throw new Error(`FAILED ${name}: ${cause.message}${log}`, { cause });
      });
      process.stdout.write(`ok ${name} (${(performance.now() - startedAt).toFixed(0)} ms)\n`);
      passed += 1;
    }
  } catch (error) {
    process.stdout.write(`${error.message}\n`);
  } finally {
    seen.server?.child.kill('SIGKILL');
  }
  return [passed, passed === steps.length ? 0 : 1];
}

await main(async ([given]) => {
  if (given === undefined)
    throw new SetupError('say which executable: node scripts/smoke.mjs release/kwota-linux-x64');
  if (!existsSync(given)) throw new SetupError(`there is no ${given}; build it with npm run package`);
  if (typeof WebSocket === 'undefined') {
    // An older Node has no WebSocket of its own: once more, under the pinned one.
    endLike(await run(bootstrap(), [fileURLToPath(import.meta.url), resolve(given)]));
    return;
  }
  const folder = mkdtempSync(join(tmpdir(), 'kwota-smoke-'));
  try {
    const executable = join(folder, basename(given));
    copyFileSync(given, executable);
    chmodSync(executable, 0o755);
    const [passed, failed] = await smoke(executable, folder);
    process.stdout.write(`${passed} passed, ${failed} failed\n`);
    process.exitCode = failed === 0 ? 0 : 1;
  } finally {
    rmSync(folder, { recursive: true, force: true, maxRetries: 5, retryDelay: 200 });
  }
});
