// An OCPP client that others wrote charges at kwota: whole sessions and every operation, each frame checked by schemas that are not ours.
import t from 'tap';
import { centralSystemActions } from '../src/ocpp/v16/messages.ts';
import { startApiSite } from './kit/api-site.ts';
import { readUsage } from './kit/data-folder.ts';
import { DAYTIME_ZONE } from './kit/daytime-zone.ts';
import { legalAnswer, PAYLOADS } from './kit/operations.ts';
import { StrictChargePoint } from './kit/strict-charge-point.ts';
import { until } from './kit/until.ts';

t.setTimeout(240_000);

const USERS = 'TAG1,Ada,One,100,FALSE\nTAG2,Bob,Two,1,FALSE\n';
const MINUTE_MS = 60_000;
const BOOT = {
  ...{ chargePointVendor: 'Others', chargePointModel: 'Strict', chargePointSerialNumber: 'S-1' },
  ...{ firmwareVersion: '1.0', iccid: '', imsi: '', meterType: 'MID', meterSerialNumber: 'M-1' },
};

function minutesAgo(minutes: number): string {
  return new Date(Date.now() - minutes * MINUTE_MS).toISOString();
}

function meterValue(wh: number, timestamp: string, context = 'Sample.Periodic') {
  const register = {
    measurand: 'Energy.Active.Import.Register',
    unit: 'Wh',
    location: 'Outlet',
    format: 'Raw',
  };
  const power = { value: '7200.0', context, measurand: 'Power.Active.Import', unit: 'W' };
  return { timestamp, sampledValue: [{ ...register, value: String(wh), context }, power] };
}

void t.test('a whole session: boot, card, start, samples, end, and its energy in the books', async (t) => {
  const yaml = `site: {timeZone: ${DAYTIME_ZONE}}\n`;
  const { dataDir, kwota, ask } = await startApiSite(t, { users: USERS, yaml });
  const charger = await StrictChargePoint.connect(t, kwota.ocppUrl, 'STRICT1');
  t.equal(charger.protocol, 'ocpp1.6');
  charger.answer = legalAnswer;
  t.match(await charger.call('BootNotification', BOOT), { status: 'Accepted' });
  await charger.call('Heartbeat');
  const status = { connectorId: 1, errorCode: 'NoError', timestamp: minutesAgo(31) };
  await charger.call('StatusNotification', { ...status, status: 'Preparing', info: 'cable' });
  t.strictSame(await charger.call('Authorize', { idTag: 'TAG1' }), { idTagInfo: { status: 'Accepted' } });
  const start = { connectorId: 1, idTag: 'TAG1', meterStart: 10_000, timestamp: minutesAgo(30) };
  const { transactionId, idTagInfo } = await charger.call('StartTransaction', start);
  t.match(idTagInfo, { status: 'Accepted' });
  await charger.call('StatusNotification', { ...status, status: 'Charging' });
  for (const [minutes, wh] of [
    [20, 11_200],
    [10, 12_400],
  ] as const)
    await charger.call('MeterValues', {
      ...{ connectorId: 1, transactionId },
      meterValue: [meterValue(wh, minutesAgo(minutes))],
    });
  t.strictSame(
    await charger.call('StopTransaction', {
      ...{ transactionId, idTag: 'TAG1', meterStop: 13_000, timestamp: minutesAgo(5), reason: 'Local' },
      transactionData: [meterValue(13_000, minutesAgo(5), 'Transaction.End')],
    }),
    {},
  );
  await until('the usage', () => readUsage(dataDir)['TAG1'] === 3);
  t.match((await ask('GET', `sessions/${String(transactionId)}`)).json, { energyWh: 3000 });
  t.strictSame(charger.complaints, []);
});

void t.test('what else a charger may say is answered to the letter', async (t) => {
  const { kwota } = await startApiSite(t, { users: USERS });
  const charger = await StrictChargePoint.connect(t, kwota.ocppUrl, 'STRICT1');
  charger.answer = legalAnswer;
  const timestamp = minutesAgo(1);
  for (const status of ['Idle', 'Uploaded', 'UploadFailed', 'Uploading'])
    await charger.call('DiagnosticsStatusNotification', { status });
  for (const status of ['Downloading', 'Installed', 'Idle'])
    await charger.call('FirmwareStatusNotification', { status });
  await charger.call('LogStatusNotification', { status: 'Uploaded', requestId: 1 });
  await charger.call('SignedFirmwareStatusNotification', { status: 'SignatureVerified', requestId: 1 });
  await charger.call('SecurityEventNotification', { type: 'StartupOfTheDevice', timestamp });
  t.match(await charger.call('SignCertificate', { csr: 'PEM' }), { status: /Accepted|Rejected/ });
  t.match(await charger.call('DataTransfer', { vendorId: 'others', data: '{}' }), {
    status: /Unknown|Rejected/,
  });
  const unasked = { connectorId: 0, meterValue: [meterValue(5, timestamp, 'Sample.Clock')] };
  t.strictSame(await charger.call('MeterValues', unasked), {});
  t.match(await charger.call('Authorize', { idTag: 'NOBODY' }), { idTagInfo: { status: 'Invalid' } });
  const start = { connectorId: 1, idTag: 'NOBODY', meterStart: 0, timestamp };
  const { transactionId } = await charger.call('StartTransaction', start);
  await charger.call('StopTransaction', { transactionId, meterStop: 0, timestamp, reason: 'DeAuthorized' });
  t.match(
    await charger.call('StopTransaction', { transactionId: 4711, meterStop: 0, timestamp }),
    {},
    'of a transaction that nobody knows',
  );
  t.strictSame(charger.complaints, []);
});

