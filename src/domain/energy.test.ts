// Sums of energy by day: nothing is lost on the way to kWh and back, and what was added can be taken back exactly.
import fc from 'fast-check';
import t from 'tap';
import { addEnergy, kWhOf, subtractEnergy, totalWh, whOf } from './energy.ts';

const MAX_WH = 1e13;

void t.test('kWh of other programs become the nearest whole Wh', (t) => {
  for (const [kWh, wh] of [
    [0, 0],
    [85.5, 85_500],
    [18.411, 18_411],
    [1.0004, 1000],
    [1.0006, 1001],
    [8.2 + 0.1, 8300],
    [4.35, 4350],
    [-0.5, -500],
  ] as const)
    t.equal(whOf(kWh), wh, String(kWh));
  t.end();
});

void t.test('any whole Wh is the same after the way to kWh and back', (t) => {
  fc.assert(fc.property(fc.integer({ min: -MAX_WH, max: MAX_WH }), (wh) => whOf(kWhOf(wh)) === wh));
  t.end();
});

void t.test('days are added one by one, and the parts stay as they were', (t) => {
  const [before, part] = [
    { '2026-11-29': 5, '2026-11-30': 7 },
    { '2026-11-30': 2, '2026-12-01': 3 },
  ];
  t.strictSame(addEnergy(before, part), { '2026-11-29': 5, '2026-11-30': 9, '2026-12-01': 3 });
  t.strictSame(subtractEnergy(before, { '2026-11-30': 2 }), { '2026-11-29': 5, '2026-11-30': 5 });
  t.strictSame(before, { '2026-11-29': 5, '2026-11-30': 7 });
  t.strictSame(part, { '2026-11-30': 2, '2026-12-01': 3 });
  t.equal(totalWh(before), 12);
  t.equal(totalWh({}), 0);
  t.end();
});

void t.test('a day that comes to nothing is left out', (t) => {
  t.strictSame(addEnergy({ '2026-11-30': 7 }, { '2026-11-30': -7 }), {});
  t.strictSame(addEnergy({}, { '2026-11-30': 0 }), {});
  t.strictSame(subtractEnergy({ '2026-11-30': 7, '2026-12-01': 1 }, { '2026-11-30': 7 }), {
    '2026-12-01': 1,
  });
  t.end();
});

void t.test('what was added is taken back exactly, and totals add up', (t) => {
  const day = fc.constantFrom('2026-11-29', '2026-11-30', '2026-12-01');
  const energy = fc.dictionary(day, fc.integer({ min: 1, max: 1_000_000 }));
  fc.assert(
    fc.property(energy, energy, (sum, part) => {
      const added = addEnergy(sum, part);
      t.strictSame(subtractEnergy(added, part), { ...sum });
      return totalWh(added) === totalWh(sum) + totalWh(part);
    }),
  );
  t.end();
});
