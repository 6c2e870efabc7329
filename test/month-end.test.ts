// The month in which energy flowed gets it, to the Wh: sessions over midnight of the turn, across daylight saving, and long after the fact.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { begin, createServices, putUsersInForce } from '../src/csms/services.ts';
import { createSiteCalendar } from '../src/domain/site-calendar.ts';
import { silentLog } from '../src/runtime/log.ts';
import { createMemoryStore } from '../src/store/memory.ts';
import { ChargePoint, registerSample } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { readJson, readUsage, whByDay } from './kit/data-folder.ts';
import { startKwotaInProcess } from './kit/kwota-in-process.ts';
import { startKwota } from './kit/kwota-process.ts';
import { createSettableClock } from './kit/settable-clock.ts';
import { readRunningStore } from './kit/stored-truth.ts';
import { PLAIN_ENFORCEMENT } from './kit/services.ts';
import { until } from './kit/until.ts';

const CHARGE_POINT = 'CP1';
const TAG = 'TAG1';

/** The services of a site on a store in memory, and one charger that speaks to them. */
function siteAt(timeZone: string, resetDay: number, now: string) {
  const clock = createSettableClock(now);
  const calendar = createSiteCalendar(timeZone, resetDay);
  const services = createServices({
    store: createMemoryStore(),
    loaded: { records: [], readings: [], readingIds: [] },
    calendar,
    rules: { acceptsUnknownTags: true, allowsConcurrentSessions: true },
    enforcement: PLAIN_ENFORCEMENT,
    admission: { unknown: 'accept', maxKnown: 1000, configuredIds: new Map() },
    idTagMatch: 'exact',
    meterSettingsOf: () => ({ energyUnit: 'auto', startStopUnit: 'auto', maxPowerW: 400_000 }),
    remote: { isConnected: () => false, call: () => Promise.resolve({ kind: 'offline' }) },
    clock,
    log: silentLog,
  });
  begin(services, {}, calendar, clock.now(), silentLog);
  const { sessions, journal } = services;
  const common = () => ({ chargePointId: CHARGE_POINT, receivedAtMs: clock.now(), connectorId: 1 });
  return {
    clock,
    services,
    usedWh: (month: string) => journal.live.usedWh(month, TAG),
    start: (meterStart: number, timestamp: string) =>
      sessions.start({ ...common(), idTag: TAG, meterStart, timestamp }).transactionId,
    sample: (transactionId: number, wh: number, timestamp: string) =>
      sessions.meterValues({
        ...common(),
        transactionId,
        meterValue: [{ ...registerSample(wh, new Date(timestamp)), timestamp }],
      }),
    stop: (transactionId: number, meterStop: number, timestamp: string) =>
      sessions.stop({
        ...common(),
        transactionId,
        idTag: TAG,
        meterStop,
        timestamp,
        reason: 'Local',
        transactionData: [],
      }),
  };
}

interface Turn {
  readonly name: string;
  readonly timeZone: string;
  readonly resetDay?: number;
  /** Register in Wh by time: the first is StartTransaction, the last StopTransaction. */
  readonly register: readonly (readonly [string, number])[];
  /** Wh by billing month. */
  readonly expected: Readonly<Record<string, number>>;
}

