// A unit is doubted only after three samples over fifteen minutes of charging; a pause, a queue or little use prove nothing.
import t from 'tap';
import { openAccount } from './energy-account.ts';
import { sampleSession } from './sample.fixture.ts';
import { inOtherUnit } from './session-unit.ts';
import { watchUnit, type SuspectedUnit, type UnitWatch } from './unit-suspicion.ts';

const MINUTE = 60_000;

/** Registers by minute of the server's time, all while charging. */
function suspectedOf(
  steps: readonly (readonly [minute: number, wh: number])[],
  maxPowerW = 400_000,
): SuspectedUnit | null {
  let watch: UnitWatch | null = null;
  let suspected: SuspectedUnit | null = null;
  for (const [minute, wh] of steps) {
    ({ watch, suspected } = watchUnit(watch, {
      wh,
      receivedAtMs: minute * MINUTE,
      isCharging: true,
      maxPowerW,
    }));
  }
  return suspected;
}

void t.test('kWh that are labelled Wh', (t) => {
  t.equal(
    suspectedOf([
      [0, 361],
      [7, 362],
      [15, 363],
    ]),
    'kWh',
    'about 8 kW',
  );
  t.equal(
    suspectedOf([
      [0, 361],
      [7, 362],
      [14, 363],
    ]),
    null,
    'not within 15 minutes',
  );
  t.equal(
    suspectedOf([
      [0, 361],
      [15, 363],
    ]),
    null,
    'not from two samples',
  );
  t.equal(
    suspectedOf([
      [0, 361],
      [7, 361],
      [15, 362],
    ]),
    null,
    'one step may be standby',
  );
  t.equal(
    suspectedOf(
      [
        [0, 361],
        [7, 380],
        [15, 399],
      ],
      22_000,
    ),
    null,
    'as kWh it would be 152 kW of 22',
  );
  t.equal(
    suspectedOf([
      [0, 0],
      [7, 20],
      [15, 37],
    ]),
    'kWh',
    '148 W as Wh',
  );
  t.equal(
    suspectedOf([
      [0, 0],
      [7, 20],
      [15, 38],
    ]),
    null,
    '152 W as Wh: little, but a car may take it',
  );
  t.end();
});

void t.test('Wh that are labelled kWh move faster than any connector can give', (t) => {
  t.equal(
    suspectedOf(
      [
        [0, 0],
        [8, 1_000_000],
        [15, 2_000_000],
      ],
      22_000,
    ),
    'Wh',
  );
  t.equal(
    suspectedOf(
      [
        [0, 0],
        [8, 3000],
        [15, 5500],
      ],
      22_000,
    ),
    null,
    'exactly 22 kW',
  );
  t.equal(
    suspectedOf(
      [
        [0, 0],
        [8, 3000],
        [15, 5501],
      ],
      22_000,
    ),
    'Wh',
  );
  t.end();
});

void t.test('a pause or a register that began anew starts the watch anew', (t) => {
  const { watch } = watchUnit(null, { wh: 361, receivedAtMs: 0, isCharging: true, maxPowerW: 22_000 });
  t.match(watch, { sinceMs: 0, sinceWh: 361, samples: 1 });
  t.same(watchUnit(watch, { wh: 363, receivedAtMs: 1, isCharging: false, maxPowerW: 1 }), {
    watch: null,
    suspected: null,
  });
  const again = watchUnit(watch, { wh: 0, receivedAtMs: 20 * MINUTE, isCharging: true, maxPowerW: 22_000 });
  t.match(again.watch, { sinceMs: 20 * MINUTE, sinceWh: 0, samples: 1 });
  t.end();
});

void t.test('a session is put into the other unit as a whole', (t) => {
  const line = { last: { wh: 23, atMs: 0 }, energyAtLast: { '2026-11-30': 23 }, begunMs: 0 };
  const account = { ...openAccount({ wh: 0, atMs: 0 }), lines: [line], energyByDay: { '2026-11-30': 23 } };
  const session = sampleSession(1, { account, energyByDay: { '2026-11-30': 23 }, suspectedUnit: 'kWh' });
  const meant = inOtherUnit(session, 'kWh');
  t.same(meant.energyByDay, { '2026-11-30': 23_000 });
  t.equal(meant.account.lines[0]?.last.wh, 23_000);
  t.equal(meant.suspectedUnit, null);
  t.same(inOtherUnit(meant, 'Wh').energyByDay, { '2026-11-30': 23 });
  t.end();
});
