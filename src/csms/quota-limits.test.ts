// Sessions that charge on under a limit: when it is set, renewed, lifted and cleared, and what happens where a charger refuses it.
import t from 'tap';
import { sampleEntry, sampleUser } from '../domain/sample.fixture.ts';
import { answered, Site, type SiteOptions } from '../../test/kit/services.ts';
import type { Requests } from './remote.ts';

const A = sampleUser('A', { quotaWh: 5000 });
const MAX_POWER_W = 11_000;

type Profile = Requests['SetChargingProfile']['csChargingProfiles'];

function siteOf(enforcement: NonNullable<SiteOptions['enforcement']>, options: SiteOptions = {}): Site {
  const site = new Site({ users: [A], maxPowerW: MAX_POWER_W, enforcement, ...options });
  for (const id of ['CP1', 'CP2']) site.services.chargePoints.connected(id);
  return site;
}

function profilesOf(site: Site): Profile[] {
  return site.calls.flatMap(({ action, payload }) =>
    action === 'SetChargingProfile' ? [(payload as Requests['SetChargingProfile']).csChargingProfiles] : [],
  );
}

/** Each CALL in short: a profile by its limits, as `A 6` or `W 11000 for 600 s, 0`. */
function callsOf(site: Site): string[] {
  return site.calls.map(({ action, payload }) => {
    if (action !== 'SetChargingProfile') return action;
    const { chargingSchedule: schedule } = (payload as Requests['SetChargingProfile']).csChargingProfiles;
    const [first, second] = schedule.chargingSchedulePeriod;
    const then = second ? ` for ${second.startPeriod} s, ${second.limit}` : '';
    return `${schedule.chargingRateUnit} ${first?.limit}${then}`;
  });
}

/** So many minutes with a sample a minute, from and to so much energy. */
async function charge(site: Site, id: number, fromWh: number, toWh: number, minutes: number): Promise<void> {
  for (let minute = 1; minute <= minutes; minute += 1) {
    await site.pass(60);
    site.meter(id, Math.round(fromWh + ((toWh - fromWh) * minute) / minutes));
    await site.settle();
  }
}

void t.test('throttle: a used-up quota leaves the least current, and no stop', async (t) => {
  const site = siteOf({ onExhausted: 'throttle' });
  const id = site.start();
  await charge(site, id, 0, 5000, 30);
  t.same(callsOf(site), ['A 6']);
  t.match(profilesOf(site)[0], { transactionId: id, chargingProfilePurpose: 'TxProfile' });
  await charge(site, id, 5000, 5300, 5);
  t.same(callsOf(site), ['A 6'], 'said once');
  t.equal(site.session(id).stop, null);
  site.stop(id, 5300);
  await site.pass(2);
  t.same(callsOf(site).slice(1), ['ClearChargingProfile']);
  site.services.enforcer.close();
});

void t.test('throttle: what only takes watts gets watts, of one phase where there is one', async (t) => {
  for (const [maxPowerW, watts] of [
    [11_000, 4140],
    [7_400, 1380],
  ] as const) {
    const site = siteOf({ onExhausted: 'throttle' }, { maxPowerW });
    site.answer = (_, payload) => answered(JSON.stringify(payload).includes('"A"') ? 'Rejected' : 'Accepted');
    const id = site.start();
    await charge(site, id, 0, 5000, 60);
    t.same(callsOf(site), ['A 6', `W ${watts}`]);
    site.services.enforcer.close();
  }
});

void t.test('throttle: where it is refused in all forms, the session is stopped', async (t) => {
  for (const answer of [
    () => answered('Rejected'),
    () => Promise.resolve({ kind: 'error', code: 'PropertyConstraintViolation', description: '' } as const),
  ]) {
    const site = siteOf({ onExhausted: 'throttle' });
    site.answer = (action) => (action === 'SetChargingProfile' ? answer() : answered('Accepted'));
    const id = site.start();
    await charge(site, id, 0, 5000, 30);
    await site.pass(1);
    t.same(callsOf(site), ['A 6', 'W 4140', 'A 6', 'W 4140', 'RemoteStopTransaction']);
    t.same([...new Set(profilesOf(site).map(({ stackLevel }) => stackLevel))], [1, 0]);
    site.services.enforcer.close();
  }
});

void t.test('throttle: without an answer it is tried with the next samples, then stopped', async (t) => {
  const site = siteOf({ onExhausted: 'throttle' });
  site.answer = (action) =>
    action === 'SetChargingProfile' ? Promise.resolve({ kind: 'timeout' }) : answered('Accepted');
  const id = site.start();
  await charge(site, id, 0, 5000, 30);
  await charge(site, id, 5000, 5100, 2);
  await site.pass(1);
  t.same(callsOf(site), ['A 6', 'A 6', 'A 6', 'RemoteStopTransaction']);
  site.services.enforcer.close();
});

