// Which settings a charger has: the first rule that fits its id. Reading the rules is load.ts.
import { defaultSettings, type ChargerSettings, type Config } from './schema.ts';

type Settings = Config['chargers']['settings'];

/** Looked at for each message, and for each charger that is shown: made once for each list of settings. */
const patternsOf = new WeakMap<Settings, readonly string[]>();
const idsOf = new WeakMap<Settings, ReadonlyMap<string, string>>();

/**
 * The settings of the first rule in order whose pattern fits the whole id, alone; the defaults where none does. An id in
 * another case is the same charger, so it has the same settings.
 */
export function settingsFor(config: Pick<Config, 'chargers'>, chargePointId: string): ChargerSettings {
  const { settings } = config.chargers;
  if (settings.length === 0) return defaultSettings;
  const id = chargePointId.toLowerCase();
  const index = lowerCasePatterns(settings).findIndex((pattern) => matchesPattern(pattern, id));
  return settings[index]?.settings ?? defaultSettings;
}

function lowerCasePatterns(settings: Settings): readonly string[] {
  const known = patternsOf.get(settings);
  if (known) return known;
  const patterns = settings.map(({ pattern }) => pattern.toLowerCase());
  patternsOf.set(settings, patterns);
  return patterns;
}

/** Whether a name of settings is that of one charger, and no pattern. */
export function isWholeId(name: string): boolean {
  return !/[*?]/.test(name);
}

/** The chargers that the settings name by their whole id; the keys are in lower case. */
export function configuredIds({
  chargers: { settings },
}: Pick<Config, 'chargers'>): ReadonlyMap<string, string> {
  const known = idsOf.get(settings);
  if (known) return known;
  const whole = settings.map(({ pattern }) => pattern).filter(isWholeId);
  const ids = new Map(whole.map((id) => [id.toLowerCase(), id]));
  idsOf.set(settings, ids);
  return ids;
}

/**
 * Whether `*` (any characters, also none) and `?` (exactly one) make the pattern fit the whole id; all else is literal.
 * Only the last star is ever tried again, so the work is bounded by pattern length times id length.
 */
export function matchesPattern(pattern: string, id: string): boolean {
  let inPattern = 0;
  let inId = 0;
  let star = -1;
  let starEnd = 0;
  while (inId < id.length) {
    if (pattern[inPattern] === '*') {
      star = inPattern;
      starEnd = inId;
      inPattern++;
    } else if (pattern[inPattern] === '?' || pattern[inPattern] === id[inId]) {
      inPattern++;
      inId++;
    } else if (star >= 0) {
      starEnd++;
      inId = starEnd;
      inPattern = star + 1;
    } else {
      return false;
    }
  }
  while (pattern[inPattern] === '*') inPattern++;
  return inPattern === pattern.length;
}
