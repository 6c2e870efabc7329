// The site at a glance: the figures are those of the books, and power is what the samples tell.
import t from 'tap';
import { sampleEntry, sampleUser } from '../domain/sample.fixture.ts';
import { Site, type SiteOptions } from '../../test/kit/services.ts';
import { SiteFigures } from './site-figures.ts';

const HOUR_S = 3600;

function figuresOf(options: SiteOptions = {}): { site: Site; figures: SiteFigures } {
  const site = new Site(options);
  const { services, calendar, clock } = site;
  const figures = new SiteFigures({
    ...{ state: services.durable, users: services.users, calendar, clock },
    isConnected: (id) => services.chargePoints.isConnected(id),
    isPending: ({ chargePointId }) => chargePointId === 'CP3',
    powerOf: (session) => services.forecasts.powerW(session),
  });
  return { site, figures };
}

const status = (connectorId: number, said: string) => ({ connectorId, status: said, errorCode: 'NoError' });

void t.test('chargers and sessions are counted as they are', async (t) => {
  const { site, figures } = figuresOf();
  const { chargePoints } = site.services;
  t.same(figures.chargers(), { total: 0, connected: 0, faulted: 0, pending: 0 });
  for (const id of ['CP1', 'CP2', 'CP3']) chargePoints.connected(id);
  chargePoints.disconnected('CP3');
  chargePoints.statusChanged('CP1', status(1, 'Charging'), site.clock.now());
  chargePoints.statusChanged('CP2', status(2, 'Faulted'), site.clock.now());
  chargePoints.statusChanged('CP2', status(1, 'SuspendedEV'), site.clock.now());
  site.start();
  site.start({ chargePointId: 'CP2', idTag: 'B' });
  site.stop(site.start({ chargePointId: 'CP3', idTag: 'B' }), 0, { chargePointId: 'CP3' });
  await site.settle();
  t.same(figures.chargers(), { total: 3, connected: 2, faulted: 1, pending: 1 });
  t.same(figures.sessions(), { running: 2, charging: 1 });
});

void t.test(
  'power is what the register gains where the charger tells none, and ends with the session',
  async (t) => {
    const { site, figures } = figuresOf();
    const id = site.start();
    t.equal(figures.powerW(), 0, 'what is not on disk is not shown');
    await site.settle();
    t.equal(figures.powerW(), null, 'it runs, and nobody can tell');
    t.equal(figures.powerOfChargePoint('CP2'), 0, 'nothing runs there');
    site.meter(id, 0);
    await site.pass(HOUR_S / 10);
    site.meter(id, 700);
    await site.settle();
    t.ok(Math.abs((figures.powerW() ?? 0) - 7000) < 100, `${figures.powerW()} W`);
    t.equal(figures.powerOfChargePoint('CP1'), figures.powerW());
    site.stop(id, 700);
    await site.settle();
    t.equal(figures.powerW(), 0);
  },
);

void t.test('what a charger says of its power is believed, until it has been silent for long', async (t) => {
  const { site, figures } = figuresOf({ enforcement: { isPredictive: true } });
  const id = site.start();
  const tell = (wh: number, powerW: number) =>
    site.services.sessions.meterValues({
      ...{ chargePointId: 'CP1', connectorId: 1, transactionId: id, receivedAtMs: site.clock.now() },
      meterValue: [
        {
          timestamp: site.timestamp(),
          sampledValue: [
            { value: String(wh), unit: 'Wh' },
            { value: String(powerW), measurand: 'Power.Active.Import', unit: 'W' },
          ],
        },
      ],
    });
  for (const [wh, powerW] of [
    [0, 7200],
    [120, 7250],
  ] as const) {
    tell(wh, powerW);
    await site.pass(60);
  }
  t.equal(figures.powerW(), 7250);
  await site.pass(5 * 60 - 60);
  t.equal(figures.powerW(), 7250);
  await site.pass(1);
  t.equal(figures.powerW(), null, 'nobody can tell any more');
});

void t.test(
  'the month: each day, what was used, what runs, what may be used, and how it will end',
  async (t) => {
    const { site, figures } = figuresOf({
      now: '2026-11-02T18:00:00Z',
      users: [
        sampleUser('A', { quotaWh: 10_000, account: 'flat' }),
        sampleUser('B', { quotaWh: 12_000, account: 'flat' }),
        sampleUser('C', { quotaWh: 5_000 }),
        sampleUser('D', { isUnlimited: true }),
      ],
    });
    const ended = site.start();
    site.meter(ended, 0);
    await site.pass(HOUR_S / 60);
    site.stop(ended, 300);
    site.services.journal.putEntry(sampleEntry('e', { idTag: 'D', wh: 100 }));
    site.services.journal.putEntry(sampleEntry('g', { type: 'grant', idTag: 'C', wh: 2_000 }));
    const running = site.start({ idTag: 'D' });
    site.meter(running, 0);
    await site.pass(HOUR_S / 60);
    site.meter(running, 200);
    await site.settle();
    const { paceWh, ...month } = figures.month();
    t.same(month, {
      month: '2026-11',
      monthEndsMs: Date.UTC(2026, 11, 1),
      energyByDay: [
        { day: '2026-11-01', wh: 0 },
        { day: '2026-11-02', wh: 500 },
      ],
      usedWh: 600,
      runningWh: 200,
      quotaWh: 19_000,
      quotaUsedWh: 300,
    });
    t.ok(Math.abs((paceWh ?? 0) - (600 * 30) / 1.75) < 50, `${paceWh} Wh: 600 in 1.75 of 30 days`);
  },
);

void t.test('on its first day a month says nothing about its end', (t) => {
  t.equal(figuresOf({ now: '2026-11-01T23:59:59Z' }).figures.month().paceWh, null);
  t.equal(figuresOf({ now: '2026-11-02T00:00:00Z' }).figures.month().paceWh, 0);
  t.end();
});