const TURNS: readonly Turn[] = [
  {
    name: 'Europe/Istanbul: midnight of the 1st is 21:00 UTC, a third of the way between two samples',
    timeZone: 'Europe/Istanbul',
    register: [
      ['2026-11-30T20:00:00Z', 100_000],
      ['2026-11-30T20:50:00Z', 109_000],
      ['2026-11-30T21:20:00Z', 115_001],
      ['2026-11-30T22:00:00Z', 120_001],
    ],
    // 9000 up to 20:50, then 6001 over 30 minutes of which 10 are November's: 2000.33.
    expected: { '2026-11': 11_000, '2026-12': 9_001 },
  },
  {
    name: 'Europe/Istanbul: without any sample the charge is taken as even from start to stop',
    timeZone: 'Europe/Istanbul',
    register: [
      ['2026-12-31T20:00:00Z', 0],
      ['2026-12-31T23:00:00Z', 30_000],
    ],
    expected: { '2026-12': 10_000, '2027-01': 20_000 },
  },
  {
    name: 'Europe/Istanbul: a sample at midnight itself divides the months exactly',
    timeZone: 'Europe/Istanbul',
    register: [
      ['2026-11-30T20:59:00Z', 500],
      ['2026-11-30T21:00:00Z', 777],
      ['2026-11-30T21:01:00Z', 1_000],
    ],
    expected: { '2026-11': 277, '2026-12': 223 },
  },
  {
    name: 'America/New_York: the month begins at 04:00 UTC on the very day that clocks go back',
    timeZone: 'America/New_York',
    register: [
      ['2026-11-01T03:30:00Z', 0],
      ['2026-11-01T04:30:00Z', 7_000],
      ['2026-11-01T08:00:00Z', 42_000],
    ],
    expected: { '2026-10': 3_500, '2026-11': 38_500 },
  },
  {
    name: 'America/New_York: the hour that comes twice belongs to its day once, 25 hours in all',
    timeZone: 'America/New_York',
    resetDay: 2,
    register: [
      ['2026-11-01T04:00:00Z', 0],
      ['2026-11-02T06:00:00Z', 26_000],
    ],
    expected: { '2026-10': 25_000, '2026-11': 1_000 },
  },
  {
    name: 'Europe/Berlin: with reset day 28 the month turns at the start of the day that clocks go forward',
    timeZone: 'Europe/Berlin',
    resetDay: 28,
    register: [
      ['2027-03-27T22:00:00Z', 0],
      ['2027-03-28T03:00:00Z', 10_000],
      ['2027-03-28T23:00:00Z', 30_000],
    ],
    // Midnight of the 28th is 23:00 UTC: one of the five hours is the old month's.
    expected: { '2027-02': 2_000, '2027-03': 28_000 },
  },
  {
    name: 'Asia/Beirut: where midnight is left out the day begins at one, and nothing falls in between',
    timeZone: 'Asia/Beirut',
    resetDay: 28,
    register: [
      ['2027-03-27T21:00:00Z', 0],
      ['2027-03-27T23:00:00Z', 2_000],
    ],
    expected: { '2027-02': 1_000, '2027-03': 1_000 },
  },
  {
    name: 'Europe/Istanbul: a charge over a whole month gives each day its share, and the sum is exact',
    timeZone: 'Europe/Istanbul',
    register: [
      ['2026-10-31T20:00:00Z', 0],
      ['2026-11-30T22:00:00Z', 100_003],
    ],
    // 722 hours: 1, 720 and 1.
    expected: { '2026-10': 139, '2026-11': 99_725, '2026-12': 139 },
  },
];

for (const { name, timeZone, resetDay = 1, register, expected } of TURNS) {
  t.test(name, (t) => {
    const [first, last] = [register[0]!, register.at(-1)!];
    const site = siteAt(timeZone, resetDay, last[0]);
    const id = site.start(first[1], first[0]);
    for (const [time, wh] of register.slice(1, -1)) site.sample(id, wh, time);
    site.stop(id, last[1], last[0]);
    const found = Object.fromEntries(Object.keys(expected).map((month) => [month, site.usedWh(month)]));
    t.same(found, expected);
    const sum = Object.values(found).reduce((a, b) => a + b, 0);
    t.equal(sum, last[1] - first[1], 'not a Wh is lost or made');
    t.end();
  });
}

t.test('the quota of the new month is whole while a session of the old one goes on', (t) => {
  const site = siteAt('Europe/Istanbul', 1, '2026-11-30T20:30:00Z');
  const user = {
    idTag: TAG,
    name: 'Ada',
    surname: 'Example',
    quotaWh: 2_000,
    isUnlimited: false,
    isBlocked: false,
    account: null,
    expires: null,
  };
  putUsersInForce(site.services, [user]);
  const { quotas, journal, enforcer } = site.services;
  t.teardown(() => enforcer.close());
  const id = site.start(0, '2026-11-30T20:00:00Z');
  site.sample(id, 2_500, '2026-11-30T20:30:00Z');
  t.equal(quotas.leftWh(user), -500, 'used up');
  t.equal(journal.live.session(`${CHARGE_POINT}/${id}`)?.stop?.reason, 'quotaUsedUp');
  site.clock.set('2026-11-30T21:00:00Z');
  t.equal(quotas.leftWh(user), 2_000, 'and whole at midnight');
  enforcer.reviewAll();
  t.equal(journal.live.session(`${CHARGE_POINT}/${id}`)?.stop, null, 'the stop is taken back');
  site.clock.set('2026-11-30T21:30:00Z');
  site.sample(id, 3_500, '2026-11-30T21:30:00Z');
  t.equal(quotas.leftWh(user), 1_500, 'half of the last sample flowed after midnight');
  t.equal(site.usedWh('2026-11'), 3_000);
  t.end();
});

