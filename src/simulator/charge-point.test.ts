// A simulated charger at a scripted central system: what it sends, how it obeys or does not, what it keeps while it is alone.
import t, { type Test } from 'tap';
import { until } from '../../test/kit/until.ts';
import { centralSystemActions, type CentralSystemAction } from '../ocpp/v16/messages.ts';
import { createManualClock } from '../runtime/manual-clock.ts';
import type { Car } from './car.ts';
import { ChargePoint } from './charge-point.ts';
import type { SimulatorEvent } from './event.ts';
import type { Profile } from './profile.ts';
import { generic } from './profiles/generic.ts';
import { livoltek } from './profiles/livoltek.ts';
import { schneiderEvlink } from './profiles/schneider-evlink.ts';
import { seededRandom } from './random.ts';
import { acceptingAll, startCentralSystem } from '../../test/kit/central-system.ts';

const CAR: Car = { maxPowerW: 12_000, batteryWh: 60_000, startsAt: 0.1, tapersAbove: 1 };
const SECOND_MS = 1_000;
const MINUTE_MS = 60_000;
const STEP_MS = 20_000;

async function site(t: Test, profile: Profile = generic) {
  const central = await startCentralSystem(t);
  const clock = createManualClock();
  clock.advance(Date.parse('2026-11-30T10:00:00Z'));
  const events: SimulatorEvent[] = [];
  const chargePoint = new ChargePoint({
    ...{ id: 'SIM001', url: central.url, profile, clock, speed: 1, random: seededRandom(1) },
    nextCar: () => CAR,
    tell: (event) => events.push(event),
  });
  t.teardown(() => chargePoint.disconnect());
  const connector = chargePoint.connectors[0]!;
  chargePoint.connect();
  await central.seen('StatusNotification', profile.connectors);
  /** Until everything that is said is answered. */
  const answered = () =>
    until('an answer', () => chargePoint.tally.framesReceived >= chargePoint.tally.framesSent);
  /** A card on connector 1, until the transaction runs and all has been said of its start. */
  const charge = async () => {
    connector.authorize('RFID001', CAR);
    await until('a transaction', () => connector.transactionId !== null);
    await answered();
  };
  /** Time passes while everything that is said is answered: a CALL times out after 30 s of it. */
  const pass = async (ms: number) => {
    for (let leftMs = ms; leftMs > 0; leftMs -= STEP_MS) {
      await answered();
      clock.advance(Math.min(STEP_MS, leftMs));
    }
  };
  const happened = (kind: SimulatorEvent['kind']) =>
    until(kind, () => events.find((event) => event.kind === kind) ?? null);
  return { central, clock, chargePoint, connector, charge, events, pass, happened };
}

for (const profile of [generic, livoltek, schneiderEvlink]) {
  void t.test(`all that a ${profile.name} charger sends in a session is by the schemas`, async (t) => {
    const { central, connector, charge, pass } = await site(t, profile);
    await charge();
    await pass(30 * MINUTE_MS);
    connector.stopNow('Local');
    const { payload: start } = await central.seen('StartTransaction');
    const { payload: stop } = await central.seen('StopTransaction');
    const wh = Number(stop['meterStop']) - Number(start['meterStart']);
    t.equal(wh, 6_000, 'half an hour at 12 kW');
    t.ok(central.count('MeterValues') >= 30, 'at least a sample a minute');
    t.same(central.wrong, []);
  });
}

void t.test('LIVOLTEK tells whole kWh from 0, and ten times its power', async (t) => {
  const { central, connector, charge, pass } = await site(t, livoltek);
  await charge();
  await pass(11 * MINUTE_MS);
  connector.stopNow('Local');
  await central.seen('StopTransaction');
  const last = central.calls.findLast(({ action }) => action === 'MeterValues')!.payload;
  t.match(last, {
    meterValue: [
      {
        sampledValue: [
          { value: '2.0', unit: 'kWh' },
          { value: '120000', unit: 'W' },
        ],
      },
    ],
  });
  t.match((await central.seen('StartTransaction')).payload, { meterStart: 0 });
  t.match((await central.seen('StartTransaction')).payload, { timestamp: '2026-11-30T10:00:15Z' });
});

