// Taking over from the old stack's files: what they say, what they say wrongly, and what each Wh belongs to afterwards.
import t from 'tap';
import { sampleUser } from '../domain/sample.fixture.ts';
import { createSiteCalendar } from '../domain/site-calendar.ts';
import { silentLog } from '../runtime/log.ts';
import { Site } from '../../test/kit/services.ts';
import { begin, isFresh } from './services.ts';
import { takeOver, type OldFiles } from './takeover.ts';

const NOW = Date.parse('2026-11-30T12:00:00Z');
const OPEN = {
  id_tag: 'A',
  start_meter: 85.5,
  start_time: '2026-11-30T10:00:00Z',
  last_meter: 88.2,
  full_name: 'Ada Example',
  charger_id: 'LIVOLTEK_01',
};
const READING = {
  ID: 'ABC123DEF456',
  timestamp: '2026-11-30T11:00:00Z',
  userName: 'Ada Example',
  chargerName: 'LIVOLTEK_01',
  totalPower: 7200,
  deliveredEnergy: 88.2,
  frequency: 50.0,
};

const take = (files: OldFiles, nowMs = NOW) =>
  takeOver(files, {
    calendar: createSiteCalendar('UTC', 1),
    nowMs,
    findUser: (idTag) => (idTag === 'A' ? sampleUser('A') : null),
  });

void t.test('usage becomes opening balances; zeros need none', (t) => {
  const taken = take({ energyUsage: { A: 85.5, B: 0, C: '12.25' } });
  t.match(taken.entries, [
    { type: 'openingBalance', idTag: 'A', month: '2026-11', wh: 85_500 },
    { type: 'openingBalance', idTag: 'C', month: '2026-11', wh: 12_250 },
  ]);
  t.equal(taken.entries.length, 2);
  t.same(
    [...taken.usedWhByTag],
    [
      ['A', 85_500],
      ['B', 0],
      ['C', 12_250],
    ],
  );
  t.same(taken.problems, []);
  t.end();
});

void t.test('the balance belongs to the month of the newest timestamp, else to the current one', (t) => {
  const energyUsage = { A: 1 };
  const month = (files: OldFiles) => take({ energyUsage, ...files }).month;
  t.equal(month({}), '2026-11');
  t.equal(month({ meterDataLog: [{ ...READING, timestamp: '2026-10-31T23:59:59Z' }] }), '2026-10');
  t.equal(
    month({
      meterDataLog: [{ ...READING, timestamp: '2026-10-31T23:59:59Z' }],
      chargerStatus: { CP1: { last_heartbeat: '2026-11-01T00:00:00Z' } },
    }),
    '2026-11',
  );
  t.equal(
    month({ meterDataLog: [{ ...READING, timestamp: '2027-10-31T00:00:00Z' }] }),
    '2026-11',
    'no later than now',
  );
  t.equal(month({ activeTransactions: { 1: { ...OPEN, start_time: '2026-09-01T00:00:00Z' } } }), '2026-09');
  t.end();
});

void t.test('an open transaction keeps its id and counts on from its last_meter', (t) => {
  const { sessions, problems } = take({
    activeTransactions: { '1234567890': OPEN },
    meterDataLog: [READING],
  });
  t.same(problems, []);
  t.match(sessions, [
    {
      transactionId: 1_234_567_890,
      chargePointId: 'LIVOLTEK_01',
      connectorId: 0,
      idTag: 'A',
      origin: 'takeOver',
      authorization: 'Accepted',
      user: { idTag: 'A' },
      meterStartWh: 85_500,
      account: { start: null, lines: [{ last: { wh: 88_200, atMs: Date.parse('2026-11-30T11:00:00Z') } }] },
      energyByDay: {},
      end: null,
    },
  ]);
  t.end();
});

