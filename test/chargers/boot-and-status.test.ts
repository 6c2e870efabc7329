// Catalogue of chargers: how they boot, what they are told, which statuses and connectors they speak of.
import t from 'tap';
import { startServer } from '../../src/ocpp/server.test-kit.ts';
import { OUTBOUND_GATE_TIMES } from '../../src/ocpp/ports.ts';
import { isChargePointAction, type ChargePointAction } from '../../src/ocpp/v16/messages.ts';
import { strictErrors } from '../../src/ocpp/v16/strict.ts';
import { createManualClock } from '../../src/runtime/manual-clock.ts';
import { Site } from '../kit/services.ts';
import { until } from '../kit/until.ts';
import { Charger, sessionsOf } from './charger.ts';
import { at, startLiveSite } from './live-site.ts';

const BOOT = { chargePointVendor: 'V', chargePointModel: 'M' };

void t.test('5: a boot of OCPP 2.x is accepted, read, and warned of once', async (t) => {
  const site = await startLiveSite(t);
  const line = await site.dial('/CP1');
  const chargingStation = { vendorName: 'EVBox', model: 'Livo', serialNumber: '1', firmwareVersion: '2.0' };
  const boot = { reason: 'PowerUp', chargingStation };
  for (let time = 0; time < 2; time += 1) {
    const answer = await line.call('BootNotification', boot);
    t.same(strictErrors('BootNotification', 'response', answer), []);
    t.match(answer, { status: 'Accepted' });
  }
  t.match(site.log(), /booted.*vendor=EVBox model=Livo/);
  t.equal(site.log().match(/WARN .*boots as OCPP 2\.x does.*1\.6J/g)?.length, 1);
});

void t.test('48: a charger that never boots charges like any other', async (t) => {
  const site = await startLiveSite(t);
  const line = await site.dial('/CP1');
  await line.call('StatusNotification', { connectorId: 1, status: 'Preparing', errorCode: 'NoError' });
  const id = await line.start();
  await line.stop(id, 3000, '11:30');
  t.equal(site.usedWh('A'), 2000);
});

void t.test(
  '49: a charger is asked nothing before its boot was answered and a while has passed',
  async (t) => {
    const clock = createManualClock();
    const s = await startServer(t, { clock, options: { outboundGate: OUTBOUND_GATE_TIMES } });
    const charger = await s.connect('/CP1');
    void s.server.call('CP1', 'ClearCache', {});
    clock.advance(OUTBOUND_GATE_TIMES.backstopMs - 1);
    charger.send(JSON.stringify([2, 'b', 'BootNotification', BOOT]));
    t.match(await charger.next(), [3, 'b', { status: 'Accepted' }], 'the first frame that it gets');
    clock.advance(OUTBOUND_GATE_TIMES.afterBootMs - 1);
    charger.send('[2,"h","Heartbeat",{}]');
    t.match(await charger.next(), [3, 'h'], 'and the second');
    clock.advance(1);
    t.match(await charger.next(), [2, String, 'ClearCache']);
  },
);

void t.test('50: a boot that is repeated changes nothing of the session', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: 1000 });
  for (let minute = 1; minute <= 30; minute += 1) {
    charger.wait(1);
    t.equal(charger.boot(BOOT), 'Accepted');
    charger.register(String(1000 + minute * 100), { transactionId });
  }
  t.match(charger.session(transactionId), { end: null, flags: [] });
  charger.stop({ transactionId, meterStop: 4000 });
  t.equal(site.used('A'), 3000);
  t.equal(sessionsOf(site).length, 1);
  t.end();
});

void t.test('51: a charger that nobody has heard of is accepted at once, never left pending', async (t) => {
  const site = await startLiveSite(t);
  const line = await site.dial('/UNHEARD-OF');
  const status = { connectorId: 1, status: 'Available', errorCode: 'NoError' };
  t.same(await line.call('StatusNotification', status), {}, 'also before its boot');
  t.match(await line.boot(), { status: 'Accepted', interval: 60 });
  const id = await line.start();
  await line.stop(id, 3000, '11:30');
  t.equal(site.usedWh('A'), 2000);
});

void t.test('52: a charger is told whole seconds, or a fraction where it is set so', async (t) => {
  const site = await startLiveSite(t, 'chargers:\n  settings:\n    WEBASTO*:\n      timeFormat: ms\n');
  for (const [id, currentTime] of [
    ['CP1', '2026-11-30T12:00:00Z'],
    ['WEBASTO1', '2026-11-30T12:00:00.000Z'],
  ] as const) {
    const line = await site.dial(`/${id}`);
    t.match(await line.boot(), { currentTime });
    t.match(await line.call('Heartbeat'), { currentTime });
  }
});

