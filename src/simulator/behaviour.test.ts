// What the simulated world is made of: cars, meters, profiles, chance.
import t from 'tap';
import { createManualClock } from '../runtime/manual-clock.ts';
import { charged, stateOfCharge, unplugged, wantedPowerW, type Car } from './car.ts';
import { Configuration } from './configuration.ts';
import { Meter, registerText, startStopValue } from './meter.ts';
import { chargingClock } from './pace.ts';
import { generic } from './profiles/generic.ts';
import { livoltek } from './profiles/livoltek.ts';
import { profileNames, profilesNamed } from './profiles/known.ts';
import { schneiderEvlink } from './profiles/schneider-evlink.ts';
import { between, seededRandom } from './random.ts';

const HOUR_MS = 3_600_000;
const steady: Car = { maxPowerW: 10_000, batteryWh: 50_000, startsAt: 0.5, tapersAbove: 1 };

t.test('a steady car takes full power until it is full, and nothing then', (t) => {
  const afterAnHour = charged(steady, unplugged, HOUR_MS, Infinity);
  t.ok(Math.abs(afterAnHour.takenWh - 10_000) < 0.001);
  const full = charged(steady, afterAnHour, 9 * HOUR_MS, Infinity);
  t.equal(full.takenWh, 25_000);
  t.equal(stateOfCharge(steady, full), 1);
  t.equal(wantedPowerW(steady, full), 0);
  t.end();
});

t.test('a limit holds, and 0 stops the flow', (t) => {
  t.ok(Math.abs(charged(steady, unplugged, HOUR_MS, 4_000).takenWh - 4_000) < 0.001);
  t.equal(charged(steady, unplugged, HOUR_MS, 0).takenWh, 0);
  t.end();
});

t.test('a tapering car takes less and less above its state of charge', (t) => {
  const car: Car = { ...steady, tapersAbove: 0.8 };
  const at = (soc: number) =>
    wantedPowerW(car, { takenWh: (soc - car.startsAt) * car.batteryWh, elapsedMs: 0 });
  t.equal(at(0.8), 10_000);
  t.ok(Math.abs(at(0.9) - 5_500) < 0.001);
  t.ok(at(0.999) > 1_000 && at(0.999) < 1_100);
  t.equal(at(1), 0);
  t.end();
});

t.test('a pausing car takes nothing in its pauses', (t) => {
  const car: Car = { ...steady, pauses: { afterMs: HOUR_MS, forMs: HOUR_MS } };
  const first = charged(car, unplugged, HOUR_MS, Infinity);
  t.equal(wantedPowerW(car, first), 0);
  const second = charged(car, first, HOUR_MS, Infinity);
  t.equal(second.takenWh, first.takenWh);
  t.equal(wantedPowerW(car, second), 10_000);
  t.end();
});

t.test(
  'a lifetime register counts on, a session register begins anew, and neither shows a step begun',
  (t) => {
    for (const [style, shown, again] of [
      [generic.register, 501_999, 502_499],
      [livoltek.register, 1_000, 0],
    ] as const) {
      const meter = new Meter(style, 500_000);
      meter.beginSession();
      meter.add(1_999.9);
      t.equal(meter.shownWh, shown);
      t.ok(Math.abs(meter.sessionWh - 1_999.9) < 0.001);
      meter.beginSession();
      meter.add(500);
      t.equal(meter.shownWh, again);
    }
    t.end();
  },
);

t.test('a register is written in the unit of its profile', (t) => {
  t.equal(registerText(livoltek.register, 23_000), '23.0');
  t.equal(registerText(schneiderEvlink.register, 788_667), '788667');
  t.equal(startStopValue(livoltek.register, 23_000), 23_000);
  t.equal(startStopValue({ ...livoltek.register, startStopUnit: 'kWh' }, 23_640), 23);
  t.end();
});

t.test(
  'a configuration finds keys in any case, and refuses what is read-only, unknown or no value of it',
  (t) => {
    const configuration = new Configuration(generic.configuration);
    const change = (key: string, value: string) => configuration.change({ key, value }).status;
    t.equal(change('METERVALUESAMPLEINTERVAL', '10'), 'Accepted');
    t.equal(configuration.intervalMs('MeterValueSampleInterval'), 10_000);
    t.equal(change('MeterValueSampleInterval', 'often'), 'Rejected');
    t.equal(change('NumberOfConnectors', '3'), 'Rejected');
    t.equal(change('NoSuchKey', '3'), 'NotSupported');
    t.same(configuration.get({ key: ['heartbeatinterval', 'NoSuchKey'] }), {
      configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '60' }],
      unknownKey: ['NoSuchKey'],
    });
    t.equal(change('MeterValuesSampledData', 'Voltage,Energy.Active.Import.Register'), 'Accepted');
    t.same(configuration.measurands('MeterValuesSampledData'), ['Energy.Active.Import.Register', 'Voltage']);
    t.equal(change('MeterValuesSampledData', 'Voltage,'), 'Rejected');
    t.end();
  },
);

t.test('every profile has a name to ask for, and takes the values that it has', (t) => {
  const brands = profilesNamed('mixed');
  t.equal(brands.length, 9);
  t.same(profileNames, [...brands.map(({ name }) => name), 'stubborn', 'mixed']);
  t.match(profilesNamed('stubborn'), [{ remoteStop: 'accept-only' }]);
  for (const profile of brands) {
    t.same(profilesNamed(profile.name), [profile]);
    for (const [key, { value, accepts }] of Object.entries(profile.configuration))
      t.ok(accepts?.test(value) ?? true, `${profile.name} ${key}`);
    const { NumberOfConnectors: connectors } = profile.configuration;
    t.equal(connectors?.value, String(profile.connectors));
  }
  t.end();
});

t.test('the same seed gives the same chance', (t) => {
  const draw = (seed: number) => {
    const random = seededRandom(seed);
    return Array.from({ length: 50 }, () => between(random, 3, 9));
  };
  t.same(draw(1), draw(1));
  t.notSame(draw(1), draw(2));
  t.same([...new Set(draw(1))].sort(), [3, 4, 5, 6, 7, 8, 9]);
  t.end();
});

t.test('charging passes as fast as it is told, the time of day does not', (t) => {
  const clock = createManualClock();
  const charging = chargingClock(clock, 60);
  let fired = 0;
  charging.after(60_000, () => (fired += 1));
  clock.advance(999);
  t.equal(fired, 0);
  clock.advance(1);
  t.equal(fired, 1);
  t.equal(charging.monotonicMs(), 60_000);
  t.equal(charging.now(), 1_000);
  t.end();
});