t.test('at the turn a server takes stops back and clears the caches of its chargers', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': 'id_tag,quota_kwh\nTAG1,2\n' });
  const clock = createSettableClock('2026-11-30T20:58:00Z');
  const kwota = await startKwotaInProcess({ dataDir, timeZone: 'Europe/Istanbul', clock });
  t.teardown(() => kwota.stop());
  const charger = await ChargePoint.connect(kwota.ocppUrl, CHARGE_POINT);
  t.teardown(() => charger.close());
  await charger.boot();
  const start = { connectorId: 1, idTag: TAG, meterStart: 0, timestamp: '2026-11-30T20:00:00Z' };
  const { transactionId } = await charger.call('StartTransaction', start);
  const sample = (wh: number, time: string) =>
    charger.call('MeterValues', {
      connectorId: 1,
      transactionId,
      meterValue: [registerSample(wh, new Date(time))],
    });
  await sample(2_900, '2026-11-30T20:58:00Z');
  t.same(await charger.waitFor('RemoteStopTransaction'), { transactionId });
  t.same(await charger.call('Authorize', { idTag: TAG }), { idTagInfo: { status: 'Blocked' } });
  await until('November is shown', () => readUsage(dataDir)[TAG] === 2.9);

  clock.set('2026-11-30T21:00:00Z');
  t.same(await charger.waitFor('ClearCache'), {});
  t.match(kwota.log(), /\[QUOTA\] a new month begins month=2026-12/);
  t.match(kwota.log(), /\[QUOTA\] may go on, no stop any more .*user=TAG1/);
  await until('December begins at 0', () => readUsage(dataDir)[TAG] === 0);
  t.same(await charger.call('Authorize', { idTag: TAG }), { idTagInfo: { status: 'Accepted' } });

  clock.set('2026-11-30T21:02:00Z');
  await sample(3_100, '2026-11-30T21:02:00Z');
  await until('and goes on with what flowed in it', () => readUsage(dataDir)[TAG] === 0.1);
  t.same(whByDay(readRunningStore(dataDir).sessions, TAG), { '2026-11-30': 3_000, '2026-12-01': 100 });
});

t.test('what an offline charger sends weeks later is booked in the months in which it flowed', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': 'id_tag,quota_kwh\nTAG1,5\n' });
  const configFile = join(dataDir, 'config.yaml');
  // Where no month turns in the next hour.
  const isNight = [20, 21].includes(new Date().getUTCHours());
  const [timeZone, offset] = isNight ? ['Asia/Tokyo', '+09:00'] : ['Europe/Istanbul', '+03:00'];
  writeFileSync(configFile, `site: {timeZone: ${timeZone}}\n`);
  const kwota = await startKwota({ dataDir, args: ['--config', configFile] });
  t.teardown(() => kwota.kill());
  const charger = await ChargePoint.connect(kwota.ocppUrl, CHARGE_POINT);
  await charger.boot();
  const month = createSiteCalendar(timeZone, 1).monthAt(Date.now());
  const turnMs = Date.parse(`${month}-01T00:00:00${offset}`);
  const at = (minutes: number) => new Date(turnMs + minutes * 60_000);
  const replay = async (meterStart: number, minutes: readonly [number, number, number], step: number) => {
    const [begin, middle, end] = minutes;
    const { transactionId } = await charger.call('StartTransaction', {
      connectorId: 1,
      idTag: TAG,
      meterStart,
      timestamp: at(begin).toISOString(),
    });
    const meterValue = [registerSample(meterStart + step, at(middle))];
    await charger.call('MeterValues', { connectorId: 1, transactionId, meterValue });
    const meterStop = meterStart + 2 * step;
    const stop = { transactionId, idTag: TAG, meterStop, timestamp: at(end).toISOString() };
    t.same(await charger.call('StopTransaction', stop), {});
  };
  await replay(0, [-600, -570, -540], 6_000);
  await until(
    'the session was ended',
    () => readRunningStore(dataDir).sessions[0]?.end?.evidence === 'meterStop',
  );
  const isStatusShown = () => readJson(dataDir, 'charger_status.json')?.[CHARGE_POINT];
  await until('the energy is on the charger', () => isStatusShown()?.['total_energy_delivered'] === 12);
  await until('this month has none of it', () => readUsage(dataDir)[TAG] === 0);
  t.same(
    await charger.call('Authorize', { idTag: TAG }),
    { idTagInfo: { status: 'Accepted' } },
    'and the quota of 5 kWh is whole',
  );

  await replay(12_000, [-3, -1, 1], 300);
  await until('half of the second interval is of this month', () => readUsage(dataDir)[TAG] === 0.15);
  const days = Object.entries(whByDay(readRunningStore(dataDir).sessions, TAG)).sort();
  t.equal(days.at(-1)?.[0], `${month}-01`);
  t.same(
    days.map(([, wh]) => wh),
    [12_450, 150],
  );
  t.equal(await kwota.stop(), 0);
});
