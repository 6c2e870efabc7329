// The clock of the site PC jumps: set by NTP, by a person, by daylight saving, or since the machine slept. Energy is what the meters
// showed, a month is what the clock says, no transaction id comes twice, and nothing waits for a time that was.
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { ChargePoint, registerSample } from '../kit/charge-point.ts';
import { makeDataDir } from '../kit/data-dir.ts';
import { readJson, readUsage, whByDay } from '../kit/data-folder.ts';
import { readHealth } from '../kit/health.ts';
import { startKwotaInProcess } from '../kit/kwota-in-process.ts';
import { createSettableClock, type SettableClock } from '../kit/settable-clock.ts';
import { readRunningStore } from '../kit/stored-truth.ts';
import { until } from '../kit/until.ts';

const STEP_WH = 100;

t.setTimeout(300_000);

interface Jump {
  readonly name: string;
  readonly timeZone: string;
  readonly from: string;
  readonly to: string;
  /** Whether the charger's clock jumps along (it is told the time), or is right all the time. */
  readonly chargerFollows: boolean;
}

const jumps: readonly Jump[] = [
  {
    name: 'two seconds back (NTP)',
    timeZone: 'UTC',
    from: '2026-11-20T12:00:00Z',
    to: '2026-11-20T11:59:58Z',
    chargerFollows: false,
  },
  {
    name: 'an hour back, over midnight',
    timeZone: 'UTC',
    from: '2026-11-20T00:10:00Z',
    to: '2026-11-19T23:10:00Z',
    chargerFollows: true,
  },
  {
    name: 'a day back',
    timeZone: 'UTC',
    from: '2026-11-20T12:00:00Z',
    to: '2026-11-19T12:00:00Z',
    chargerFollows: true,
  },
  {
    name: 'a night on, asleep',
    timeZone: 'Europe/Berlin',
    from: '2026-11-20T22:00:00Z',
    to: '2026-11-21T06:00:00Z',
    chargerFollows: false,
  },
  {
    name: 'ten years on and wrong',
    timeZone: 'UTC',
    from: '2026-11-20T12:00:00Z',
    to: '2036-11-20T12:00:00Z',
    chargerFollows: true,
  },
  {
    name: 'from 1970 to now, by the first NTP',
    timeZone: 'UTC',
    from: '1970-01-01T00:05:00Z',
    to: '2026-11-20T12:00:00Z',
    chargerFollows: true,
  },
  {
    name: 'into daylight saving',
    timeZone: 'Europe/Berlin',
    from: '2026-03-29T00:59:00Z',
    to: '2026-03-29T01:01:00Z',
    chargerFollows: false,
  },
  {
    name: 'out of daylight saving',
    timeZone: 'Europe/Berlin',
    from: '2026-10-25T00:59:00Z',
    to: '2026-10-25T01:01:00Z',
    chargerFollows: false,
  },
];

interface Car {
  readonly transactionId: number;
  charge(): Promise<void>;
  stop(): Promise<void>;
}

/** One car; registers go on where the last one left. */
async function plugIn(charger: ChargePoint, meter: { wh: number }, nowMs: () => number): Promise<Car> {
  const now = () => new Date(nowMs());
  const { transactionId } = await charger.call('StartTransaction', {
    connectorId: 1,
    idTag: 'TAG1',
    meterStart: meter.wh,
    timestamp: now().toISOString(),
  });
  return {
    transactionId: transactionId as number,
    async charge() {
      meter.wh += STEP_WH;
      const meterValue = [registerSample(meter.wh, now())];
      await charger.call('MeterValues', { connectorId: 1, transactionId, meterValue });
    },
    async stop() {
      const end = { transactionId, meterStop: meter.wh, timestamp: now().toISOString() };
      await charger.call('StopTransaction', end);
    },
  };
}

