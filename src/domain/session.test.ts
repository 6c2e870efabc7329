// Sessions and chargers as records: booking, ending, and which connector says most.
import t from 'tap';
import { busiestConnector, newChargePoint } from './charge-point.ts';
import { kWhOf, subtractEnergy, totalWh, whOf } from './energy.ts';
import { sampleSession } from './sample.fixture.ts';
import { MAX_POWER_W } from './energy-account.ts';
import { bookSample, endSession, isRunning, reopenSession } from './session.ts';
import { createSiteCalendar } from './site-calendar.ts';

const NOON_MS = Date.UTC(2026, 10, 30, 12);
const meter = { calendar: createSiteCalendar('UTC', 1), maxPowerW: MAX_POWER_W };

void t.test('booking returns the same session when the reading tells nothing new', (t) => {
  const session = sampleSession(1);
  const atMs = session.startedMs;
  const first = bookSample(session, { wh: 1000, atMs }, meter);
  t.equal(bookSample(first, { wh: 1000, atMs }, meter), first);
  const booked = bookSample(first, { wh: 1100, atMs: atMs + 60_000 }, meter);
  t.equal(totalWh(booked.energyByDay), 100);
  t.equal(totalWh(session.energyByDay), 0, 'the earlier version is as it was');
  t.end();
});

void t.test('an end counts meterStop where there is one, and asks for no stop any more', (t) => {
  const stop = { reason: 'blocked', sinceMs: 0, climbed: 2 } as const;
  const session = sampleSession(1, { stop });
  const end = { atMs: session.startedMs + 60_000, evidence: 'meterStop', reason: 'Local' } as const;
  const register = { wh: 1500, atMs: end.atMs };
  const ended = endSession(session, { ...end, register }, meter);
  t.match(ended, { stop: null, end: { register } });
  t.equal(totalWh(ended.energyByDay), 500);
  t.notOk(isRunning(ended));
  t.ok(isRunning(session));
  t.equal(totalWh(endSession(session, { ...end, register: null }, meter).energyByDay), 0);
  t.end();
});

void t.test(
  'why kwota wanted the end is kept with it, through late truth, and gone when the session runs on',
  (t) => {
    const stop = { reason: 'operator', sinceMs: NOON_MS, climbed: 2, by: 'Ada' } as const;
    const lost = {
      atMs: NOON_MS,
      evidence: 'lastSample',
      register: null,
      reason: 'connectorFree',
    } as const;
    const told = { ...lost, evidence: 'meterStop', register: { wh: 1_500, atMs: NOON_MS } } as const;
    const wanted = { reason: 'operator', by: 'Ada' };
    const ended = endSession(sampleSession(1, { stop }), lost, meter);
    t.same(ended.wanted, wanted);
    t.same(endSession(ended, told, meter).wanted, wanted);
    t.notOk('wanted' in reopenSession(ended, meter));
    t.notOk('wanted' in endSession(sampleSession(1), lost, meter), 'nobody asked');
    t.end();
  },
);

void t.test('the busiest connector speaks for the charger; 0 only when there is no other', (t) => {
  const of = (...statuses: readonly (readonly [number, string])[]) => {
    const connectors = Object.fromEntries(
      statuses.map(([id, status]) => [id, { status, errorCode: 'NoError', sinceMs: 0 }]),
    );
    return busiestConnector({ ...newChargePoint('CP1', 0), connectors });
  };
  t.equal(of(), null);
  t.same(of([0, 'Available']), { connectorId: 0, status: 'Available' });
  t.same(of([0, 'Charging'], [1, 'Available']), { connectorId: 1, status: 'Available' });
  t.same(of([1, 'Available'], [2, 'Charging'], [3, 'Preparing']), { connectorId: 2, status: 'Charging' });
  t.same(of([1, 'Finishing'], [2, 'Faulted']), { connectorId: 1, status: 'Finishing' });
  t.same(of([1, 'VendorSpecial'], [2, 'Available']), { connectorId: 2, status: 'Available' });
  t.same(of([0, 'Charging'], [1, 'VendorSpecial']), { connectorId: 1, status: 'VendorSpecial' });
  t.end();
});

void t.test('energy is whole Wh inside and kWh at the edges', (t) => {
  t.equal(whOf(85.5), 85_500);
  t.equal(whOf(0.1 + 0.2), 300);
  t.equal(whOf(0.0004), 0);
  t.equal(kWhOf(18_411), 18.411);
  t.same(subtractEnergy({ a: 5, b: 7 }, { a: 5, b: 2 }), { b: 5 }, 'days that come to nothing are left out');
  t.end();
});
