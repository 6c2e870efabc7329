// A scenario of `kwota simulate` from a YAML file: every problem with its line and a hint. What it plays is
// src/simulator/stage.ts; docs/simulating.md describes the keys.
import { readFileSync } from 'node:fs';
import { closest } from '../src/config/closest.ts';
import { integer, list, number, oneOf, text } from '../src/config/kind.ts';
import { ConfigError, type Problem } from '../src/config/problem.ts';
import { YamlText } from '../src/config/yaml-map.ts';
import type { Profile } from '../src/simulator/profile.ts';
import { profileNames, profilesNamed } from '../src/simulator/profiles/known.ts';
import type { Scenario, ScenarioCharger, Step, StepAction } from '../src/simulator/scenario.ts';
import { YamlFields } from './yaml-fields.ts';

const MS_PER_S = 1_000;
const WH_PER_KWH = 1_000;
const PERCENT = 100;
const WEEK_S = 604_800;
const MAX_SPEED = 3_600;
const MAX_ID_LENGTH = 48;
const MAX_TAG_LENGTH = 20;
const MAX_TAGS = 1_000;
const MAX_CHARGERS = 20_000;
const MAX_CONNECTORS = 10;
const MAX_TIMES = 10_000;
/** Of all steps at all of their chargers: each is a timer. */
const MAX_DEEDS = 1_000_000;
const LEAST_ID_DIGITS = 3;
const TAPERS_ABOVE = 0.8;

const ERROR_CODES = [
  ...(['ConnectorLockFailure', 'EVCommunicationError', 'GroundFailure', 'HighTemperature'] as const),
  ...(['InternalError', 'OtherError', 'OverCurrentFailure', 'OverVoltage', 'PowerMeterFailure'] as const),
  ...(['PowerSwitchFailure', 'ReaderFailure', 'UnderVoltage', 'WeakSignal'] as const),
] as const;
const ACTIONS = ['tap', 'unplug', 'fault', 'repair', 'cut-line', 'lose-power'] as const;

/** The chargers that one entry of the file stands for, by the id that steps name them by. */
type Groups = ReadonlyMap<string, readonly ScenarioCharger[]>;

/** Throws a ConfigError with all that is wrong. */
export function readScenario(path: string): Scenario {
  const problems: Problem[] = [];
  const yaml = new YamlText(contentOf(path));
  for (const { position, message, hint } of yaml.faults())
    problems.push({ source: path, ...position, path: '', message, hint });
  if (problems.length > 0) throw new ConfigError(problems);
  const file = new YamlFields(yaml.root(), '', { file: path, yaml, problems });
  const scenario = scenarioOf(file);
  file.finish();
  if (problems.length > 0) throw new ConfigError(problems);
  return scenario;
}

function contentOf(path: string): string {
  try {
    return readFileSync(path, 'utf8');
  } catch (cause) {
    const code = (cause as NodeJS.ErrnoException).code ?? String(cause);
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code;
    throw new Error(`${path}: ${why}; docs/simulating.md has scenarios to begin with`, { cause });
  }
}

function scenarioOf(file: YamlFields): Scenario {
  const name = file.may('name', text(100), 'a scenario');
  const speed = file.may('speed', number(1, MAX_SPEED), 1);
  const endsS = file.may('ends', number(1, WEEK_S), null);
  const groups = groupsOf(file);
  const items = file.items('steps');
  if (items.length === 0) file.report('steps', 'the file needs steps', 'such as "- { at: 5, do: tap, … }"');
  const steps = items.flatMap((fields) => {
    const step = stepOf(fields, groups);
    return step === null ? [] : [step];
  });
  const deeds = steps.reduce((sum, { times, chargerIds }) => sum + times * chargerIds.length, 0);
  if (deeds > MAX_DEEDS)
    file.report(
      'steps',
      `the steps are ${deeds} in all, and ${MAX_DEEDS} is the most`,
      'lower count or times',
    );
  return { name, speed, chargers: [...groups.values()].flat(), steps, endsAfterMs: msOrNull(endsS) };
}

function groupsOf(file: YamlFields): Groups {
  const groups = new Map<string, readonly ScenarioCharger[]>();
  const ids = new Set<string>();
  const items = file.items('chargers');
  if (items.length === 0) file.report('chargers', 'the file needs chargers', 'such as "- { id: GATE_01 }"');
  for (const fields of items) {
    const id = fields.need('id', text(MAX_ID_LENGTH));
    const profiles = profilesNamed(fields.may('profile', oneOf(...profileNames), 'generic'));
    const count = fields.may('count', integer(1, MAX_CHARGERS), null);
    fields.finish();
    if (id === null) continue;
    const chargers = chargersOf(id, count, profiles);
    const taken = chargers.find((one) => ids.has(one.id));
    if (taken) fields.report('id', `there are two chargers ${taken.id}`, 'give each an id of its own');
    for (const one of chargers) ids.add(one.id);
    groups.set(id, chargers);
  }
  if (ids.size > MAX_CHARGERS) file.report('chargers', `more than ${MAX_CHARGERS} chargers`, null);
  return groups;
}

