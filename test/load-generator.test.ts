// The load generator of the benchmarks: what it counts is what the server has, so that its figures are worth something.
import t from 'tap';
import { Fleet } from '../bench/load/fleet.ts';
import { Histogram } from '../bench/load/histogram.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { startKwota } from './kit/kwota-process.ts';
import { readDeadStore } from './kit/stored-truth.ts';
import { until } from './kit/until.ts';

const CHARGERS = 5;
const tags = Array.from({ length: CHARGERS }, (_, index) => `LOAD0000${index + 1}`);
const USERS = `id_tag,quota_kwh\n${tags.map((tag) => `${tag},1000\n`).join('')}`;

void t.test('its ledger is what the server has booked, to the Wh', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const kwota = await startKwota({ dataDir });
  const fleet = new Fleet({
    port: Number(new URL(kwota.ocppUrl).port),
    chargers: CHARGERS,
    script: 'charging',
    intervalMs: null,
    connectAtOnce: 2,
  });
  t.teardown(() => kwota.kill());
  t.equal((await fleet.connect()).ready, CHARGERS);
  for (let busy = 1; busy <= 2; busy += 1) {
    // On a busy machine a slice may be over before the first reading is due.
    await until('CALLs were answered, readings among them', async () => {
      const slice = await fleet.slice(300);
      t.same(slice.problems, []);
      const readings = new Histogram();
      readings.merge(slice.latency['MeterValues'] ?? []);
      return slice.answered > CHARGERS && readings.total > 0;
    });
  }
  // Each has a reading before the books are compared.
  await until('all have charged', async () => {
    t.same((await fleet.slice(300)).problems, []);
    return Object.values(fleet.ledger()).every(({ acknowledgedWh }) => acknowledgedWh > 0);
  });
  t.equal(await kwota.stop(), 0);
  const { sessions } = readDeadStore(dataDir);
  for (const [idTag, { acknowledgedWh, sentWh }] of Object.entries(fleet.ledger())) {
    const own = sessions.filter((session) => session.idTag === idTag);
    const wh = own
      .flatMap(({ energyByDay }) => Object.values(energyByDay))
      .reduce((sum, one) => sum + one, 0);
    t.ok(acknowledgedWh > 0);
    t.equal(acknowledgedWh, sentWh, 'after a slice everything is answered');
    t.equal(wh, acknowledgedWh, idTag);
  }
});

void t.test('an answer that is wrong, and a connection that is lost, are told', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': 'id_tag,quota_kwh\n' });
  const kwota = await startKwota({ dataDir });
  const port = Number(new URL(kwota.ocppUrl).port);
  const options = { port, script: 'charging', intervalMs: null, connectAtOnce: 1 } as const;
  const unknown = new Fleet({ ...options, chargers: 1 });
  await unknown.connect();
  const { problems } = await unknown.slice(300);
  t.match(problems, [/^CP00001: Authorize was answered .*Invalid/]);
  await kwota.kill();
  const late = await new Fleet({ ...options, chargers: 1 }).connect();
  t.match(late, { ready: 0, problems: [/^CP00001: the connection ended/] });
});

void t.test('the quantiles of a histogram are off by its bucket at most', (t) => {
  const histogram = new Histogram();
  for (let ms = 1; ms <= 1000; ms += 1) histogram.addMs(ms);
  for (const [share, ms] of [
    [0.5, 500],
    [0.99, 990],
    [1, 1000],
  ] as const)
    t.ok(Math.abs(histogram.quantileMs(share) - ms) < ms * 0.02, `${share}`);
  const twice = new Histogram();
  twice.merge(histogram.plain());
  twice.merge(histogram.plain());
  t.equal(twice.total, 2000);
  t.equal(twice.quantileMs(0.5), histogram.quantileMs(0.5));
  t.end();
});