void t.test(
  '52: a charger that hangs up on the time twice in a row is told it in the other form',
  async (t) => {
    const site = await startLiveSite(t);
    // It hangs up at once, however long this process is stopped meanwhile.
    const begunMs = site.clock.monotonicMs();
    site.clock.monotonicMs = () => begunMs;
    for (let time = 1; time <= 2; time += 1) {
      const line = await site.dial('/CP1');
      t.match(await line.boot(), { currentTime: '2026-11-30T12:00:00Z' });
      line.socket.close();
      await until('it is gone', () => site.log().match(/charger disconnected/g)?.length === time);
    }
    const line = await site.dial('/CP1');
    t.match(await line.boot(), { currentTime: '2026-11-30T12:00:00.000Z' });
    t.match(await line.call('Heartbeat'), { currentTime: '2026-11-30T12:00:00.000Z' });
    t.match(site.log(), /hangs up when it is told the time.*timeFormat=ms/);
  },
);

void t.test('53: every answer of a charge has the members of the standard and no other', async (t) => {
  const site = await startLiveSite(t);
  const line = await site.dial('/CP1');
  const legal = async (action: ChargePointAction, payload: object) => {
    const answer = await line.call(action, { ...payload });
    t.same(strictErrors(action, 'response', answer), [], action);
    return answer;
  };
  await legal('BootNotification', BOOT);
  await legal('StatusNotification', { connectorId: 1, status: 'Preparing', errorCode: 'NoError' });
  t.same(await legal('Authorize', { idTag: 'A' }), { idTagInfo: { status: 'Accepted' } });
  t.same(await legal('Authorize', { idTag: 'NOBODY' }), { idTagInfo: { status: 'Invalid' } });
  const start = { connectorId: 1, idTag: 'A', meterStart: 1000, timestamp: at('11:00') };
  const { transactionId, ...rest } = await legal('StartTransaction', start);
  t.type(transactionId, 'number');
  t.same(rest, { idTagInfo: { status: 'Accepted' } });
  const meterValue = [{ timestamp: at('11:10'), sampledValue: [{ value: '2000' }] }];
  t.same(await legal('MeterValues', { connectorId: 1, transactionId, meterValue }), {});
  t.same(await legal('Heartbeat', {}), { currentTime: at('12:00') });
  const stop = { transactionId, meterStop: 3000, timestamp: at('11:30'), idTag: 'A' };
  t.same(await legal('StopTransaction', stop), {});
});

void t.test('54: a boot with empty, missing or odd members is accepted', async (t) => {
  const site = await startLiveSite(t);
  const line = await site.dial('/CP1');
  for (const boot of [
    {},
    { chargePointVendor: '', chargePointModel: 'M' },
    { ...BOOT, iccid: '', imsi: '', meterSerialNumber: '' },
    { ...BOOT, meterType: 'Internal NON compliant', firmwareVersion: '289/1.5.2.0' },
    { ...BOOT, chargePointSerialNumber: null, chargePointModel: 7 },
  ]) {
    t.match(await line.call('BootNotification', boot), { status: 'Accepted' }, JSON.stringify(boot));
  }
});

void t.test('55: nulls, the word null and members of another action are passed over', async (t) => {
  const site = await startLiveSite(t);
  const line = await site.dial('/CP1');
  const status = { connectorId: '1', status: 'Available', errorCode: 'NoError', timestamp: null };
  t.same(await line.call('StatusNotification', { ...status, info: 'null', vendorErrorCode: '0x0000' }), {});
  const authorized = await line.call('Authorize', { idTag: 'A', connectorId: 1, more: { of: [null] } });
  t.same(authorized, { idTagInfo: { status: 'Accepted' } });
  const id = await line.start({ reservationId: null });
  await line.call('StopTransaction', {
    transactionId: id,
    meterStop: 3000,
    timestamp: at('11:30'),
    reason: null,
  });
  t.equal(site.usedWh('A'), 2000);
});

void t.test(
  '56: a status without time, with an error or a word that nobody knows, is shown as it is',
  async (t) => {
    const site = await startLiveSite(t);
    const line = await site.dial('/CP1');
    for (const status of ['Occupied', 'INIT', 'Available']) {
      t.same(
        await line.call('StatusNotification', { connectorId: 1, status, errorCode: 'Error' }),
        {},
        status,
      );
      t.match(site.log(), new RegExp(`\\[STATUS\\] ${status}.*error=Error`));
    }
    t.same(await line.call('StatusNotification', { connectorId: 1, status: 'Charging' }), {});
  },
);

/** A register of 50 Wh more each minute on connector 0, as the main meter or a charger that counts from 0 sends it. */
function sampleConnector0(charger: Charger, fromWh: number, minutes: number): void {
  for (let minute = 1; minute <= minutes; minute += 1) {
    charger.wait(1);
    charger.register(String(fromWh + minute * 50), { connectorId: 0 });
  }
}

