// Simulated chargers of all profiles at a real server: what their registers told is what energy_usage.json says.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { makeDataDir } from './kit/data-dir.ts';
import { readUsage } from './kit/data-folder.ts';
import { DAYTIME_ZONE } from './kit/daytime-zone.ts';
import { runCommand, startCommand } from './kit/kwota-command.ts';
import { startKwota } from './kit/kwota-process.ts';
import { startStrictCentralSystem } from './kit/strict-central-system.ts';
import { until } from './kit/until.ts';

t.setTimeout(300_000);

const USERS =
  'id_tag,header name,surname,quota_kwh,unlimited\nTAG1,Ada,Example,0,TRUE\nTAG2,Bob,Example,0,TRUE\n';
const WH_PER_KWH = 1000;

void t.test('energy_usage.json is what five simulated chargers say that their registers told', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const kwota = await startKwota({ dataDir, env: { TZ: DAYTIME_ZONE } });
  t.teardown(() => kwota.kill());
  const simulate = ['simulate', '--url', kwota.ocppUrl, '--chargers', '5', '--tags', 'TAG1,TAG2'];
  const simulator = startCommand(dataDir, ...simulate, '--speed', '600');
  const registerWhOf = (profileIds: RegExp) => {
    const stops = [...simulator.out().matchAll(/ (SIM\d+) stopped .* registerWh=(\d+)/g)];
    return stops.filter(([, id]) => profileIds.test(id!)).reduce((sum, [, , wh]) => sum + Number(wh), 0);
  };
  // In turn generic, livoltek, schneider, wallbox, circontrol.
  for (const id of [/SIM001/, /SIM002/, /SIM003/, /SIM004/, /SIM005/])
    await until('energy by each kind of register', () => registerWhOf(id) >= WH_PER_KWH);
  simulator.interrupt();
  const { code, out, err } = await simulator.ended();
  t.strictSame([code, err], [0, '']);
  const told = Object.fromEntries(
    [...out.matchAll(/^(TAG\d) +(\d+)$/gm)].map(([, tag, wh]) => [tag!, Number(wh) / WH_PER_KWH]),
  );
  t.same(Object.keys(told), ['TAG1', 'TAG2']);
  for (const line of out.matchAll(/^SIM\d+ .* (\d+)$/gm)) t.equal(line[1], '0', `no errors: ${line[0]}`);
  await until('what the files say', () => JSON.stringify(readUsage(dataDir)) === JSON.stringify(told));
  t.equal(await kwota.stop(), 0);
});

void t.test(
  'without a URL it is the server on the data folder, and who stops reading stops no charge',
  async (t) => {
    const dataDir = makeDataDir(t, { 'users1.csv': USERS });
    const kwota = await startKwota({ dataDir, env: { TZ: DAYTIME_ZONE } });
    t.teardown(() => kwota.kill());
    const args = ['--data', dataDir, 'simulate', '--chargers', '1', '--tags', 'TAG1', '--speed', '600'];
    const simulator = startCommand(dataDir, ...args);
    await until('it has started a charge', () => simulator.out().includes('SIM001 started'));
    simulator.stopReading();
    await until('the charge goes on', () => (readUsage(dataDir)['TAG1'] ?? 0) >= 1);
    simulator.interrupt();
    t.match(await simulator.ended(), { code: 0, err: '' });
    await until('the server says that it ended', () =>
      kwota.log().includes('[TRANSACTION] stopped charger=SIM001'),
    );
  },
);

void t.test('without a central system it tries again, and Ctrl-C ends it', async (t) => {
  const simulator = startCommand(t.testdir(), 'simulate', '--url', 'ws://127.0.0.1:9', '--chargers', '1');
  await until('two attempts', () => simulator.out().split('not connected').length > 2);
  simulator.interrupt();
  const { code, out, err } = await simulator.ended();
  t.strictSame([code, err], [0, '']);
  t.match(out, /^SIM001 +generic +0 +0 +0 +0 +0 +0$/m);
});

void t.test('a site that is named and where no server runs is not taken for another one', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS, 'config.yaml': 'data: { dir: . }\n' });
  for (const named of [
    ['--data', dataDir],
    ['--config', join(dataDir, 'config.yaml')],
  ]) {
    const simulator = startCommand(dataDir, 'simulate', ...named, '--seconds', '5');
    const { code, out, err } = await simulator.ended();
    t.strictSame([code, out], [1, ''], named.join(' '));
    t.match(err, `no server runs on the data folder ${dataDir}`);
  }
});

void t.test('what cannot be simulated is wrong usage', async (t) => {
  for (const args of [
    ['--url', 'http://127.0.0.1:9000'],
    ['--chargers', '0'],
    ['--speed', 'fast'],
    ['--profile', 'unheard-of'],
    ['--remote-stop', 'maybe'],
    ['--scenario', 'play.yaml', '--chargers', '3'],
    ['--api', 'http://127.0.0.1:8001'],
  ]) {
    const { code, out, err } = await startCommand(t.testdir(), 'simulate', ...args).ended();
    t.strictSame([code, out], [2, ''], args.join(' '));
    t.match(err, args[0]);
  }
});

void t.test('what the server has booked is compared, and a difference fails', async (t) => {
  const chargers = 'chargers: [{ id: LOT, profile: mixed, count: 9 }]';
  const step = (at: number, what: string) => `  - { at: ${at}, charger: LOT, ${what} }`;
  const tap = 'do: tap, tags: [TAG1, TAG2]';
  const steps = [step(10, `${tap}, within: 60`), step(1200, 'do: cut-line, for: 300'), step(1300, tap)];
  const [again, unplug] = [step(2400, tap), step(3600, 'do: unplug')];
  const text = ['speed: 600', 'ends: 4200', chargers, 'steps:', ...steps, again, unplug].join('\n');
  const dataDir = makeDataDir(t, { 'users1.csv': USERS, 'play.yaml': text });
  const kwota = await startKwota({ dataDir, env: { TZ: DAYTIME_ZONE } });
  t.teardown(() => kwota.kill());
  const simulate = ['simulate', '--scenario', join(dataDir, 'play.yaml'), '--quiet'];
  const local = await runCommand(dataDir, '--data', dataDir, ...simulate);
  t.match(local, {
    code: 0,
    err: '',
    out: /9 chargers, 1\d sessions, [1-9]\d{4,} Wh by their registers, 0 errors/,
  });
  t.match(local.out, 'the server has booked the same, charger by charger');

  const token = readFileSync(join(dataDir, '.kwota/admin-token'), 'utf8').trim();
  const other = await startStrictCentralSystem(t);
  const elsewhere = ['--url', other.url, '--api', kwota.apiUrl, '--token', token];
  const differing = await runCommand(dataDir, ...simulate, ...elsewhere);
  t.equal(differing.code, 1);
  t.match(differing.out, /LOT_001: the server has booked \d+ Wh less than its register told/);
});
