// Alarms about the site: what raises each, what ends it, and that it is told once.
import t from 'tap';
import { sampleEntry, sampleUser } from '../domain/sample.fixture.ts';
import { Site, type SiteOptions } from '../../test/kit/services.ts';
import { SiteAlarms, type SiteAlarmParts } from './site-alarms.ts';

function watched(options: SiteOptions = {}, changed: Partial<SiteAlarmParts> = {}) {
  const site = new Site(options);
  const { services, calendar, clock } = site;
  const told: string[] = [];
  services.alarms.onChange(({ id, scope }, isActive) =>
    told.push(`${scope} ${id} ${isActive ? 'began' : 'is over'}`),
  );
  const alarms = new SiteAlarms({
    ...{ alarms: services.alarms, state: services.durable, users: services.users, calendar, clock },
    ...{ warnAt: [80, 95], offlineAfterMs: 60_000 },
    isConnected: (id) => services.chargePoints.isConnected(id),
    isRecordFull: () => false,
    isPending: () => false,
    ...changed,
  });
  const active = () => services.alarms.active().map(({ message }) => message);
  return { site, told, active, alarms };
}

const status = (connectorId: number, said: string, errorCode = 'NoError') => ({
  connectorId,
  status: said,
  errorCode,
});

void t.test('a faulted charger is one until none of its connectors is', async (t) => {
  const { site, told, active } = watched();
  const { chargePoints } = site.services;
  chargePoints.connected('CP1');
  chargePoints.statusChanged('CP1', status(1, 'Faulted', 'GroundFailure'), site.clock.now());
  await site.pass(6);
  t.same(active(), ['CP1 is faulted (connector 1: GroundFailure)']);
  chargePoints.statusChanged('CP1', status(0, 'Faulted', ''), site.clock.now());
  await site.pass(6);
  t.same(active(), ['CP1 is faulted (the charger: no error code, connector 1: GroundFailure)']);
  chargePoints.statusChanged('CP1', status(0, 'Available'), site.clock.now());
  chargePoints.statusChanged('CP1', status(1, 'Available'), site.clock.now());
  await site.pass(6);
  t.same(active(), []);
  t.same(told, ['site faulted/CP1 began', 'site faulted/CP1 began', 'site faulted/CP1 is over']);
});

void t.test('a charger that is away for long is one, also from the start of the server on', async (t) => {
  const { site, told, active } = watched();
  const { chargePoints } = site.services;
  chargePoints.connected('CP1');
  chargePoints.connected('CP2');
  await site.settle();
  chargePoints.disconnected('CP1');
  site.start();
  await site.pass(55);
  t.same(active(), [], 'for a moment is none');
  await site.pass(15);
  t.same(active(), ['CP1 is not connected, and a session runs there']);
  chargePoints.connected('CP1');
  await site.pass(6);
  t.same(told, ['site offline/CP1 began', 'site offline/CP1 is over']);
  await site.pass(300);
  t.same(active(), []);
});

void t.test(
  'one that is no charger of the site yet, was forgotten, or is not to be told of, is none',
  async (t) => {
    const silent = watched({}, { offlineAfterMs: 0 });
    const pending = watched({}, { isPending: () => true });
    const forgotten = watched();
    for (const { site } of [silent, pending, forgotten]) {
      site.services.chargePoints.connected('CP1');
      site.services.chargePoints.booted('CP1', {});
      site.services.chargePoints.disconnected('CP1');
      await site.pass(70);
    }
    t.same([silent.active(), pending.active()], [[], []]);
    t.same(forgotten.active(), ['CP1 is not connected']);
    forgotten.site.services.chargePoints.forget('CP1');
    await forgotten.site.pass(6);
    t.same(forgotten.active(), []);
  },
);