void t.test('57: on a charger with one connector, 0 is that connector', (t) => {
  for (const connector of [null, 1, 3]) {
    const site = new Site();
    const charger = new Charger(site);
    charger.status('Available', 0);
    if (connector !== null) charger.status('Preparing', connector);
    const { transactionId } = charger.start({ connectorId: 0, meterStart: 1000 });
    t.equal(charger.session(transactionId).connectorId, connector ?? 1);
    sampleConnector0(charger, 1000, 20);
    t.equal(site.used('A'), 1000, `connector ${connector}`);
    charger.wait(1);
    charger.start({ connectorId: 0, meterStart: 2000, idTag: 'B' });
    t.match(charger.session(transactionId).end, { evidence: 'nextStart' });
  }
  t.end();
});

void t.test('57: samples of a transaction on connector 0 are those of the only connector', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  charger.status('Charging', 3);
  charger.register('1000', { connectorId: 0, transactionId: 77 });
  charger.wait(5);
  charger.register('1400', { connectorId: 3 });
  t.match(sessionsOf(site), [{ connectorId: 3, transactionId: 77 }], 'one that kwota did not know');
  t.equal(site.used('UNKNOWN'), 400);
  t.end();
});

void t.test('57: a charger that begins on connector 1 has its main meter on 0', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  charger.status('Preparing', 1);
  charger.start({ connectorId: 0, meterStart: 500 });
  const { transactionId } = charger.start({ connectorId: 1, meterStart: 1000, idTag: 'B' });
  sampleConnector0(charger, 70_000, 20);
  charger.register('1500', { transactionId });
  t.same([site.used('A'), site.used('B')], [500, 500]);
  t.end();
});

void t.test('57: on a charger with several connectors, 0 is the main meter and bills nobody', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  charger.status('Preparing', 1);
  charger.status('Available', 2);
  const { transactionId } = charger.start({ connectorId: 0, meterStart: 1000 });
  sampleConnector0(charger, 70_000, 20);
  charger.register('1500', { transactionId });
  t.same([site.used('A'), site.used('UNKNOWN')], [500, 0]);
  t.equal(sessionsOf(site).length, 1);
  t.end();
});

void t.test('57: connectors that only their sessions tell of are several as well', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const first = charger.start({ connectorId: 1, meterStart: 1000 });
  const second = charger.start({ connectorId: 2, meterStart: 5000, idTag: 'B' });
  const third = charger.start({ connectorId: 0, meterStart: 0, idTag: 'C' });
  t.match(charger.session(third.transactionId), { connectorId: 0 });
  t.match(charger.session(first.transactionId), { end: null }, 'it begins on neither');
  sampleConnector0(charger, 70_000, 20);
  charger.register('1500', first);
  charger.register('5700', { connectorId: 2, transactionId: second.transactionId });
  t.same([site.used('A'), site.used('B')], [500, 700]);
  t.end();
});

void t.test('58: no status ends a session while its samples come', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: 0 });
  const lies = ['Available', 'Unavailable', 'Finishing', 'Available', 'Faulted', 'Reserved', 'Available'];
  for (const [index, status] of lies.entries()) {
    charger.status(status);
    for (let part = 1; part <= 4; part += 1) {
      charger.wait(5);
      charger.register(String((index * 4 + part) * 100), { transactionId });
      site.services.sessions.endAbandoned(site.clock.now());
    }
  }
  t.equal(charger.session(transactionId).end, null);
  charger.stop({ transactionId, meterStop: 3000 });
  t.equal(site.used('A'), 3000);
  t.end();
});

void t.test('58: a session that a free connector has ended goes on when its samples do', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: 0 });
  charger.wait(10);
  charger.register('1000', { transactionId });
  charger.status('Available');
  charger.wait(11);
  site.services.sessions.endAbandoned(site.clock.now());
  t.match(charger.session(transactionId).end, { reason: 'connectorFree' });
  charger.register('2000', { transactionId });
  t.equal(charger.session(transactionId).end, null);
  t.equal(site.used('A'), 2000);
  t.end();
});

void t.test('59: what firmware, logs and security tell at boot is taken, also before the boot', async (t) => {
  const site = await startLiveSite(t);
  const line = await site.dial('/CP1');
  const told: readonly (readonly [string, object, object])[] = [
    ['FirmwareStatusNotification', { status: 'Installed' }, {}],
    ['DiagnosticsStatusNotification', { status: 'Idle' }, {}],
    ['LogStatusNotification', { status: 'Idle' }, {}],
    ['SignedFirmwareStatusNotification', { status: 'Idle' }, {}],
    ['SecurityEventNotification', { type: 'StartupOfTheDevice', timestamp: at('12:00') }, {}],
    ['SignCertificate', { csr: 'x' }, { status: 'Rejected' }],
  ];
  for (const [action, payload, expected] of told) {
    t.ok(isChargePointAction(action));
    t.same(await line.call(action, { ...payload }), expected, action);
  }
  t.match(await line.boot(), { status: 'Accepted' });
});
