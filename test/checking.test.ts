// `kwota init` and `kwota check` as somebody types them: what is made, what is found wrong, and where.
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ChargePoint, registerSample } from './kit/charge-point.ts';
import { runCommand } from './kit/kwota-command.ts';
import { startKwota } from './kit/kwota-process.ts';
import { oldFolder } from './kit/old-folder.ts';
import { readUsage } from './kit/data-folder.ts';
import { until } from './kit/until.ts';

t.setTimeout(300_000);

const WRITTEN = { startedAt: '2026-11-20T09:00:00Z', writtenAt: '2026-11-20T10:00:00Z' };

t.test('init makes what serve and check are content with, and never touches it again', async (t) => {
  const cwd = t.testdir();
  const made = await runCommand(cwd, 'init');
  t.match(made, { code: 0, err: '', out: /config\.yaml.*\n.*data/ });
  t.strictSame(readdirSync(cwd).sort(), ['config.yaml', 'data']);
  t.match(await runCommand(cwd, 'check'), {
    code: 0,
    out: 'config.yaml: ok\ndata/users1.csv: ok, 0 users\nno problems\n',
  });
  writeFileSync(join(cwd, 'data', 'users1.csv'), 'id_tag,quota_kwh\nMINE,5\n');
  t.match(await runCommand(cwd, 'init'), {
    code: 1,
    out: '',
    err: /config\.yaml exists already; .*--config/,
  });
  rmSync(join(cwd, 'config.yaml'));
  t.match(await runCommand(cwd, 'init'), { code: 0, out: /data stays as it is/ });
  t.match(readFileSync(join(cwd, 'data', 'users1.csv'), 'utf8'), 'MINE');
});

t.test('init writes a data folder that was named into the configuration', async (t) => {
  const cwd = t.testdir({ site: {} });
  const args = ['--config', 'site/kwota.yaml', '--data', join(cwd, 'site', 'Ölçüm "1"')];
  t.match(await runCommand(cwd, 'init', ...args), { code: 0 });
  const checked = await runCommand(cwd, 'check', '--config', 'site/kwota.yaml', '--json');
  t.match(JSON.parse(checked.out), {
    problems: [],
    files: [{}, { path: join(cwd, 'site', 'Ölçüm "1"', 'users1.csv') }],
  });
});

t.test('init says what to do where it may not write', async (t) => {
  const cwd = t.testdir({ file: '' });
  t.match(await runCommand(cwd, 'init', '--config', 'file/config.yaml'), { code: 1, err: /; .*--config/ });
});

t.test('the files of the old stack and those of a server that runs are right', async (t) => {
  const cwd = t.testdir({ data: oldFolder(WRITTEN) });
  const dataDir = join(cwd, 'data');
  t.match(await runCommand(cwd, 'check'), { code: 0, out: /users1\.csv: ok, 3 users\n.*no problems\n$/s });
  const kwota = await startKwota({ dataDir });
  t.teardown(() => kwota.kill());
  const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
  t.teardown(() => charger.close());
  await charger.boot();
  const timestamp = new Date().toISOString();
  const begun = { connectorId: 1, idTag: 'RFID003', meterStart: 0, timestamp };
  const { transactionId } = await charger.call('StartTransaction', begun);
  const meterValue = [registerSample(1500, new Date())];
  await charger.call('MeterValues', { connectorId: 1, transactionId, meterValue });
  await until('the energy is published', () => readUsage(dataDir)['RFID003'] === 1.5);
  const { code, out } = await runCommand(cwd, 'check');
  t.equal(code, 0, out);
  t.match(out, /kwota\.sqlite: ok, 2 sessions, 2 chargers\nno problems\n$/);
});

t.test('each problem is told with file, line, column and a hint', async (t) => {
  const cwd = t.testdir({
    'config.yaml': 'ocpp:\n  prot: 9000\n',
    data: {
      'users1.csv': 'id_tag,header name,quota_kwh\nT1,"Ada\nLovelace",many\nT2,"B,C",5\n,x,5\n',
      'energy_usage.json': '\uFEFF{"T1": 5,\n  "T1": -3}',
      'active_transactions.json': '{"x": {"id_tag": "T1", "charger_id": "C", "start_time": "soon"}, "7": []}',
      'charger_status.json': '[]',
      'meter_data_log.json': '[{"ID": "abc123def456"},',
    },
  });
  const { code, out, err } = await runCommand(cwd, 'check');
  t.strictSame([code, err], [1, '']);
  const places = out.split('\n').map((line) => /^(\S+?:\d+:\d+): .+; .+$/.exec(line)?.[1] ?? line);
  t.strictSame(places, [
    'config.yaml:2:3',
    'data/users1.csv:3:11',
    'data/users1.csv:5:1',
    'data/energy_usage.json:2:3',
    'data/energy_usage.json:2:9',
    'data/active_transactions.json:1:2',
    'data/active_transactions.json:1:57',
    'data/active_transactions.json:1:71',
    'data/charger_status.json:1:1',
    'data/meter_data_log.json:1:25',
    '10 problems',
    '',
  ]);
});

t.test('a data folder that is not there, and a store that is none, are problems as well', async (t) => {
  const cwd = t.testdir({ data: { '.kwota': { 'kwota.sqlite': 'energy,kWh\n'.repeat(1000) } } });
  t.match(await runCommand(cwd, 'check'), { code: 1, out: /kwota\.sqlite: .*damaged.*\n1 problem\n$/ });
  t.equal(readFileSync(join(cwd, 'data/.kwota/kwota.sqlite'), 'utf8').slice(0, 10), 'energy,kWh');
  t.match(await runCommand(cwd, 'check', '--data', 'elsewhere'), {
    code: 1,
    out: /no such data folder; .*--data/,
  });
  mkdirSync(join(cwd, 'data/users1.csv'));
  t.match(await runCommand(cwd, 'check'), { code: 1, out: /users1\.csv: it cannot be read \(EISDIR\)/ });
});