void t.test('one that has told nothing but an id is none: anybody can make up ids', async (t) => {
  const { site, active } = watched();
  const { chargePoints, journal } = site.services;
  const connect: Readonly<Record<string, (id: string) => unknown>> = {
    MADEUP: () => null,
    BOOTED: (id) => chargePoints.booted(id, {}),
    STATUS: (id) => chargePoints.statusChanged(id, status(1, 'Available'), site.clock.now()),
    CHARGING: (id) => site.start({ chargePointId: id }),
    TAKENOVER: (id) => journal.putChargePoint({ ...journal.live.chargePoint(id)!, importedWh: 1 }),
    NAMED: (id) => journal.putChargePoint({ ...journal.live.chargePoint(id)!, vendor: 'Any' }),
  };
  for (const [id, tell] of Object.entries(connect)) {
    chargePoints.connected(id);
    tell(id);
    chargePoints.disconnected(id);
  }
  await site.pass(70);
  const away = ['BOOTED', 'STATUS', 'TAKENOVER', 'NAMED'].map((id) => `${id} is not connected`);
  t.same(active().sort(), [...away, 'CHARGING is not connected, and a session runs there'].sort());
  const transactionId = [...site.services.durable.runningSessions()][0]!.transactionId;
  site.meter(transactionId, 0, { chargePointId: 'CHARGING' });
  site.stop(transactionId, 1000, { chargePointId: 'CHARGING' });
  await site.pass(6);
  t.ok(active().includes('CHARGING is not connected'), 'also when its session has ended');
});

void t.test('a clock that is off by hours is one while its times are corrected', async (t) => {
  const { site, active } = watched();
  const { chargePoints, journal } = site.services;
  chargePoints.connected('CP1');
  const chargePoint = journal.live.chargePoint('CP1')!;
  journal.putChargePoint({ ...chargePoint, clockSkewMs: 3 * 3_600_000 });
  await site.pass(6);
  t.same(active(), ['CP1 has a clock that is 3 h ahead; its times are corrected']);
  journal.putChargePoint({ ...chargePoint, clockSkewMs: -1_800_000 });
  await site.pass(6);
  t.same(active(), ['CP1 has a clock that is 0.5 h behind; its times are corrected']);
});

void t.test(
  'a quota that runs out is one while its account charges: at each level, until a grant or the end',
  async (t) => {
    const { site, told, active } = watched({
      users: [
        sampleUser('A', { quotaWh: 1000, account: 'flat' }),
        sampleUser('B', { quotaWh: 1000, account: 'flat' }),
      ],
      enforcement: { onExhausted: 'warn' },
    });
    const id = site.start();
    site.meter(id, 0);
    await site.pass(60);
    site.meter(id, 799);
    await site.pass(6);
    t.same(active(), []);
    site.meter(id, 800);
    await site.pass(6);
    t.same(active(), ['flat has used 80 % of the quota of the month, and charges']);
    site.meter(id, 950);
    await site.pass(6);
    t.same(active(), ['flat has used 95 % of the quota of the month, and charges']);
    site.meter(id, 1000);
    await site.pass(6);
    t.same(active(), ['flat has used up the quota of the month, and charges']);
    site.services.journal.putEntry(sampleEntry('g', { type: 'grant', idTag: 'B', wh: 5000 }));
    await site.pass(6);
    t.same(active(), []);
    site.meter(id, 5000);
    await site.pass(6);
    site.stop(id, 5000);
    await site.pass(6);
    t.same(active(), []);
    t.equal(told.filter((line) => line.endsWith('is over')).length, 2);
  },
);

void t.test('without an account the user is named, and who has no limit is none', async (t) => {
  const { site, active } = watched({
    users: [sampleUser('A', { quotaWh: 100 }), sampleUser('B', { isUnlimited: true })],
    enforcement: { onExhausted: 'warn' },
  });
  for (const [idTag, chargePointId] of [
    ['A', 'CP1'],
    ['B', 'CP2'],
  ] as const) {
    const id = site.start({ idTag, chargePointId });
    site.meter(id, 0, { chargePointId });
    await site.pass(60);
    site.meter(id, 500, { chargePointId });
  }
  await site.pass(6);
  t.same(active(), ['Ada Example (A) has used up the quota of the month, and charges']);
});

void t.test('a meter that cannot be right is one as long as its session runs', async (t) => {
  const { site, active } = watched({ users: [sampleUser('A', { isUnlimited: true })] });
  const id = site.start();
  site.meter(id, 0);
  await site.pass(60);
  site.meter(id, 900_000);
  await site.pass(6);
  t.same(active(), [
    `CP1 connector 1 has a suspect meter: it jumped further than power could have brought it (transaction ${id}); what it told is booked`,
  ]);
  site.stop(id, 900_000);
  await site.pass(6);
  t.same(active(), []);
});

void t.test('they end with the server', (t) => {
  const { site, alarms } = watched();
  const before = site.clock.pending();
  alarms.close();
  t.equal(site.clock.pending(), before - 1);
  t.end();
});