void t.test('EVlink tells its register and nothing else, and does not boot again after a loss', async (t) => {
  const { central, clock, charge, happened, pass } = await site(t, schneiderEvlink);
  await charge();
  await pass(MINUTE_MS);
  const { payload } = await central.seen('MeterValues');
  const [{ sampledValue }] = payload['meterValue'] as [{ sampledValue: object[] }];
  t.match(sampledValue, [{ measurand: 'Energy.Active.Import.Register', unit: 'Wh' }]);
  t.equal(sampledValue.length, 1);
  central.drop();
  await happened('disconnected');
  clock.advance(SECOND_MS);
  await central.seen('StatusNotification', 4);
  t.equal(central.count('BootNotification'), 1);
  const full = 'Current.Import,Current.Offered,Energy.Active.Import.Register,Frequency,Voltage';
  const change = (value: string) =>
    central.call('ChangeConfiguration', { key: 'MeterValuesSampledData', value });
  t.same(await change(full), { status: 'Rejected' });
  t.same(await change('Energy.Active.Import.Register,Power.Active.Import'), { status: 'Accepted' });
});

const remoteStops = [
  ['obey', 'Accepted', 1],
  ['late', 'Accepted', 90],
  ['reject', 'Rejected', null],
  ['accept-only', 'Accepted', null],
] as const;
for (const [remoteStop, status, stopsAfterS] of remoteStops) {
  const end = stopsAfterS === null ? 'charges on' : `stops after ${stopsAfterS} s`;
  void t.test(`a charger that is to ${remoteStop} a remote stop says ${status} and ${end}`, async (t) => {
    const { central, clock, connector, charge, pass } = await site(t, { ...generic, remoteStop });
    await charge();
    t.same(await central.call('RemoteStopTransaction', { transactionId: 1 }), { status });
    await pass((stopsAfterS ?? 600) * SECOND_MS - 1);
    t.ok(connector.isCharging);
    clock.advance(1);
    t.equal(connector.isCharging, stopsAfterS === null);
    if (stopsAfterS !== null)
      t.match((await central.seen('StopTransaction')).payload, { transactionId: 1, reason: 'Remote' });
  });
}

void t.test('a charger that ignores a remote stop answers nothing and charges on', async (t) => {
  const { central, connector, charge, happened, pass } = await site(t, { ...generic, remoteStop: 'ignore' });
  await charge();
  let isAnswered = false;
  void central.call('RemoteStopTransaction', { transactionId: 1 }).then(() => (isAnswered = true));
  t.match(await happened('command'), { answer: null });
  // What is said after it is answered after it.
  t.same(await central.call('ClearCache', {}), { status: 'Accepted' });
  await pass(10 * MINUTE_MS);
  t.ok(connector.isCharging);
  t.notOk(isAnswered);
});

void t.test('a remote stop of a transaction that is not there is rejected', async (t) => {
  const { central, charge, connector } = await site(t);
  await charge();
  t.same(await central.call('RemoteStopTransaction', { transactionId: 77 }), { status: 'Rejected' });
  t.ok(connector.isCharging);
});

void t.test('what happened without a connection is told later, in order, as it was then', async (t) => {
  const { central, clock, connector, charge, happened, pass } = await site(t);
  await charge();
  await pass(35 * SECOND_MS);
  await central.seen('MeterValues');
  central.drop();
  await happened('disconnected');
  const before = central.calls.length;
  connector.sample('Sample.Periodic');
  connector.stopNow('Local');
  connector.authorize('RFID002', CAR);
  t.ok(connector.isCharging, 'offline it starts without asking');
  connector.stopNow('Local');
  clock.advance(SECOND_MS);
  await central.seen('StopTransaction', 2);
  const told = central.calls.slice(before).filter(({ action }) => /Meter|Transaction/.test(action));
  t.match(told, [
    { action: 'MeterValues', payload: { transactionId: 1, meterValue: [{ timestamp: /10:00:35/ }] } },
    { action: 'StopTransaction', payload: { transactionId: 1, timestamp: /10:00:35/ } },
    { action: 'StartTransaction', payload: { idTag: 'RFID002', timestamp: /10:00:35/ } },
    { action: 'StopTransaction', payload: { transactionId: 2, timestamp: /10:00:35/ } },
  ]);
  t.equal(told.length, 4);
  t.equal(central.calls[before]?.action, 'BootNotification');
  t.same(central.wrong, []);
});

void t.test('a stop that was not answered before the connection broke is sent again', async (t) => {
  const { central, clock, connector, charge, happened } = await site(t);
  await charge();
  central.answer = ({ action }) => (action === 'StopTransaction' ? null : {});
  connector.stopNow('Local');
  const first = await central.seen('StopTransaction');
  central.answer = acceptingAll();
  central.drop();
  await happened('disconnected');
  clock.advance(SECOND_MS);
  const second = await central.seen('StopTransaction', 2);
  t.same(second.payload, first.payload);
  t.not(second.messageId, first.messageId);
});

