// node scripts/smoke.mjs EXECUTABLE: proves an executable where nothing of the checkout helps it: every step that somebody on
// a site takes, from --version to a charge, the dashboard, a backup and a clean end. The last line is `N passed, N failed`, with
// `, N skipped` where a step cannot be tried on this machine.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bootstrap, root, SetupError } from './bootstrap.mjs';
import { endLike, main, run } from './child.mjs';
import { call, charge, connectCharger, isTime } from './smoke/charger.mjs';
import { checkAlone, checkDashboard, checkDemo, NO_TERMINAL } from './smoke/dashboard.mjs';
import { demand, until, within } from './smoke/demand.mjs';
import { Place } from './smoke/place.mjs';

const READY_LIMIT_MS = 20_000;
const STOP_LIMIT_MS = 10_000;
const LOOK_LIMIT_MS = 10_000;
const USERS = 'id_tag,header name,surname,quota_kwh,unlimited\nSMOKE,Ada,Çelik,100,FALSE\n';
const CHARGED_WH = 4200;
const CHARGED_KWH = CHARGED_WH / 1000;

/** `--version`: the version of package.json, a commit and a date. */
async function checkVersion({ place }) {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const out = await place.run('--version');
  const expected = /^kwota (\S+) \(commit ([0-9a-f]{12}\+?|unknown), (\d{4}-\d\d-\d\dT\S+Z|unknown)\)\n$/;
  demand(expected.exec(out)?.[1] === version, `it printed ${JSON.stringify(out)}, not ${version}`);
}

async function checkLicenses({ place }) {
  const out = await place.run('licenses');
  for (const what of ['kwota (MIT)', 'commander ', 'Node.js ', 'OpenSSL'])
    demand(out.includes(what), `nothing of ${what.trim()} is in its ${out.length} characters`);
}

async function checkInit({ place, dataDir }) {
  await place.run('init');
  for (const path of [join(place.site, 'config.yaml'), join(dataDir, 'users1.csv')])
    demand(existsSync(path), `there is no ${path}`);
  writeFileSync(join(dataDir, 'users1.csv'), USERS);
  const said = await place.run('check');
  demand(/users1\.csv: ok, 1 user\n/.test(said) && said.endsWith('no problems\n'), `check said ${said}`);
}

async function checkDoctor({ place }) {
  const findings = JSON.parse(await place.run('doctor', '--json', '--ocpp-port', '0', '--api-port', '0'));
  const bad = findings.filter(({ level }) => level === 'bad');
  demand(findings.length > 5 && bad.length === 0, `it found ${JSON.stringify(bad)}`);
}

/** Starts the server on the data folder; resolves with it and with its addresses. */
async function serve(place, dataDir) {
  const server = place.start('serve', '--ocpp-port', '0', '--api-port', '0', '--data', dataDir);
  const line = await within(READY_LIMIT_MS, '[READY]', server.firstLine);
  const found = /^\[READY\] ocpp=(ws:\/\/\S+:[1-9]\d*) api=(http:\/\/\S+:[1-9]\d*) data=(.+)$/.exec(line);
  demand(found !== null, `the first line is ${JSON.stringify(line)}`);
  // 0.0.0.0 is where it listens, not where one can call.
  const [ocpp, api] = [found[1], found[2]].map((url) => url.replace('//0.0.0.0:', '//127.0.0.1:'));
  return { server, ocpp, api };
}

async function checkBoot({ socket }) {
  const answer = await call(socket, 'BootNotification', {
    chargePointVendor: 'Smoke',
    chargePointModel: 'One',
  });
  const isProper =
    answer.status === 'Accepted' && isTime(answer.currentTime) && Number.isInteger(answer.interval);
  demand(isProper, `the answer is ${JSON.stringify(answer)}`);
  const { currentTime } = await call(socket, 'Heartbeat', {});
  demand(isTime(currentTime), `the time is ${currentTime}`);
}

/** An answer to a transaction has been on disk: so the writer thread runs inside the executable. */
async function checkCharge(seen) {
  seen.transactionId = await charge(seen.socket, 'SMOKE', CHARGED_WH);
  demand(existsSync(join(seen.dataDir, '.kwota', 'kwota.sqlite')), 'there is no store in the data folder');
  await until(LOOK_LIMIT_MS, `${CHARGED_KWH} kWh in energy_usage.json`, () => {
    const used = usedKwh(seen.dataDir);
    return used === CHARGED_KWH ? used : null;
  });
}

function usedKwh(dataDir) {
  const path = join(dataDir, 'energy_usage.json');
  return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).SMOKE : undefined;
}