function siteOf(t: Test, from: string): { dataDir: string; clock: SettableClock } {
  const dataDir = makeDataDir(t, { 'users1.csv': 'id_tag,quota_kwh\nTAG1,1000\n' });
  return { dataDir, clock: createSettableClock(from) };
}

for (const { name, timeZone, from, to, chargerFollows } of jumps) {
  void t.test(`${name}: every Wh is booked once, and charging goes on`, async (t) => {
    const { dataDir, clock } = siteOf(t, from);
    const kwota = await startKwotaInProcess({ dataDir, timeZone, clock });
    t.teardown(() => kwota.stop());
    const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
    t.teardown(() => charger.close());
    await charger.boot();
    const meter = { wh: 5_000 };
    // A charger that is right all the time goes on by minutes; one that follows has the server's time.
    let minutes = 0;
    const chargerMs = () => (chargerFollows ? clock.now() : Date.parse(from)) + minutes * 60_000;
    const car = await plugIn(charger, meter, chargerMs);
    for (; minutes < 3; minutes += 1) await car.charge();
    clock.set(to);
    for (; minutes < 6; minutes += 1) await car.charge();
    await car.stop();
    const next = await plugIn(charger, meter, chargerMs);
    await next.charge();
    const flowedWh = meter.wh - 5_000;
    t.not(next.transactionId, car.transactionId);
    await until('all of it is on the charger', () => {
      const shown = readJson(dataDir, 'charger_status.json')?.['CP1'];
      return shown?.['total_energy_delivered'] === flowedWh / 1000;
    });
    const days = whByDay(readRunningStore(dataDir).sessions, 'TAG1');
    t.equal(
      Object.values(days).reduce((sum, wh) => sum + wh, 0),
      flowedWh,
      JSON.stringify(days),
    );
    const { problems } = await readHealth(kwota.apiUrl);
    // The clock itself is looked at once a minute, and told of until then.
    t.same(
      problems.filter((problem) => !problem.startsWith('the clock of this machine')),
      [],
    );
  });
}

void t.test('a restart on a clock that was set back by years gives no id for a second time', async (t) => {
  const { dataDir, clock } = siteOf(t, '2026-11-20T12:00:00Z');
  const ids = new Set<number>();
  for (const time of ['2026-11-20T12:00:00Z', '1990-01-01T00:00:00Z', '2026-11-20T12:01:00Z']) {
    clock.set(time);
    const kwota = await startKwotaInProcess({ dataDir, timeZone: 'UTC', clock });
    const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
    const meter = { wh: ids.size * 1_000 };
    for (let cars = 0; cars < 2; cars += 1) {
      const car = await plugIn(charger, meter, () => clock.now());
      ids.add(car.transactionId);
      await car.charge();
    }
    await charger.close();
    await kwota.stop();
  }
  t.equal(ids.size, 6);
});

void t.test('a month that turns by mistake turns back: what was used is there again', async (t) => {
  const { dataDir, clock } = siteOf(t, '2026-11-20T12:00:00Z');
  const kwota = await startKwotaInProcess({ dataDir, timeZone: 'UTC', clock });
  t.teardown(() => kwota.stop());
  const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
  t.teardown(() => charger.close());
  const car = await plugIn(charger, { wh: 0 }, () => clock.now());
  await car.charge();
  await until('November is shown', () => readUsage(dataDir)['TAG1'] === 0.1);
  clock.set('2026-12-20T12:00:00Z');
  await until('December is', () => readUsage(dataDir)['TAG1'] === 0);
  clock.set('2026-11-20T12:10:00Z');
  await until('November is again', () => readUsage(dataDir)['TAG1'] === 0.1);
  // An edit of another program counts where the file says it is.
  const usage = join(dataDir, 'energy_usage.json');
  writeFileSync(usage, '{"TAG1": 7.1}');
  await until('it is taken', () => /usage was changed by another program .*month=2026-11 /.test(kwota.log()));
  await until('and shown', () => readUsage(dataDir)['TAG1'] === 7.1);
});
