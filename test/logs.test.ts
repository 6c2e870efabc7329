// The log for people: asked of a running server, followed over its restarts, and read from the file where none runs.
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { WebSocket } from 'ws';
import { ChargePoint } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { runCommand, startLongCommand } from './kit/kwota-command.ts';
import { startKwota, type KwotaProcess } from './kit/kwota-process.ts';
import { until } from './kit/until.ts';

const USERS = 'id_tag,header name,surname,quota_kwh,unlimited\nTAG1,Ada,Example,100,FALSE\n';
const TOKEN = 'sixteen-or-longer-token';
const FOLLOWED_FOR_MS = 180_000;

t.setTimeout(240_000);

async function start(t: Test, dataDir: string, yaml?: string): Promise<KwotaProcess> {
  const args = yaml === undefined ? [] : ['--config', 'config.yaml'];
  const kwota = await startKwota({ dataDir, args });
  t.teardown(() => kwota.kill());
  return kwota;
}

const logs = async (dataDir: string, ...args: readonly string[]) =>
  (await runCommand(dataDir, 'logs', '--data', dataDir, ...args)).out
    .split('\n')
    .filter((line) => line !== '');

void t.test(
  'lines of the server and of its file are the same, and are found by what they are about',
  async (t) => {
    const dataDir = makeDataDir(t, { 'users1.csv': USERS });
    const kwota = await start(t, dataDir);
    for (const id of ['CP1', 'CP 2']) {
      const charger = await ChargePoint.connect(kwota.ocppUrl, id);
      await charger.call('StatusNotification', { connectorId: 1, status: 'Available', errorCode: 'NoError' });
      await charger.close();
    }
    await until('both have gone', () => (kwota.log().match(/charger disconnected/g) ?? []).length === 2);
    const asked = [
      ['--tag', 'status', '--since', '1h'],
      ['--charger', 'CP 2', '--json', '-n', '2'],
    ];
    const ask = async (args: readonly string[]) =>
      (await logs(dataDir, ...args)).map((line) => line.replace(/"seq":\d+,/, ''));
    const answers = await Promise.all(asked.map(ask));
    t.match(answers[0], [/\[STATUS\] Available charger=CP1 connector=1$/, /charger="CP 2" connector=1$/]);
    t.equal(answers[1]?.length, 2);
    t.match(JSON.parse(answers[1]?.[1] ?? ''), {
      tag: 'CONNECT',
      charger: 'CP 2',
      fields: { reason: 'closed' },
    });
    const file = () => readFileSync(join(dataDir, '.kwota', 'log', 'kwota.log'), 'utf8');
    await until('the file has what stderr has', () => file() === kwota.log());
    await kwota.kill();
    t.same(await Promise.all(asked.map(ask)), answers);
  },
);

void t.test('who follows sees what comes, also of a server that was started again', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const first = await start(t, dataDir);
  const port = new URL(first.apiUrl).port;
  const following = startLongCommand(
    FOLLOWED_FOR_MS,
    dataDir,
    'logs',
    '-f',
    '--tag',
    'CONNECT',
    '--data',
    dataDir,
  );
  t.teardown(() => following.interrupt());
  const connect = async (kwota: KwotaProcess, id: string) => {
    await (await ChargePoint.connect(kwota.ocppUrl, id)).close();
    await until(`${id} is told`, () => following.out().includes(`disconnected charger=${id}`));
  };
  await connect(first, 'CP1');
  await first.kill();
  const second = await startKwota({ dataDir, args: ['--api-port', port] });
  t.teardown(() => second.kill());
  await connect(second, 'CP2');
  following.interrupt();
  const { code, out, err } = await following.ended();
  t.equal(code, 0);
  t.match(err, 'waiting until it is back');
  for (const id of ['CP1', 'CP2'])
    t.equal(out.split('\n').filter((line) => line.includes(`connected charger=${id} `)).length, 2, id);
  t.notOk(out.includes('[DATA]'));
});

void t.test('a file of JSON is read as well, begins anew, and shows no token', async (t) => {
  const yaml = [
    'log: { format: json, level: debug, maxSize: 65536, keep: 3 }',
    `api: { tokens: [{ name: wall, role: viewer, token: ${TOKEN} }] }`,
  ].join('\n');
  const dataDir = makeDataDir(t, { 'users1.csv': USERS, 'config.yaml': yaml });
  const kwota = await start(t, dataDir, yaml);
  const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
  await charger.call('BootNotification', { chargePointVendor: `key ${TOKEN}`, chargePointModel: 'One' });
  for (let i = 0; i < 700; i++) {
    await charger.call('StatusNotification', {
      connectorId: 1,
      status: i % 2 === 0 ? 'Available' : 'Unavailable',
      errorCode: 'NoError',
      info: 'x'.repeat(50),
    });
  }
  await kwota.stop();
  const found = await logs(
    dataDir,
    '--tag',
    'STATUS',
    '--since',
    '1h',
    '--config',
    join(dataDir, 'config.yaml'),
  );
  t.equal(found.length, 700, 'those in the files before as well');
  t.match(found[0], /INFO {2}\[STATUS\] Available charger=CP1 connector=1$/);
  const file = (name: string) => readFileSync(join(dataDir, '.kwota', 'log', name), 'utf8');
  t.match(JSON.parse(file('kwota.log.1').split('\n')[0] ?? ''), { level: /\w/, time: /Z$/ });
  t.notOk(`${kwota.log()}${file('kwota.log')}${file('kwota.log.1')}`.includes(TOKEN));
});

void t.test('what a charger carries in the query of its URL is in no log and no trace', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS, 'config.yaml': 'chargers: { unknown: reject }' });
  const kwota = await start(t, dataDir, 'chargers');
  await runCommand(dataDir, '--data', dataDir, 'chargers', 'approve', 'CP1', '--in-advance');
  const dial = (id: string) => new WebSocket(`${kwota.ocppUrl}/${id}?pin=hunter2-of-the-charger`, 'ocpp1.6');
  const known = dial('CP1');
  await once(known, 'open');
  const refused = dial('STRANGER');
  await once(refused, 'error');
  known.close();
  await once(known, 'close');
  const { out: traced } = await runCommand(dataDir, 'trace', 'CP1', '--data', dataDir);
  t.match(traced, /\/CP1\?\*\*\*/);
  await kwota.stop();
  const file = readFileSync(join(dataDir, '.kwota', 'log', 'kwota.log'), 'utf8');
  t.match(file, /charger connected charger=CP1 .* path="?\/CP1\?\*\*\*/);
  t.match(file, /a connection was refused .* path="?\/STRANGER\?\*\*\*/);
  t.notMatch(`${traced}${file}${kwota.log()}`, 'hunter2');
});

void t.test('where neither a server nor a file is, it says so', async (t) => {
  const dataDir = makeDataDir(t, {});
  const { code, err } = await runCommand(dataDir, 'logs', '--data', dataDir);
  t.equal(code, 1);
  t.match(
    err,
    /no server runs on the data folder .*, and there is no log file .*; start one with kwota serve/,
  );
});