async function checkApi({ url }) {
  const get = (path) => within(LOOK_LIMIT_MS, path, fetch(`${url.api}${path}`));
  const health = await get('/api/health');
  const { status } = await health.json();
  demand(health.status === 200 && status === 'ok', `health is ${health.status} ${status}`);
  demand((await get('/api/sessions')).status === 401, 'sessions are shown to anybody');
}

/** A command finds the server of the folder, and has its token. */
async function checkSessions({ place, transactionId }) {
  const sessions = await place.run('sessions', 'list', '--json');
  demand(sessions.includes(String(transactionId)), `transaction ${transactionId} is not in ${sessions}`);
}

/** Made while the server runs, put back into another folder. */
async function checkBackup({ place, restored }) {
  await place.run('backup', 'site.tar.gz');
  await place.run('restore', 'site.tar.gz', '--data', restored);
  demand(usedKwh(restored) === CHARGED_KWH, `the restored folder says ${usedKwh(restored)} kWh`);
}

async function checkStop({ place, server }) {
  await place.run('stop');
  await demandEnd(server);
}

async function checkRestored({ place, restored }) {
  const { server, ocpp } = await serve(place, restored);
  const socket = await connectCharger(ocpp, 'SMOKE_01');
  await charge(socket, 'SMOKE', CHARGED_WH);
  await until(LOOK_LIMIT_MS, 'twice the energy', () => (usedKwh(restored) === 2 * CHARGED_KWH ? true : null));
  // Windows knows no SIGTERM: a process is ended there through the API.
  if (process.platform === 'win32') await place.run('stop', '--data', restored);
  else server.child.kill('SIGTERM');
  await demandEnd(server);
}

async function demandEnd(server) {
  const { code, signal } = await within(STOP_LIMIT_MS, 'the end', server.ended);
  demand(code === 0, `it ended with ${signal ?? `code ${code}`}: ${server.err}`);
}

/** In this order; `seen` is what the steps before have found. A third word says why a step is left out on this machine. */
const STEPS = [
  ['--version says version, commit and date, and nothing else', checkVersion],
  ['licenses has whole texts, those of Node too', checkLicenses],
  ['init makes what check is content with', checkInit],
  ['doctor finds nothing bad', checkDoctor],
  [
    'serve says [READY] with its addresses',
    async (seen) => {
      const { server, ...url } = await serve(seen.place, seen.dataDir);
      Object.assign(seen, { server, url });
    },
  ],
  [
    'a charger connects with ocpp1.6',
    async (seen) => {
      seen.socket = await connectCharger(seen.url.ocpp, 'SMOKE_01');
    },
  ],
  ['BootNotification and Heartbeat are answered', checkBoot],
  ['a charge is booked and published', checkCharge],
  ['the API is well, and asks for a token', checkApi],
  ['a command finds the server and its token', checkSessions],
  ['a backup of the running server is put back elsewhere', checkBackup],
  ['the dashboard shows a charge and gives the terminal back', checkDashboard, NO_TERMINAL],
  ['stop ends the server with code 0', checkStop],
  ['kwota alone starts a server, shows it, and ends it', checkAlone, NO_TERMINAL],
  ['demo shows a site that charges', checkDemo, NO_TERMINAL],
  ['the restored folder goes on counting, and a signal ends it with code 0', checkRestored],
  [
    'nothing was written beside the executable',
    ({ place }) => {
      const files = place.filesBesideProgram();
      demand(files.length === 1, `there are ${files.join(', ')}`);
    },
  ],
];

/** Runs the steps in order; after a failure the rest is not tried. */
async function smoke(place) {
  const seen = { place, dataDir: join(place.site, 'data'), restored: join(place.site, 'restored') };
  const count = { passed: 0, failed: 0, skipped: 0 };
  for (const [name, step, leftOut] of STEPS) {
    if (leftOut !== undefined) {
      count.skipped += 1;
      process.stdout.write(`left out: ${name} (${leftOut})\n`);
      continue;
    }
    const startedAt = performance.now();
    try {
      await step(seen);
    } catch (error) {
      const log = seen.server === undefined ? '' : `\n--- stderr of the server\n${seen.server.err}---`;
      process.stdout.write(`FAILED ${name}: ${error.message}${log}\n`);
      count.failed += 1;
      break;
    }
    count.passed += 1;
    process.stdout.write(`ok ${name} (${(performance.now() - startedAt).toFixed(0)} ms)\n`);
  }
  return count;
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
  const place = new Place(given);
  try {
    const { passed, failed, skipped } = await smoke(place);
    const left = skipped === 0 ? '' : `, ${skipped} skipped`;
    process.stdout.write(`${passed} passed, ${failed} failed${left}\n`);
    process.exitCode = failed === 0 ? 0 : 1;
  } finally {
    place.remove();
  }
});
