// `kwota status` of a real server: what it shows is what it has.
import t from 'tap';
import { ChargePoint, registerSample } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { DAYTIME_ZONE } from './kit/daytime-zone.ts';
import { runCommand } from './kit/kwota-command.ts';
import { startKwota } from './kit/kwota-process.ts';

const USERS = 'id_tag,header name,surname,quota_kwh,unlimited\nTAG1,Ada,Example,100,FALSE\n';

void t.test('as text for people, as JSON for programs', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const kwota = await startKwota({ dataDir, env: { TZ: DAYTIME_ZONE } });
  t.teardown(() => kwota.kill());
  const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
  await charger.call('StatusNotification', { connectorId: 1, status: 'Charging', errorCode: 'NoError' });
  const timestamp = new Date(Date.now() - 600_000).toISOString();
  const start = { connectorId: 1, idTag: 'TAG1', meterStart: 0, timestamp };
  const { transactionId } = await charger.call('StartTransaction', start);
  const meterValue = [registerSample(900, new Date())];
  await charger.call('MeterValues', { connectorId: 1, transactionId, meterValue });
  const [text, json] = await Promise.all([
    runCommand(dataDir, 'status', '--data', dataDir),
    runCommand(dataDir, 'status', '--json', '--data', dataDir),
  ]);
  t.same([text.code, text.err], [0, '']);
  t.match(text.out, /^chargers {2}1 of 1 connected$/m);
  t.match(text.out, /^sessions {2}1 running, 1 charging, power not known$/m);
  t.match(text.out, /^quotas {4}0\.900 kWh used of 100\.000 kWh, 1 %$/m);
  t.match(text.out, /^CP1\/1 {4}Ada Example {2}Charging {2}0\.900 {2}- {3}99\.100 {2}-$/m);
  t.match(JSON.parse(json.out), {
    chargers: { total: 1, connected: 1 },
    usedWh: 900,
    alarms: [],
    runningSessions: [{ transactionId, connectorStatus: 'Charging', leftWh: 99_100 }],
  });
  await kwota.stop();
  const none = await runCommand(dataDir, 'status', '--data', dataDir);
  t.equal(none.code, 1);
  t.match(none.err, /no server runs on the data folder .*; start one with kwota serve/);
});
