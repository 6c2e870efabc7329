// Catalogue of chargers, timestamps: late, absurd, in another zone or another spelling, and the month that energy is booked to.
import t from 'tap';
import { Site } from '../kit/services.ts';
import { Charger, sessionsOf } from './charger.ts';

function usedIn(site: Site, month: string, idTag = 'A'): number {
  return site.services.journal.live.usedWh(month, idTag);
}

/** MeterValues whose only sample says when it was taken. */
function sampleAt(charger: Charger, transactionId: number, timestamp: unknown, value: string): void {
  charger.meterValues({
    connectorId: 1,
    transactionId,
    meterValue: [{ timestamp, sampledValue: [{ value }] }],
  });
}

void t.test('78: a queue that comes hours late is booked to the month in which the energy flowed', (t) => {
  const site = new Site({ now: '2026-12-01T06:00:00Z' });
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: 0, timestamp: '2026-11-30T22:00:00Z' });
  sampleAt(charger, transactionId, '2026-11-30T23:00:00Z', '2000');
  sampleAt(charger, transactionId, '2026-12-01T01:00:00Z', '6000');
  charger.stop({ transactionId, meterStop: 6500, timestamp: '2026-12-01T01:30:00Z' });
  t.same(
    [usedIn(site, '2026-11'), usedIn(site, '2026-12')],
    [4000, 2500],
    'the hours around midnight shared',
  );
  t.end();
});

void t.test(
  '78: a backlog of years is booked to its own months, and delivered again changes nothing',
  (t) => {
    const site = new Site();
    const charger = new Charger(site);
    const deliver = () => {
      const { transactionId } = charger.start({ meterStart: 100, timestamp: '2022-03-05T10:00:00Z' });
      sampleAt(charger, transactionId, '2022-03-05T11:00:00Z', '3100');
      charger.stop({ transactionId, meterStop: 3200, timestamp: '2022-03-05T11:10:00Z' });
    };
    deliver();
    deliver();
    t.same([usedIn(site, '2022-03'), usedIn(site, '2026-11')], [3100, 0]);
    t.equal(sessionsOf(site).length, 1);
    t.end();
  },
);

void t.test('79: with a clock in 1970 the time of arrival counts, in the order of arrival', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: 500, timestamp: '1970-01-01T00:00:12Z' });
  charger.wait(10);
  sampleAt(charger, transactionId, '1970-01-01T00:10:12Z', '1500');
  charger.wait(10);
  sampleAt(charger, transactionId, '1970-01-01T00:20:12Z', '2500');
  charger.stop({ transactionId, meterStop: 2600, timestamp: '1970-01-01T00:21:00Z' });
  t.same([usedIn(site, '2026-11'), usedIn(site, '1970-01')], [2100, 0]);
  t.equal(charger.session(transactionId).end?.atMs, site.clock.now());
  t.end();
});

void t.test(
  '79: a clock that is set in the middle of a session loses no energy and counts none twice',
  (t) => {
    const site = new Site();
    const charger = new Charger(site);
    const { transactionId } = charger.start({ meterStart: 500, timestamp: '1970-01-01T00:00:12Z' });
    charger.wait(10);
    sampleAt(charger, transactionId, '1970-01-01T00:10:12Z', '1500');
    charger.wait(1);
    sampleAt(charger, transactionId, charger.now(), '1600');
    charger.wait(1);
    charger.stop({ transactionId, meterStop: 1700 });
    t.equal(site.used('A'), 1200);
    t.end();
  },
);

void t.test('80: a time without a zone is UTC, whatever the zone of the server', (t) => {
  const site = new Site({ now: '2026-11-30T23:30:00Z' });
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: 0, timestamp: '2026-11-30T23:30:00' });
  charger.wait(20);
  sampleAt(charger, transactionId, '2026-11-30 23:50:00', '900');
  charger.wait(40);
  sampleAt(charger, transactionId, '2026-12-01T00:30:00', '1300');
  t.same([usedIn(site, '2026-11'), usedIn(site, '2026-12')], [1000, 300]);
  t.end();
});

void t.test('80: local time labelled Z is corrected once live messages have shown how far it is off', (t) => {
  const site = new Site({ now: '2026-11-30T12:00:00Z' });
  const charger = new Charger(site);
  const HOURS_BEHIND = 5;
  const local = () => new Date(site.clock.now() - HOURS_BEHIND * 3_600_000).toISOString();
  const first = charger.start({ meterStart: 0, timestamp: local() });
  for (let told = 1; told <= 12; told += 1) {
    charger.wait(3);
    sampleAt(charger, first.transactionId, local(), String(told === 12 ? 400 : told * 30));
  }
  charger.stop({ transactionId: first.transactionId, meterStop: 400, timestamp: local() });
  // Half past midnight of the 1st: by its clock it is still the 30th.
  charger.wait(12 * 60 - 6);
  const second = charger.start({ meterStart: 400, timestamp: local() });
  charger.wait(10);
  sampleAt(charger, second.transactionId, local(), '1400');
  charger.stop({ transactionId: second.transactionId, meterStop: 1500, timestamp: local() });
  t.same([usedIn(site, '2026-11'), usedIn(site, '2026-12')], [400, 1100]);
  t.end();
});

void t.test('81: offsets and fractions in any spelling are the same moment', (t) => {
  for (const timestamp of [
    '2026-12-01T10:10:00+10:00',
    '2026-12-01T02:10:00+02',
    '2026-12-01T03:10:00+0300',
    '2026-11-30T19:10:00-05:00',
    '2026-12-01T00:10:00.301252',
    '2026-12-01T00:10:00.123456789Z',
    '2026-12-01T00:10:00 Z',
    '2026-12-01 00:10:00Z',
    '2026-12-01T0:10:0Z',
    '2026-12-01T00:09:60Z',
  ]) {
    const site = new Site({ now: '2026-12-01T03:00:00Z' });
    const charger = new Charger(site);
    const { transactionId } = charger.start({ meterStart: 0, timestamp: '2026-11-30T23:50:00Z' });
    sampleAt(charger, transactionId, timestamp, '1000');
    t.same([usedIn(site, '2026-11'), usedIn(site, '2026-12')], [500, 500], timestamp);
  }
  t.end();
});

void t.test('81: a timestamp that nobody can read is the time of arrival, and its energy counts', (t) => {
  for (const timestamp of ['', 'yesterday', '2026-13-45T99:00:00Z', null, {}, '12/01/2026 00:10']) {
    const site = new Site({ now: '2026-11-30T23:50:00Z' });
    const charger = new Charger(site);
    const { transactionId } = charger.start({ meterStart: 0, timestamp });
    charger.wait(20);
    sampleAt(charger, transactionId, timestamp, '1000');
    t.same([usedIn(site, '2026-11'), usedIn(site, '2026-12')], [500, 500], JSON.stringify(timestamp));
    charger.stop({ transactionId, meterStop: 1100, timestamp });
    t.equal(site.used('A'), 600);
  }
  t.end();
});

void t.test('82: a clock that runs months ahead books to the month of arrival', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const { transactionId } = charger.start({ meterStart: 0, timestamp: '2027-06-01T12:00:00Z' });
  charger.wait(30);
  sampleAt(charger, transactionId, '2027-06-01T12:30:00Z', '3000');
  charger.stop({ transactionId, meterStop: 3100, timestamp: '2027-06-01T12:30:00Z' });
  t.same([usedIn(site, '2026-11'), usedIn(site, '2027-06')], [3100, 0]);
  t.end();
});