void t.test(
  'one CALL waits for its answer at a time, and CALLs to the charger are answered meanwhile',
  async (t) => {
    const { central, chargePoint, clock, charge } = await site(t);
    await charge();
    const before = central.calls.length;
    central.answer = () => null;
    clock.advance(MINUTE_MS / 2);
    chargePoint.connectors[0]!.sendStatus();
    await until('a CALL', () => central.calls.length > before);
    t.same(await central.call('ClearCache', {}), { status: 'Accepted' });
    t.equal(central.calls.length, before + 1);
  },
);

void t.test('a charger that finishes while a card is asked about leaves no session behind', async (t) => {
  const { central, connector, chargePoint } = await site(t);
  connector.authorize('RFID001', CAR);
  await chargePoint.finish();
  t.equal(central.count('StartTransaction'), 1);
  t.equal(central.count('StopTransaction'), 1);
});

void t.test('a card that is not accepted charges nothing', async (t) => {
  const { central, connector, happened } = await site(t);
  central.answer = ({ action }) => (action === 'Authorize' ? { idTagInfo: { status: 'Blocked' } } : {});
  connector.authorize('RFID009', CAR);
  t.match(await happened('refused'), { idTag: 'RFID009', status: 'Blocked' });
  await central.seen('StatusNotification', 4);
  t.match(central.calls.at(-1)?.payload, { status: 'Available' });
  t.equal(central.count('StartTransaction'), 0);
});

void t.test('a start that is not accepted ends the transaction with the id it was given', async (t) => {
  const { central, connector } = await site(t);
  const accepting = acceptingAll();
  central.answer = (call) =>
    call.action === 'StartTransaction'
      ? { transactionId: 41, idTagInfo: { status: 'Invalid' } }
      : accepting(call);
  connector.authorize('RFID001', CAR);
  const { payload } = await central.seen('StopTransaction');
  t.match(payload, { transactionId: 41, reason: 'DeAuthorized' });
});

void t.test('a transaction message that is refused three times is given up', async (t) => {
  const { central, clock, connector, charge, chargePoint } = await site(t);
  await charge();
  const accepting = acceptingAll();
  central.answer = (call) => (call.action === 'StopTransaction' ? 'InternalError' : accepting(call));
  connector.stopNow('Local');
  for (const n of [1, 2, 3]) {
    await until(`refusal ${n}`, () => chargePoint.tally.errors === n);
    clock.advance(5 * SECOND_MS);
  }
  await central.seen('StatusNotification', generic.connectors + 4);
  t.equal(central.count('StopTransaction'), 3);
});

const zero = (limit: number) => ({
  connectorId: 1,
  csChargingProfiles: {
    chargingProfileId: 1,
    stackLevel: 0,
    chargingProfilePurpose: 'TxProfile',
    chargingProfileKind: 'Relative',
    chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit }] },
  },
});
const zeroLimits = [
  ['suspends', 'Accepted', true, 'SuspendedEVSE', 0],
  ['ends', 'Accepted', false, 'Available', 3],
  ['rejects', 'Rejected', true, 'Charging', 12_000],
  ['ignores', 'Accepted', true, 'Charging', 12_000],
] as const;
for (const [zeroLimit, status, isCharging, shown, wh] of zeroLimits) {
  void t.test(`a profile of 0 A at a charger that ${zeroLimit}: ${status}, then ${shown}`, async (t) => {
    const { central, connector, charge, chargePoint, pass } = await site(t, { ...generic, zeroLimit });
    await charge();
    t.same(await central.call('SetChargingProfile', zero(0)), { status });
    await pass(60 * MINUTE_MS);
    t.equal(connector.isCharging, isCharging);
    await chargePoint.finish();
    const last = central.calls
      .filter(({ action }) => action === 'StatusNotification')
      .map((call) => call.payload);
    t.ok(last.some((payload) => payload['status'] === shown));
    const { meterStart } = (await central.seen('StartTransaction')).payload;
    const { meterStop } = (await central.seen('StopTransaction')).payload;
    t.equal(Number(meterStop) - Number(meterStart), wh);
  });
}

