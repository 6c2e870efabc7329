// `kwota report` of a real server: what it adds up to is what the shared file says was used.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { EnergyReport } from '../src/api/contract/reports.ts';
import { ChargePoint } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { DAYTIME_ZONE } from './kit/daytime-zone.ts';
import { runCommand } from './kit/kwota-command.ts';
import { startKwota } from './kit/kwota-process.ts';

const USERS = [
  'id_tag,header name,surname,quota_kwh,unlimited',
  'TAG1,=HYPERLINK("x"),Doe,100,FALSE',
  'TAG2,Ada,Example,0,TRUE',
  '',
].join('\n');

void t.test('tables, CSV and JSON of a month have the total of energy_usage.json', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS, 'energy_usage.json': '{"TAG1": 2.5}' });
  const env = { TZ: DAYTIME_ZONE };
  const kwota = await startKwota({ dataDir, env });
  t.teardown(() => kwota.kill());
  const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
  for (const [idTag, meterStop] of [
    ['TAG1', 1200],
    ['TAG2', 700],
    ['TAG2', 33],
  ] as const) {
    const timestamp = new Date().toISOString();
    const start = { connectorId: 1, idTag, meterStart: 0, timestamp };
    const { transactionId } = await charger.call('StartTransaction', start);
    await charger.call('StopTransaction', { transactionId, meterStop, timestamp: new Date().toISOString() });
  }
  await kwota.stop();
  const usage = JSON.parse(readFileSync(join(dataDir, 'energy_usage.json'), 'utf8')) as Record<
    string,
    number
  >;
  t.same(usage, { TAG1: 3.7, TAG2: 0.733 });
  const again = await startKwota({ dataDir, env });
  t.teardown(() => again.kill());
  const [users, chargers, sessions, json] = await Promise.all(
    [
      ['--format', 'table'],
      ['--by', 'charger'],
      ['--by', 'session', '--format', 'csv'],
      ['--format', 'json'],
    ].map((args) => runCommand(dataDir, 'report', '--data', dataDir, ...args)),
  );
  t.match(users?.out, /^TAG1 .* 1 +3\.700 +0\.000 +100\.000 +96\.300$/m);
  t.match(users?.out, /^TAG2 +Ada Example +2 +0\.733 +0\.000 +- +-$/m);
  t.match(users?.out, /^all +3 +4\.433$/m);
  t.match(
    users?.out,
    '\n4.433 kWh used in 3 sessions, 2.500 kWh of it by opening balances and adjustments\n',
  );
  t.match(chargers?.out, /^CP1 +3 +1\.933$/m);
  const rows = (sessions?.out ?? '').trimEnd().split('\r\n');
  t.equal(rows.length, 4);
  t.match(rows[1], `"'=HYPERLINK(""x"") Doe"`);
  t.match(rows[3], /,meterStop,0\.033,0\.033$/);
  const report = JSON.parse(json?.out ?? '') as EnergyReport;
  t.equal(report.total.usedWh, Math.round((3.7 + 0.733) * 1000));
  t.equal(report.users?.length, 2);
  const wrong = await runCommand(dataDir, 'report', '--month', '2026-13');
  t.equal(wrong.code, 2);
  t.match(wrong.err, 'It is a month like 2026-11.');
});