void t.test(
  'throttle: a charger that was away is throttled when it is back, and after it was away',
  async (t) => {
    const site = siteOf({ onExhausted: 'throttle' });
    const id = site.start();
    site.connected.delete('CP1');
    await charge(site, id, 0, 5000, 30);
    t.same(callsOf(site), []);
    for (const times of [1, 2]) {
      site.connected.add('CP1');
      site.services.enforcer.reviewChargePoint('CP1');
      await site.settle();
      t.equal(callsOf(site).length, times, 'it may have restarted, and forgotten');
      site.connected.delete('CP1');
    }
    site.services.enforcer.close();
  },
);

void t.test('throttle: after a restart of kwota it is set once more, and lifted by a grant', async (t) => {
  const site = siteOf({ onExhausted: 'throttle' });
  const id = site.start();
  await charge(site, id, 0, 5000, 30);
  site.restart();
  await site.settle();
  t.same(callsOf(site), ['A 6', 'A 6']);
  site.services.journal.putEntry(sampleEntry('g', { type: 'grant', wh: 2000 }));
  site.services.enforcer.reviewAll();
  await site.pass(1);
  t.same(callsOf(site).slice(2), ['ClearChargingProfile']);
  t.equal(site.session(id).limit, undefined);
  await charge(site, id, 5000, 7000, 12);
  t.same(callsOf(site).slice(3), ['A 6'], 'until that is used up as well');
  site.services.enforcer.close();
});

void t.test('throttle: a new month lifts it', async (t) => {
  const site = siteOf({ onExhausted: 'throttle' }, { now: '2026-11-30T23:20:00Z' });
  const id = site.start();
  await charge(site, id, 0, 5000, 30);
  await site.pass(600);
  site.services.enforcer.reviewAll();
  await site.pass(1);
  t.same(callsOf(site), ['A 6', 'ClearChargingProfile']);
  site.services.enforcer.close();
});

void t.test('throttle: that it flows more slowly then does not lift a forecast one', async (t) => {
  const site = siteOf({ onExhausted: 'throttle', isPredictive: true });
  const id = site.start();
  await charge(site, id, 0, 4950, 27);
  await site.pass(30);
  t.equal(callsOf(site).filter((call) => call === 'A 6').length, 1, 'ahead of the sample');
  await charge(site, id, 4960, 4999, 5);
  const sent = callsOf(site).filter((call) => call !== 'TriggerMessage');
  t.same(sent, ['A 6']);
  site.services.enforcer.close();
});

void t.test('warn: nothing is sent, guarded or not', async (t) => {
  for (const isGuarded of [false, true]) {
    const site = siteOf({ onExhausted: 'warn', isGuarded });
    const id = site.start();
    await charge(site, id, 0, 6000, 33);
    t.same(callsOf(site), []);
    t.equal(site.session(id).stop, null);
    site.services.enforcer.close();
  }
});

void t.test('guard: full power until the quota would end at full power, then none', async (t) => {
  const site = siteOf({ isGuarded: true });
  const id = site.start();
  await site.settle();
  t.same(callsOf(site), ['W 11000 for 1636 s, 0'], '5 kWh at 11 kW');
  t.match(profilesOf(site)[0], {
    transactionId: id,
    chargingProfileKind: 'Absolute',
    chargingSchedule: { startSchedule: '2026-11-30T12:00:00.000Z' },
  });
  await charge(site, id, 0, 1000, 9);
  t.equal(site.calls.length, 1, 'not for ten minutes');
  await charge(site, id, 1000, 1100, 1);
  t.same(callsOf(site).slice(1), ['W 11000 for 1276 s, 0'], '3.9 kWh');
  site.stop(id, 1200);
  await site.pass(1);
  t.same(callsOf(site).slice(2), ['ClearChargingProfile']);
  site.services.enforcer.close();
});

void t.test('guard: it is not set where it is off, or where the power is not known', async (t) => {
  for (const site of [siteOf({ isGuarded: false }), siteOf({ isGuarded: true }, { maxPowerW: 400_000 })]) {
    site.start();
    await site.pass(2);
    t.same(callsOf(site), []);
    site.services.enforcer.close();
  }
});

void t.test('guard: in amperes it is the current of the phases there are', async (t) => {
  for (const [maxPowerW, amperes] of [
    [11_000, 16],
    [7_400, 33],
  ] as const) {
    const site = siteOf({ isGuarded: true }, { maxPowerW });
    site.answer = (_, payload) => answered(JSON.stringify(payload).includes('"W"') ? 'Rejected' : 'Accepted');
    site.start();
    await site.settle();
    t.match(callsOf(site)[1], new RegExp(`^A ${amperes} for`));
    site.services.enforcer.close();
  }
});