/** A request by the schema for each CALL of a central system. */
const requests: Readonly<Record<CentralSystemAction, unknown>> = {
  CancelReservation: { reservationId: 1 },
  CertificateSigned: { certificateChain: 'x' },
  ChangeAvailability: { connectorId: 0, type: 'Inoperative' },
  ChangeConfiguration: { key: 'MeterValueSampleInterval', value: '10' },
  ClearCache: {},
  ClearChargingProfile: {},
  DataTransfer: { vendorId: 'x' },
  DeleteCertificate: {
    certificateHashData: {
      hashAlgorithm: 'SHA256',
      issuerNameHash: 'a',
      issuerKeyHash: 'b',
      serialNumber: 'c',
    },
  },
  ExtendedTriggerMessage: { requestedMessage: 'Heartbeat' },
  GetCompositeSchedule: { connectorId: 1, duration: 60 },
  GetConfiguration: { key: ['heartbeatinterval', 'NoSuchKey'] },
  GetDiagnostics: { location: 'ftp://127.0.0.1/' },
  GetInstalledCertificateIds: { certificateType: 'CentralSystemRootCertificate' },
  GetLocalListVersion: {},
  GetLog: { log: { remoteLocation: 'ftp://127.0.0.1/' }, logType: 'SecurityLog', requestId: 1 },
  InstallCertificate: { certificateType: 'CentralSystemRootCertificate', certificate: 'x' },
  RemoteStartTransaction: { idTag: 'RFID001', connectorId: 1 },
  RemoteStopTransaction: { transactionId: 1 },
  ReserveNow: { connectorId: 1, expiryDate: '2026-11-30T11:00:00Z', idTag: 'RFID001', reservationId: 1 },
  Reset: { type: 'Soft' },
  SendLocalList: { listVersion: 1, updateType: 'Full' },
  SetChargingProfile: zero(16),
  SignedUpdateFirmware: {
    requestId: 1,
    firmware: {
      location: 'ftp://127.0.0.1/',
      retrieveDateTime: '2026-11-30T11:00:00Z',
      signingCertificate: 'x',
      signature: 'y',
    },
  },
  TriggerMessage: { requestedMessage: 'StatusNotification', connectorId: 1 },
  UnlockConnector: { connectorId: 1 },
  UpdateFirmware: { location: 'ftp://127.0.0.1/', retrieveDate: '2026-11-30T11:00:00Z' },
};
for (const profile of [generic, livoltek, schneiderEvlink]) {
  void t.test(`each CALL to a ${profile.name} charger is answered by the schema`, async (t) => {
    const { central } = await site(t, profile);
    for (const action of centralSystemActions)
      t.type(await central.call(action, requests[action]), 'object', action);
    t.same(central.wrong, []);
  });
}

void t.test('a CALL that is none is a CALLERROR', async (t) => {
  const { central } = await site(t);
  t.equal(await central.call('Reset', { type: 'Sometimes' }), 'FormationViolation');
  t.equal(await central.call('RemoteStartTransaction', {}), 'FormationViolation');
  t.equal(await central.call('Heartbeat', {}), 'NotImplemented');
});

void t.test('a remote start charges; Inoperative waits for its end', async (t) => {
  const { central, connector, chargePoint, pass } = await site(t);
  const start = { connectorId: 1, idTag: 'RFID001' };
  t.same(await central.call('RemoteStartTransaction', start), { status: 'Accepted' });
  await central.seen('StartTransaction');
  t.equal(central.count('Authorize'), 0);
  t.same(await central.call('RemoteStartTransaction', start), { status: 'Rejected' });
  const inoperative = { connectorId: 1, type: 'Inoperative' };
  t.same(await central.call('ChangeAvailability', inoperative), { status: 'Scheduled' });
  await pass(MINUTE_MS);
  t.ok(connector.isCharging);
  await chargePoint.finish();
  t.match(central.calls.at(-1)?.payload, { status: 'Unavailable' });
  t.same(await central.call('RemoteStartTransaction', start), { status: 'Rejected' });
});

void t.test('a reset ends the session with its reason, and the charger boots anew', async (t) => {
  const { central, clock, charge } = await site(t);
  await charge();
  t.same(await central.call('Reset', { type: 'Hard' }), { status: 'Accepted' });
  t.match((await central.seen('StopTransaction')).payload, { reason: 'HardReset' });
  clock.advance(SECOND_MS);
  await until('it is gone', () => {
    clock.advance(SECOND_MS);
    return central.count('BootNotification') === 2;
  });
});
