// Catalogue of chargers, Schneider Electric: whole Wh of a lifetime register, no boot after a reconnect, a tail after the last sample.
import t from 'tap';
import { sampleUser } from '../../src/domain/sample.fixture.ts';
import { Site } from '../kit/services.ts';
import { Charger, sessionsOf } from './charger.ts';

const ID = 'SCHNEIDER/EVlinkProAC';
const MAX_INT32 = 2_147_483_647;

/** One register sample a minute and nothing else. */
function sample(charger: Charger, transactionId: number, wh: number): void {
  const measurand = 'Energy.Active.Import.Register';
  charger.samples([{ value: String(wh), context: 'Sample.Periodic', measurand, unit: 'Wh' }], {
    transactionId,
  });
}

void t.test('E3: serial numbers longer than the standard allows are no reason to refuse a boot', (t) => {
  const site = new Site();
  const charger = new Charger(site, ID);
  const payload = {
    chargePointVendor: 'Schneider Electric',
    chargePointModel: 'EVlink Smart Wallbox',
    chargePointSerialNumber: '3N170000000000000000000001',
    chargeBoxSerialNumber: 'EVB1A22P4RI3N17000000000000000001',
    firmwareVersion: '3.3.0.12',
  };
  t.equal(charger.boot(payload), 'Accepted');
  t.match(site.services.journal.live.chargePoint(ID), {
    vendor: 'Schneider Electric',
    serialNumber: payload.chargePointSerialNumber,
  });
  t.end();
});

void t.test('E4: after a restart of the server samples are booked without a boot', async (t) => {
  const site = new Site();
  const charger = new Charger(site, ID);
  const { transactionId } = charger.start({ meterStart: 788_667 });
  charger.wait(1);
  sample(charger, transactionId, 788_787);
  await site.settle();
  site.restart();
  charger.wait(30);
  charger.status('Charging');
  sample(charger, transactionId, 792_387);
  t.equal(site.used('A'), 3720);
  t.match(charger.session(transactionId), { end: null });
});

void t.test('E5: a lifetime register in Wh, sampled each minute without power, is booked to the Wh', (t) => {
  const site = new Site({ users: [sampleUser('A', { quotaWh: 50_000 })] });
  const charger = new Charger(site, ID);
  charger.status('Charging');
  const { transactionId } = charger.start({ meterStart: 788_667 });
  for (let minute = 1; minute <= 60; minute += 1) {
    charger.wait(1);
    sample(charger, transactionId, 788_667 + minute * 121);
  }
  t.equal(site.used('A'), 7260);
  t.match(charger.session(transactionId), { suspectedUnit: null, flags: [] });
  t.end();
});

void t.test(
  'E6: the tail after the last sample comes from meterStop, or else from the next meterStart',
  (t) => {
    const site = new Site();
    const charger = new Charger(site, ID);
    const first = charger.start({ meterStart: 800_000 });
    charger.wait(10);
    sample(charger, first.transactionId, 801_200);
    charger.wait(1);
    charger.stop({ ...first, meterStop: 801_289 });
    t.equal(site.used('A'), 1289);
    charger.wait(60);
    const second = charger.start({ meterStart: 801_289 });
    charger.wait(10);
    sample(charger, second.transactionId, 802_000);
    charger.wait(60);
    charger.start({ idTag: 'B', meterStart: 803_108 });
    t.match(charger.session(second.transactionId).end, { evidence: 'nextStart' });
    t.same([site.used('A'), site.used('B')], [3108, 0], 'also what flowed while nobody listened');
    t.end();
  },
);

void t.test('E7: transaction ids fit a signed int32, are never 0 and never given twice', async (t) => {
  const site = new Site();
  const charger = new Charger(site, ID);
  const given: number[] = [];
  for (let count = 0; count < 5; count += 1) {
    charger.wait(1);
    given.push(charger.start().transactionId);
    await site.settle();
    if (count === 2) site.restart();
  }
  t.ok(given.every((id) => Number.isInteger(id) && id > 0 && id <= MAX_INT32));
  t.equal(new Set(given).size, given.length);
});

void t.test('E10: a charge that the charger let through while offline is booked on its card', (t) => {
  const site = new Site({ now: '2026-12-02T08:00:00Z', users: [sampleUser('A', { quotaWh: 1000 })] });
  const charger = new Charger(site, ID);
  const known = charger.start({ meterStart: 0, timestamp: '2026-11-30T18:00:00Z' });
  charger.stop({ ...known, meterStop: 5000, timestamp: '2026-11-30T20:00:00Z' });
  const stranger = charger.start({ idTag: '07AA', meterStart: 5000, timestamp: '2026-12-01T18:00:00Z' });
  charger.stop({ transactionId: stranger.transactionId, meterStop: 9000, timestamp: '2026-12-01T20:00:00Z' });
  const { live } = site.services.journal;
  t.same([live.usedWh('2026-11', 'A'), live.usedWh('2026-12', 'A')], [5000, 0], 'in the month of its charge');
  t.equal(stranger.status, 'Invalid');
  t.equal(live.usedWh('2026-12', '07AA'), 4000);
  t.end();
});

void t.test('E16: a car that is full, and a status of an older OCPP, leave the session open', (t) => {
  const site = new Site({ now: '2026-11-20T08:00:00Z' });
  const charger = new Charger(site, ID);
  const { transactionId } = charger.start({ meterStart: 0, idTag: '0700001B0BFA68' });
  charger.wait(60);
  sample(charger, transactionId, 6000);
  for (const status of ['SuspendedEV', 'Occupied', 'SuspendedEV']) {
    charger.status(status);
    charger.wait(6 * 60);
    site.services.sessions.endAbandoned(site.clock.now());
  }
  t.equal(charger.session(transactionId).end, null);
  sample(charger, transactionId, 6050);
  charger.stop({ transactionId, meterStop: 6060 });
  t.equal(site.used('0700001B0BFA68'), 6060);
  t.equal(sessionsOf(site).length, 1);
  t.end();
});