/** `LOT` with a count is LOT_001, LOT_002 and so on. */
function chargersOf(
  id: string,
  count: number | null,
  profiles: readonly [Profile, ...Profile[]],
): readonly ScenarioCharger[] {
  if (count === null) return [{ id, profile: profiles[0] }];
  const digits = Math.max(LEAST_ID_DIGITS, String(count).length);
  return Array.from({ length: count }, (_, index) => ({
    id: `${id}_${String(index + 1).padStart(digits, '0')}`,
    profile: profiles[index % profiles.length] ?? profiles[0],
  }));
}

function stepOf(fields: YamlFields, groups: Groups): Step | null {
  const atS = fields.need('at', number(0, WEEK_S));
  const kind = fields.need('do', oneOf(...ACTIONS));
  const chargerId = fields.need('charger', text(MAX_ID_LENGTH));
  const connectorId = fields.may('connector', integer(1, MAX_CONNECTORS), 1);
  const times = fields.may('times', integer(1, MAX_TIMES), 1);
  const everyS = fields.may('every', number(1, WEEK_S), null);
  const withinS = fields.may('within', number(0, WEEK_S), 0);
  const action = kind === null ? null : actionOf(kind, fields);
  // Which keys there are depends on what is done.
  if (kind !== null) fields.finish();
  const chargers = chargerId === null ? [] : chargersNamed(chargerId, fields, groups);
  const small = chargers.find(({ profile }) => profile.connectors < connectorId);
  if (small) {
    const most = `${small.profile.name} chargers have ${small.profile.connectors}`;
    fields.report('connector', `${small.id} has no connector ${connectorId}`, most);
  }
  if (times > 1 && everyS === null) fields.report('times', 'times needs every', 'say after how many seconds');
  if (atS === null || action === null || chargers.length === 0) return null;
  return {
    ...{ times, connectorId, action, atMs: atS * MS_PER_S },
    ...{ everyMs: (everyS ?? 0) * MS_PER_S, withinMs: withinS * MS_PER_S },
    chargerIds: chargers.map(({ id }) => id),
  };
}

/** Those of an entry, or a single one of those that an entry counts. */
function chargersNamed(id: string, fields: YamlFields, groups: Groups): readonly ScenarioCharger[] {
  const group = groups.get(id);
  if (group) return group;
  const one = [...groups.values()].flat().find((charger) => charger.id === id);
  if (one) return [one];
  const near = closest(id, [...groups.keys()]);
  const hint = near === null ? `chargers has ${[...groups.keys()].join(', ')}` : `did you mean ${near}?`;
  fields.report('charger', `there is no charger ${id}`, hint);
  return [];
}

function actionOf(kind: (typeof ACTIONS)[number], fields: YamlFields): StepAction | null {
  switch (kind) {
    case 'tap': {
      const tags = fields.need('tags', list(text(MAX_TAG_LENGTH), MAX_TAGS));
      const maxPowerW = fields.may('power', number(0.1, 1_000), 11) * WH_PER_KWH;
      const batteryWh = fields.may('battery', number(1, 1_000), 60) * WH_PER_KWH;
      const startsAt = fields.may('charged', number(0, 99), 20) / PERCENT;
      const [first, ...others] = tags ?? [];
      if (first === undefined) {
        if (tags) fields.report('tags', 'tags needs a card', 'such as RFID001');
        return null;
      }
      const car = { maxPowerW, batteryWh, startsAt, tapersAbove: TAPERS_ABOVE };
      return { kind, idTags: [first, ...others], car };
    }
    case 'fault':
      return { kind, errorCode: fields.may('error', oneOf(...ERROR_CODES), 'OtherError') };
    case 'cut-line':
      return { kind: 'cutLine', forMs: fields.may('for', number(1, WEEK_S), 60) * MS_PER_S };
    case 'lose-power':
      return { kind: 'losePower' };
    case 'unplug':
    case 'repair':
      return { kind };
  }
}

function msOrNull(seconds: number | null): number | null {
  return seconds === null ? null : seconds * MS_PER_S;
}