void t.test('guard: a charge slower than full power is not cut before its quota ends', async (t) => {
  const site = siteOf({ isGuarded: true });
  const id = site.start();
  await site.settle();
  let cutMs = 0;
  let cuts = 0;
  for (let wh = 0; wh < 4950; wh += 60) {
    const { chargingSchedule } = profilesOf(site).at(-1) ?? {};
    const startMs = Date.parse(chargingSchedule?.startSchedule ?? '');
    cutMs = startMs + (chargingSchedule?.chargingSchedulePeriod[1]?.startPeriod ?? 0) * 1000;
    await charge(site, id, wh, wh + 60, 1);
    if (cutMs <= site.clock.now()) cuts += 1;
  }
  t.equal(cuts, 0);
  t.ok(profilesOf(site).length < 25, `${profilesOf(site).length} profiles in 83 minutes`);
  t.ok(cutMs - site.clock.now() <= 180_000, 'and near the end it holds tightly');
  site.services.enforcer.close();
});

void t.test('guard: while nothing flows it is renewed every ten minutes at most', async (t) => {
  const site = siteOf({ isGuarded: true }, { users: [sampleUser('A', { quotaWh: 300 })] });
  const id = site.start();
  await charge(site, id, 0, 0, 60);
  t.ok(profilesOf(site).length <= 7, String(profilesOf(site).length));
  site.services.enforcer.close();
});

void t.test('guard: sessions of one account share what is left', async (t) => {
  const site = siteOf({ isGuarded: true });
  site.start();
  await site.settle();
  const second = site.start({ chargePointId: 'CP2' });
  await site.settle();
  t.same(callsOf(site), ['W 11000 for 1636 s, 0', 'W 11000 for 818 s, 0', 'W 11000 for 818 s, 0']);
  site.stop(second, 0, { chargePointId: 'CP2' });
  await site.pass(1);
  t.same(
    site.calls.slice(3).map(({ chargePointId, action }) => `${chargePointId} ${action}`),
    ['CP2 ClearChargingProfile'],
  );
  site.services.enforcer.close();
});

void t.test('guard: two connectors of one charger have a profile each', async (t) => {
  const site = siteOf({ isGuarded: true }, { users: [A, sampleUser('B')] });
  site.start();
  site.start({ connectorId: 2, idTag: 'B' });
  await site.settle();
  const ids = profilesOf(site).map(({ chargingProfileId }) => chargingProfileId);
  t.equal(new Set(ids).size, 2);
  site.services.enforcer.close();
});

void t.test('guard: a grant renews it, an unlimited card is rid of it', async (t) => {
  const site = siteOf({ isGuarded: true });
  const id = site.start();
  await site.settle();
  site.services.journal.putEntry(sampleEntry('g', { type: 'grant', wh: 6000 }));
  site.services.enforcer.reviewAll();
  await site.settle();
  t.same(callsOf(site).slice(1), ['W 11000 for 3600 s, 0']);
  site.putUsers(sampleUser('A', { isUnlimited: true }));
  await site.pass(1);
  t.same(callsOf(site).slice(2), ['ClearChargingProfile']);
  t.equal(site.session(id).limit, undefined);
  site.services.enforcer.close();
});

void t.test('guard: the ladder takes its place; a grant sets it anew in place of 0 A', async (t) => {
  const site = siteOf({ isGuarded: true });
  const id = site.start();
  await charge(site, id, 0, 5000, 30);
  const before = site.calls.length;
  await site.pass(100);
  t.same(callsOf(site).slice(before - 1), [
    'RemoteStopTransaction',
    'RemoteStopTransaction',
    'RemoteStopTransaction',
    'A 0',
  ]);
  site.services.journal.putEntry(sampleEntry('g', { type: 'grant', wh: 5000 }));
  site.services.enforcer.reviewAll();
  await site.pass(1);
  t.equal(callsOf(site).at(-1), 'W 11000 for 1636 s, 0');
  site.services.enforcer.close();
});

void t.test('guard: refused in all forms it is not tried again in this session', async (t) => {
  const site = siteOf({ isGuarded: true });
  site.answer = () => answered('NotSupported');
  const id = site.start();
  await charge(site, id, 0, 2000, 25);
  t.equal(profilesOf(site).length, 4);
  site.services.enforcer.close();
});

void t.test('guard: a charger whose clock is off is told by its own clock', async (t) => {
  const site = siteOf({ isGuarded: true });
  const { journal } = site.services;
  const chargePoint = journal.live.chargePoint('CP1');
  if (chargePoint) journal.putChargePoint({ ...chargePoint, clockSkewMs: 3 * 3_600_000 });
  site.start();
  await site.settle();
  t.equal(profilesOf(site)[0]?.chargingSchedule.startSchedule, '2026-11-30T15:00:00.000Z');
  site.services.enforcer.close();
});

void t.test('guard: what was used up while the connection was lost is stopped when it is back', async (t) => {
  const site = siteOf({ isGuarded: true });
  const id = site.start();
  await charge(site, id, 0, 4000, 20);
  site.connected.delete('CP1');
  site.services.chargePoints.disconnected('CP1');
  await site.pass(600);
  t.same(site.stops, []);
  site.connected.add('CP1');
  site.services.chargePoints.connected('CP1');
  site.services.enforcer.reviewChargePoint('CP1');
  site.meter(id, 5000);
  await site.settle();
  t.match(site.stops, [{ transactionId: id }]);
  site.services.enforcer.close();
});
