// A charger that connects is configured, limited and guarded: a real server and real charge points that behave as chargers do.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import type { Test } from 'tap';
import { ChargePoint, registerSample, type ReceivedCall } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { FAR_RESET_DAY } from './kit/far-reset-day.ts';
import { startKwota, type KwotaProcess } from './kit/kwota-process.ts';
import { until } from './kit/until.ts';

t.setTimeout(300_000);

const USERS = 'id_tag,quota_kwh,unlimited\nTAG1,2,FALSE\n';

interface Key {
  value: string;
  readonly?: boolean;
}

async function startSite(t: Test, yaml: string): Promise<KwotaProcess> {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const config = join(dataDir, 'config.yaml');
  writeFileSync(config, yaml);
  const env = { KWOTA_QUOTA_RESET_DAY: `${FAR_RESET_DAY}` };
  const kwota = await startKwota({ dataDir, args: ['--config', config], env });
  t.teardown(() => kwota.kill());
  return kwota;
}

/** Connects and boots a charge point with this configuration; what it will not take it refuses. */
async function connect(
  kwota: KwotaProcess,
  id: string,
  configuration: Record<string, Key>,
  refuses: (key: string, value: string) => boolean = () => false,
): Promise<ChargePoint> {
  const charger = await ChargePoint.connect(kwota.ocppUrl, id);
  charger.answer = ({ action, payload }: ReceivedCall) => {
    if (action === 'GetConfiguration') {
      const asked = payload['key'] as string[] | undefined;
      const found = Object.entries(configuration).filter(([key]) => asked?.includes(key) ?? true);
      return { configurationKey: found.map(([key, one]) => ({ key, readonly: false, ...one })) };
    }
    if (action !== 'ChangeConfiguration') return { status: 'Accepted' };
    const { key, value } = payload as { key: string; value: string };
    if (refuses(key, value)) return { status: 'Rejected' };
    configuration[key] = { value };
    return { status: 'Accepted' };
  };
  await charger.boot();
  return charger;
}

function writesOf(charger: ChargePoint): string[] {
  return charger.received
    .filter(({ action }) => action === 'ChangeConfiguration')
    .map(({ payload }) => `${String(payload['key'])}=${String(payload['value'])}`);
}

async function start(charger: ChargePoint, minutesAgo: number): Promise<number> {
  const timestamp = new Date(Date.now() - minutesAgo * 60_000).toISOString();
  const payload = { connectorId: 1, idTag: 'TAG1', meterStart: 0, timestamp };
  return (await charger.call('StartTransaction', payload))['transactionId'] as number;
}

function sample(charger: ChargePoint, transactionId: number, wh: number, minutesAgo = 0): Promise<unknown> {
  const meterValue = [registerSample(wh, new Date(Date.now() - minutesAgo * 60_000))];
  return charger.call('MeterValues', { connectorId: 1, transactionId, meterValue });
}

function healthOf(kwota: KwotaProcess): Promise<{ problems: string[] }> {
  return fetch(`${kwota.apiUrl}/api/health`).then(
    (response) => response.json() as Promise<{ problems: string[] }>,
  );
}

void t.test('what the site wants, and what it wants of one charger, is set after the boot', async (t) => {
  const kwota = await startSite(
    t,
    [
      'configure:',
      '  MeterValueSampleInterval: 60',
      '  MeterValuesSampledData: Energy.Active.Import.Register,Power.Active.Import,Frequency',
      'chargers:',
      '  settings:',
      '    Own:',
      '      configure: { metervaluesampleinterval: 10 }',
      '      localStart: forbid',
    ].join('\n'),
  );
  const configuration: Record<string, Key> = {
    metervaluesampleinterval: { value: '900' },
    MeterValuesSampledData: { value: 'Voltage' },
  };
  const charger = await connect(kwota, 'CP1', configuration, (_, value) => value.includes('Frequency'));
  await until('both are set', () => writesOf(charger).length === 3);
  t.same(writesOf(charger), [
    'metervaluesampleinterval=60',
    'MeterValuesSampledData=Energy.Active.Import.Register,Power.Active.Import,Frequency',
    'MeterValuesSampledData=Energy.Active.Import.Register,Power.Active.Import',
  ]);
  const own = { AllowOfflineTxForUnknownId: { value: 'true' }, MeterValueSampleInterval: { value: '60' } };
  const other = await connect(kwota, 'Own', own);
  await until('its own settings', () => own.AllowOfflineTxForUnknownId.value === 'false');
  await until('its own interval', () => writesOf(other).includes('MeterValueSampleInterval=10'));
});

void t.test('a charger that meters too seldom is in the health until it does', async (t) => {
  const kwota = await startSite(t, '');
  const charger = await connect(kwota, 'CP1', {
    MeterValueSampleInterval: { value: '900', readonly: true },
  });
  await until('the alarm', async () =>
    (await healthOf(kwota)).problems.join().includes('CP1 sends a sample'),
  );
  t.same(writesOf(charger), []);
});

void t.test('onExhausted throttle: the charge goes on at the least current', async (t) => {
  const kwota = await startSite(t, 'configure: {}\nquota:\n  onExhausted: throttle\n');
  const charger = await connect(kwota, 'CP1', {});
  const id = await start(charger, 60);
  await sample(charger, id, 2000);
  t.match(await charger.waitFor('SetChargingProfile'), {
    connectorId: 1,
    csChargingProfiles: {
      transactionId: id,
      chargingSchedule: { chargingSchedulePeriod: [{ startPeriod: 0, limit: 6 }] },
    },
  });
  const timestamp = new Date().toISOString();
  await charger.call('StopTransaction', { transactionId: id, meterStop: 2100, timestamp });
  await charger.waitFor('ClearChargingProfile');
  t.notOk(charger.received.some(({ action }) => action === 'RemoteStopTransaction'));
});

void t.test(
  'chargerGuard: the quota is in the charger while its connection is lost; used up meanwhile, it is stopped at once',
  async (t) => {
    const kwota = await startSite(
      t,
      [
        'configure: {}',
        'quota: { chargerGuard: true, warnAt: [50] }',
        'chargers: { settings: { CP1: { maxPowerKw: 11 } } }',
      ].join('\n'),
    );
    const charger = await connect(kwota, 'CP1', {});
    const id = await start(charger, 60);
    t.match(await charger.waitFor('SetChargingProfile'), {
      csChargingProfiles: {
        chargingSchedule: {
          chargingRateUnit: 'W',
          chargingSchedulePeriod: [
            { startPeriod: 0, limit: 11_000 },
            { startPeriod: 654, limit: 0 },
          ],
        },
      },
    });
    await charger.close();
    const again = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
    await sample(again, id, 1500, 20);
    await sample(again, id, 2000, 5);
    t.same(await again.waitFor('RemoteStopTransaction'), { transactionId: id });
    t.match(kwota.log(), '50 % of the quota is used');
    t.match(kwota.log(), 'the quota is used up');
    const timestamp = new Date().toISOString();
    await again.call('StopTransaction', { transactionId: id, meterStop: 2010, timestamp });
    await again.waitFor('ClearChargingProfile');
  },
);
