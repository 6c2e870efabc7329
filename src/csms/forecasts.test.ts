// Stops that are sent between samples: when, after which question, and what takes them back.
import t from 'tap';
import { sampleEntry, sampleUser } from '../domain/sample.fixture.ts';
import { answered, Site, type SiteOptions } from '../../test/kit/services.ts';

const POWER_W = 22_000;
const S_PER_HOUR = 3600;

interface Charging {
  readonly site: Site;
  readonly id: number;
  /** A sample of what has flowed at steady power since the start. */
  readonly sample: () => void;
  /** So many seconds, with a sample every minute. */
  readonly go: (seconds: number) => Promise<void>;
  readonly callsOf: (action: string) => number[];
}

/** A steady charge of 22 kW that began at register 0, with a quota of 2 kWh: used up after 327 s. */
function charging(options: SiteOptions = {}, quotaWh = 2000): Charging {
  const site = new Site({
    users: [sampleUser('A', { quotaWh })],
    ...options,
    enforcement: { isPredictive: true, ...options.enforcement },
  });
  site.services.chargePoints.connected('CP1');
  site.answer = (action) => answered(action === 'TriggerMessage' ? 'NotImplemented' : 'Accepted');
  const id = site.start();
  const beganMs = site.clock.monotonicMs();
  const seconds = () => (site.clock.monotonicMs() - beganMs) / 1000;
  const sample = () => site.meter(id, Math.floor((POWER_W * seconds()) / S_PER_HOUR));
  return {
    site,
    id,
    sample,
    async go(forSeconds) {
      for (let passed = 0; passed < forSeconds; passed += 1) {
        if (seconds() % 60 === 0) sample();
        await site.pass(1);
      }
    },
    callsOf: (action) =>
      site.calls.filter((call) => call.action === action).map(({ atMs }) => (atMs - beganMs) / 1000),
  };
}

void t.test(
  'the stop is sent between two samples, when the quota ends less the latency of the charger',
  async (t) => {
    const { site, id, go, callsOf } = charging();
    await go(326);
    t.same(callsOf('RemoteStopTransaction'), [], '8 Wh are left');
    await go(2);
    t.equal(callsOf('RemoteStopTransaction').length, 1);
    t.match(site.session(id).stop, { reason: 'quotaUsedUp', climbed: 1, forecastLeftWh: 167 });
    site.stop(id, 2000);
    t.equal(site.used('A'), 2000);
  },
);

void t.test('a clock that is set while a car charges moves no stop', async (t) => {
  const HOUR_MS = 3_600_000;
  // No month turns by it.
  for (const stepMs of [HOUR_MS, -HOUR_MS, 5 * 24 * HOUR_MS, 20_000, -20_000]) {
    for (const atS of [30, 290, 322]) {
      const { site, id, go, callsOf } = charging({ now: '2026-11-10T12:00:00Z' });
      await go(atS);
      site.clock.step(stepMs);
      // Somebody changes something, and all is looked at anew.
      site.services.enforcer.reviewAll();
      await go(326 - atS);
      const when = `${stepMs} ms after ${atS} s`;
      t.same(callsOf('RemoteStopTransaction'), [], when);
      const endsInMs = (site.services.forecasts.quotaEndsAtMs(site.session(id)) ?? 0) - site.clock.now();
      t.ok(Math.abs(endsInMs - 1_270) < 1_000, `${when}: it ends in ${endsInMs} ms`);
      await go(2);
      t.equal(callsOf('RemoteStopTransaction').length, 1, when);
      site.stop(id, 2000);
      const latencyMs = site.services.journal.live.chargePoint('CP1')?.stopLatencyMs ?? 500;
      t.ok(latencyMs <= 1_500, `${when}: a latency of ${latencyMs} ms`);
      site.services.enforcer.close();
    }
  }
});

void t.test('without forecasts it is sent at the sample that shows it', async (t) => {
  const { go, callsOf } = charging({ enforcement: { isPredictive: false } });
  await go(365);
  t.same(callsOf('RemoteStopTransaction'), [360]);
});

void t.test('a margin ends the charge as much before the quota', async (t) => {
  const { go, callsOf } = charging({ enforcement: { marginWh: 500 } });
  await go(250);
  t.same(callsOf('RemoteStopTransaction').map(Math.round), [245]);
});

void t.test('how long a charger takes to stop is learned, and kept over a restart', async (t) => {
  const { site, id, go } = charging();
  await go(330);
  await site.pass(2);
  site.stop(id, 2000);
  const latencyMs = site.services.journal.live.chargePoint('CP1')?.stopLatencyMs ?? 0;
  t.ok(latencyMs > 500 && latencyMs < 6000, `${latencyMs} ms`);
  await site.settle();
  site.restart();
  t.equal(site.services.journal.live.chargePoint('CP1')?.stopLatencyMs, latencyMs);
});