void t.test('every operation, as the API sends it, is one that others understand', async (t) => {
  const { kwota, ask, command } = await startApiSite(t, { users: USERS });
  const charger = await StrictChargePoint.connect(t, kwota.ocppUrl, 'STRICT1');
  charger.answer = legalAnswer;
  await charger.call('BootNotification', BOOT);
  for (const action of centralSystemActions) {
    const [payload] = PAYLOADS[action]!;
    const { status, json } = await command('STRICT1', action, payload);
    t.equal(status, 200, action);
    t.strictSame(json, legalAnswer(action), `${action}: the answer as it was given`);
    t.ok(
      charger.received.some(([name]) => name === action),
      `${action} arrived`,
    );
  }
  for (const [action, payload] of [
    ['GetDiagnostics', {}],
    ['GetLog', { logType: 'SecurityLog' }],
    ['ReserveNow', { connectorId: 1, idTag: 'TAG1', expiryDate: '2099-01-01T00:00:00Z' }],
  ] as const)
    t.equal(
      (await command('STRICT1', action, payload)).status,
      200,
      `${action}, the rest filled in by kwota`,
    );
  t.match((await ask('POST', 'chargers/STRICT1/local-list')).json, { entries: 2 });
  t.strictSame(charger.complaints, []);
});

void t.test('what kwota says of itself, to hold a quota, is understood as well', async (t) => {
  const yaml = [
    `site: {timeZone: ${DAYTIME_ZONE}}`,
    'ocpp: {heartbeatInterval: 3600}',
    'configure: {MeterValueSampleInterval: 10, MeterValuesSampledData: Energy.Active.Import.Register}',
    'quota: {chargerGuard: true}',
    "chargers: {settings: {'*': {maxPowerKw: 22, localStart: forbid, stopLadder: [remoteStop 0, knownIds 1, noCurrent 1, inoperative 1, unlock 1, softReset 1]}}}",
  ];
  const { kwota } = await startApiSite(t, { users: USERS, yaml: `${yaml.join('\n')}\n` });
  const charger = await StrictChargePoint.connect(t, kwota.ocppUrl, 'STRICT1');
  charger.answer = (action) =>
    action === 'GetConfiguration'
      ? { configurationKey: configurationKeys, unknownKey: [] }
      : legalAnswer(action);
  await charger.call('BootNotification', BOOT);
  await charger.call('StatusNotification', { connectorId: 1, errorCode: 'NoError', status: 'Charging' });
  const start = { connectorId: 1, idTag: 'TAG2', meterStart: 0, timestamp: minutesAgo(10) };
  const { transactionId } = await charger.call('StartTransaction', start);
  const sample = (wh: number, minutes: number) =>
    charger.call('MeterValues', {
      ...{ connectorId: 1, transactionId },
      meterValue: [meterValue(wh, minutesAgo(minutes))],
    });
  await sample(500, 5);
  await charger.next('GetConfiguration');
  await charger.next('ChangeConfiguration');
  await sample(1200, 0);
  t.strictSame(await charger.next('RemoteStopTransaction'), { transactionId });
  t.match(await charger.next('SetChargingProfile'), { connectorId: 1 });
  t.strictSame(await charger.next('ChangeAvailability'), { connectorId: 1, type: 'Inoperative' });
  t.strictSame(await charger.next('UnlockConnector'), { connectorId: 1 });
  t.strictSame(await charger.next('Reset'), { type: 'Soft' });
  await charger.call('StopTransaction', { transactionId, meterStop: 1210, timestamp: minutesAgo(0) });
  await until('the connector is put back', () =>
    charger.received.some(([action, { type }]) => action === 'ChangeAvailability' && type === 'Operative'),
  );
  await charger.next('ClearChargingProfile');
  t.strictSame(charger.complaints, []);
});

const configurationKeys = [
  ['MeterValueSampleInterval', '60'],
  ['MeterValuesSampledData', 'Voltage'],
  ['AuthorizationCacheEnabled', 'true'],
  ['LocalAuthListEnabled', 'true'],
].map(([key, value]) => ({ key, readonly: false, value }));
