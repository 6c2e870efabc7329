// Which rule a charger gets.
import t from 'tap';
import { matchesPattern, settingsFor } from './charger-settings.ts';
import { loadConfig } from './load.ts';
import type { ChargerSettings } from './schema.ts';

function settingsOf(yaml: string, chargePointId: string): ChargerSettings {
  const machine = { cwd: '/site', timeZone: 'UTC' };
  const result = loadConfig({ file: { path: 'config.yaml', text: yaml }, env: {}, flags: {}, machine });
  if ('problems' in result) throw new Error(JSON.stringify(result.problems));
  return settingsFor(result.config, chargePointId);
}

t.test('a pattern fits the whole id, with stars and question marks', (t) => {
  for (const [pattern, id, fits] of [
    ['*', '', true],
    ['*', 'any/thing', true],
    ['', '', true],
    ['', 'A', false],
    ['CP_01', 'CP_01', true],
    ['CP_01', 'cp_01', false],
    ['CP_01', 'CP_012', false],
    ['CP_?', 'CP_1', true],
    ['CP_?', 'CP_', false],
    ['CP_?', 'CP_12', false],
    ['CP_*', 'CP_', true],
    ['*_01', 'A_01_01', true],
    ['*_01', 'A_01_02', false],
    ['A*B*C', 'AxBxBC', true],
    ['A*B*C', 'AxCxB', false],
    ['*A?', 'AAA', true],
    ['A**', 'A', true],
    ['A.C', 'ABC', false],
    ['[AB]', 'A', false],
  ] as const) {
    t.equal(matchesPattern(pattern, id), fits, `${pattern} on ${id}`);
  }
  t.end();
});

t.test('a pattern made to be slow is decided at once', (t) => {
  t.equal(matchesPattern(`${'*a'.repeat(120)}b`, 'a'.repeat(20_000)), false);
  t.end();
});

t.test('a charger that no rule names has the defaults', (t) => {
  t.match(settingsOf('', 'CP_01'), { energyUnit: 'auto', brand: null });
  t.end();
});

t.test('the first rule that fits counts alone, whatever a later one adds', (t) => {
  const yaml = 'chargers: {settings: {CP_01: {brand: ABB}, "CP_*": {energyUnit: kWh}}}';
  t.match(settingsOf(yaml, 'CP_01'), { energyUnit: 'auto', brand: 'ABB' });
  t.match(settingsOf(yaml, 'CP_02'), { energyUnit: 'kWh', brand: null });
  t.match(settingsOf(yaml, 'XX_02'), { energyUnit: 'auto', brand: null });
  t.end();
});

t.test('the rule of all chargers is tried last, wherever it stands', (t) => {
  const yaml = 'chargers: {settings: {"*": {energyUnit: Wh}, CP_01: {energyUnit: kWh}}}';
  t.equal(settingsOf(yaml, 'CP_01').energyUnit, 'kWh');
  t.equal(settingsOf(yaml, 'CP_02').energyUnit, 'Wh');
  t.end();
});

t.test('ids that look like numbers keep their order and their zeros', (t) => {
  const yaml = 'chargers:\n  settings:\n    007: {brand: A}\n    7: {brand: B}\n    "?": {brand: C}\n';
  t.equal(settingsOf(yaml, '007').brand, 'A');
  t.equal(settingsOf(yaml, '7').brand, 'B');
  t.equal(settingsOf(yaml, '5').brand, 'C');
  t.end();
});