void t.test('a grant in the last seconds, or after the stop was sent, lets the charge go on', async (t) => {
  for (const afterS of [320, 330]) {
    const { site, id, go, callsOf } = charging();
    await go(afterS);
    site.services.journal.putEntry(sampleEntry('g', { type: 'grant', wh: 1000 }));
    site.services.enforcer.reviewAll();
    t.equal(site.session(id).stop, null);
    const before = callsOf('RemoteStopTransaction').length;
    await go(480 - afterS);
    t.equal(callsOf('RemoteStopTransaction').length, before, `after ${afterS} s`);
    await go(15);
    t.equal(callsOf('RemoteStopTransaction').length, before + 1, 'and ends on what was granted');
    site.services.enforcer.close();
  }
});

void t.test(
  'a sample that shows less than was forecast does not take back a stop that was sent',
  async (t) => {
    const { site, id, go } = charging();
    await go(328);
    site.meter(id, 1900);
    await site.settle();
    t.match(site.session(id).stop, { reason: 'quotaUsedUp' });
  },
);

void t.test(
  'a charger is asked for a sample just before; where it does not answer, at most three times',
  async (t) => {
    const { go, callsOf } = charging({}, 20_000);
    await go(3280);
    const asked = callsOf('TriggerMessage');
    t.ok(asked.length > 0 && asked.length <= 3, asked.join());
    t.equal(callsOf('RemoteStopTransaction').length, 1);
  },
);

void t.test('an answer to the question is what the stop is sent by', async (t) => {
  const { site, id, go, callsOf } = charging();
  const beganMs = site.clock.now();
  site.answer = (action) => {
    // The car began to take less 17 s before: half as much is left as the forecast had it.
    const isLate = site.clock.now() - beganMs > 300_000;
    if (action === 'TriggerMessage' && isLate) site.clock.after(0, () => site.meter(id, 1840));
    return answered('Accepted');
  };
  await go(330);
  t.ok(callsOf('TriggerMessage').length > 0);
  t.same(callsOf('RemoteStopTransaction'), [], 'it would have been sent at 327 s');
});

void t.test('a session that stands still is not stopped', async (t) => {
  const { site, id, go, callsOf } = charging();
  await go(241);
  for (let i = 0; i < 60; i += 1) {
    await site.pass(60);
    site.meter(id, 1466);
  }
  t.same(callsOf('RemoteStopTransaction'), []);
  t.equal(site.services.forecasts.quotaEndsAtMs(site.session(id)), null);
});

void t.test(
  'where the power of the charger is known, a session without samples is stopped by it',
  async (t) => {
    for (const [maxPowerW, isStopped] of [
      [22_000, true],
      [undefined, false],
    ] as const) {
      const { site, id, callsOf } = charging(maxPowerW === undefined ? {} : { maxPowerW });
      await site.pass(30);
      site.meter(id, 100);
      await site.pass(600);
      t.equal(callsOf('RemoteStopTransaction').length > 0, isStopped, String(maxPowerW));
      site.services.enforcer.close();
    }
  },
);

void t.test('after a restart the stop that was forecast goes on, and the forecast begins anew', async (t) => {
  const { site, id, go, callsOf } = charging();
  await go(328);
  await site.settle();
  site.restart();
  t.match(site.session(id).stop, { forecastLeftWh: 167, climbed: 1 });
  await site.pass(20);
  t.equal(callsOf('RemoteStopTransaction').length, 2, 'the second rung');
});

void t.test(
  'a forecast goes on while the charger is away, and its stop is sent when it is back',
  async (t) => {
    const { site, id, go, callsOf } = charging();
    await go(250);
    site.connected.delete('CP1');
    await site.pass(120);
    t.ok(site.services.forecasts.quotaEndsAtMs(site.session(id)), 'people see when it ends');
    t.match(site.session(id).stop, { reason: 'quotaUsedUp' });
    t.same(callsOf('RemoteStopTransaction'), []);
    site.connected.add('CP1');
    site.services.enforcer.reviewChargePoint('CP1');
    await site.settle();
    t.equal(callsOf('RemoteStopTransaction').length, 1);
  },
);

void t.test('all sessions of an account are forecast together', async (t) => {
  const { site, id, go, callsOf } = charging({
    users: ['A', 'B'].map((tag) => sampleUser(tag, { account: 'x', quotaWh: 2000 })),
  });
  const other = site.start({ chargePointId: 'CP2', idTag: 'B' });
  for (const wh of [366, 733]) {
    await go(60);
    site.meter(other, wh, { chargePointId: 'CP2' });
  }
  await go(50);
  t.equal(callsOf('RemoteStopTransaction').length, 2, 'both, after half the time');
  t.same(site.stops.map(({ transactionId }) => transactionId).sort(), [id, other].sort());
});
