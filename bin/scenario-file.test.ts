// A scenario as it is written: what comes of it, and each mistake with its line and what to do about it.
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { ConfigError, describeProblem } from '../src/config/problem.ts';
import { readScenario } from './scenario-file.ts';

const GOOD = `
name: two of a lot
speed: 60
ends: 600
chargers:
  - { id: GATE, profile: schneider }
  - { id: LOT, profile: mixed, count: 12 }
steps:
  - { at: 5, do: tap, charger: GATE, tags: RFID001, power: 22, battery: 40, charged: 50 }
  - { at: 6.5, do: tap, charger: LOT, tags: [A, B], within: 30, every: 120, times: 3 }
  - { at: 20, do: fault, charger: LOT_003, error: GroundFailure }
  - { at: 30, do: cut-line, charger: GATE, for: 45 }
  - { at: 40, do: lose-power, charger: GATE }
`;

function written(t: Test, text: string): string {
  const file = join(t.testdir({}), 'play.yaml');
  writeFileSync(file, text);
  return file;
}

/** `line:column message; hint` */
function problems(t: Test, text: string): string[] {
  try {
    readScenario(written(t, text));
    return [];
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map((problem) => describeProblem({ ...problem, source: 'play.yaml' }));
  }
}

void t.test('chargers are counted, and steps are in charging time', (t) => {
  const scenario = readScenario(written(t, GOOD));
  t.equal(scenario.chargers.length, 13);
  t.match(scenario, { name: 'two of a lot', speed: 60, endsAfterMs: 600_000 });
  t.match(scenario.chargers[1], { id: 'LOT_001', profile: { name: 'generic' } });
  t.match(scenario.chargers[12], { id: 'LOT_012' });
  const [tap, many, fault, cut, power] = scenario.steps;
  t.match(tap, { atMs: 5_000, times: 1, chargerIds: ['GATE'], connectorId: 1, withinMs: 0 });
  t.match(tap?.action, { idTags: ['RFID001'], car: { maxPowerW: 22_000, batteryWh: 40_000, startsAt: 0.5 } });
  t.match(many, {
    atMs: 6_500,
    times: 3,
    everyMs: 120_000,
    withinMs: 30_000,
    action: { idTags: ['A', 'B'] },
  });
  t.equal(many?.chargerIds.length, 12);
  t.match(fault, { chargerIds: ['LOT_003'], action: { errorCode: 'GroundFailure' } });
  t.match([cut?.action, power?.action], [{ kind: 'cutLine', forMs: 45_000 }, { kind: 'losePower' }]);
  t.end();
});

void t.test('what is shipped can be read', (t) => {
  const folder = join(import.meta.dirname, '../docs/scenarios');
  for (const file of readdirSync(folder)) t.ok(readScenario(join(folder, file)).steps.length > 0, file);
  t.end();
});

void t.test('a mistake is told with its line and what to do', (t) => {
  for (const [why, text, expected] of [
    ['no map', 'hello', 'play.yaml:1:1: the file must be a map of keys to values'],
    ['nothing', '', 'play.yaml:1:1: the file needs chargers; such as "- { id: GATE_01 }"'],
    ['no YAML', 'name: [', 'play.yaml:1:'],
    ['a key', GOOD.replace('speed', 'sped'), 'play.yaml:3:1: sped is not a known key; did you mean speed?'],
    [
      'a key of a step',
      GOOD.replace('tags: RFID001', 'tag: RFID001'),
      'play.yaml:9:5: steps[0] needs tags; a list of at most 1000',
    ],
    [
      'a key of another action',
      GOOD.replace('for: 45', 'for: 45, power: 3'),
      'play.yaml:12:53: steps[3].power is not a known key; there are at, do, charger',
    ],
    ['an action', GOOD.replace('lose-power', 'lose-pwer'), 'steps[4].do must be one of tap, unplug'],
    ['a number', GOOD.replace('6.5', '"6,5"'), 'play.yaml:10:7: steps[1].at must be'],
    [
      'a charger',
      GOOD.replace('charger: GATE, for', 'charger: GTE, for'),
      'there is no charger GTE; did you mean GATE?',
    ],
    [
      'a connector',
      GOOD.replace('tags: RFID001', 'connector: 2, tags: RFID001'),
      'play.yaml:9:38: GATE has no connector 2; schneider chargers have 1',
    ],
    [
      'two of one id',
      GOOD.replace('id: LOT', 'id: GATE').replace(', count: 12', ''),
      'there are two chargers GATE',
    ],
    ['times alone', GOOD.replace('every: 120, ', ''), 'play.yaml:10:65: times needs every'],
    ['a profile', GOOD.replace('schneider', 'schnieder'), 'did you mean schneider?'],
    ['a key twice', GOOD.replace('speed: 60', 'speed: 60\nspeed: 61'), 'play.yaml:4:1: speed stands twice'],
    [
      'too much',
      GOOD.replace('times: 3', 'times: 10000').replace('count: 12', 'count: 200'),
      'and 1000000 is the most',
    ],
  ] as const) {
    const found = problems(t, text);
    t.ok(
      found.some((line) => line.includes(expected)),
      `${why}: ${found.join(' | ')}`,
    );
  }
  t.end();
});

void t.test('a file that is not there is told by its name', (t) => {
  t.throws(() => readScenario('absent.yaml'), { message: /^absent\.yaml: there is no such file; / });
  t.end();
});