void t.test('what an open transaction may lack', (t) => {
  const one = (changed: object, key = '7') =>
    take({ activeTransactions: { [key]: { ...OPEN, ...changed } } });
  t.equal(
    one({ last_meter: undefined }).sessions[0]?.account.lines[0]?.last.wh,
    85_500,
    'last_meter: the start',
  );
  t.equal(
    one({ last_meter: undefined, start_meter: undefined }).sessions[0]?.account.lines[0],
    undefined,
    'both: its first sample',
  );
  t.equal(one({ start_time: 'x' }).sessions[0]?.startedMs, NOW, 'its time: now');
  t.equal(one({ id_tag: 'GONE' }).sessions[0]?.user, null, 'its user');
  t.equal(one({ connector_id: 2 }).sessions[0]?.connectorId, 2);
  for (const [what, changed, key] of [
    ['a charger', { charger_id: '' }, '7'],
    ['a tag', { id_tag: null }, '7'],
    ['a usable id', {}, 'x'],
    ['an id above 0', {}, '0'],
    ['an int32', {}, '2147483648'],
  ] as const) {
    const { sessions, problems } = one(changed, key);
    t.equal(sessions.length, 0, what);
    t.match(problems, [/active_transactions\.json/], `${what} is missed aloud`);
  }
  t.end();
});

void t.test('chargers are known with what they delivered, readings are history', (t) => {
  const taken = take({
    chargerStatus: {
      CP1: {
        name: 'CP1',
        brand: 'ACME',
        status: 'Charging',
        last_heartbeat: OPEN.start_time,
        total_energy_delivered: 1523.5,
        connector_id: 2,
      },
      CP2: { status: 'Offline' },
      CP3: 'broken',
    },
    meterDataLog: [READING, { ...READING, ID: 'x' }, null, { ...READING, timestamp: '2030-01-01T00:00:00Z' }],
  });
  t.match(taken.chargePoints, [
    {
      chargePointId: 'CP1',
      vendor: 'ACME',
      importedWh: 1_523_500,
      connectors: { 2: { status: 'Charging' } },
    },
    { chargePointId: 'CP2', importedWh: 0, lastHeardMs: null },
  ]);
  t.equal(taken.chargePoints.length, 2);
  t.same(taken.chargePoints[1]?.connectors, {});
  t.same(taken.readings, [
    {
      id: 0xabc123def456,
      at: Date.parse(READING.timestamp),
      chargePointId: 'LIVOLTEK_01',
      connectorId: 0,
      transactionId: null,
      userName: 'Ada Example',
      registerWh: 88_200,
      powerW: 7200,
      frequencyMilliHz: 50_000,
    },
  ]);
  t.end();
});

void t.test('what is no amount of kWh is told and left out', (t) => {
  const taken = take({ energyUsage: { A: -1, B: 'x', C: null, D: 2, E: '1e3' } });
  t.same(
    taken.entries.map(({ idTag }) => idTag),
    ['D'],
  );
  t.equal(taken.problems.length, 4);
  for (const files of [
    { energyUsage: [1] },
    { energyUsage: 5 },
    { activeTransactions: 'x' },
    { meterDataLog: {} },
  ]) {
    const broken = take(files);
    t.equal(
      broken.entries.length + broken.sessions.length + broken.readings.length,
      0,
      JSON.stringify(files),
    );
    t.equal(broken.problems.length, 1);
  }
  t.end();
});

void t.test(
  'a store that has begun once takes nothing over again, and its usage file is no edit',
  async (t) => {
    const site = new Site();
    t.notOk(isFresh(site.services));
    const files = {
      energyUsage: { A: 2, B: 0 },
      activeTransactions: { '77': { ...OPEN, charger_id: 'CP1' } },
    };
    begin(site.services, files, site.calendar, NOW, silentLog);
    t.equal(site.used('A'), 2000);
    t.same(Object.fromEntries(site.services.publications.recent(NOW).at(-1)?.whByTag ?? []), {
      A: 2000,
      B: 0,
    });
    site.clock.advance(60_000);
    site.meter(77, 88_300);
    t.equal(site.used('A'), 2100, 'last_meter was 88.2');
    await site.services.journal.durable();
    site.restart();
    t.notOk(isFresh(site.services));
    t.equal(site.used('A'), 2100);
  },
);
