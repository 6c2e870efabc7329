// Makes the configuration of flags, environment, config.yaml and defaults, or says everything that is wrong with them.
// It reads no disk and no process: texts, variables and flags are given.
import type { Problem } from './problem.ts';
import type { Key, Machine } from './key.ts';
import { chargerSettings, sections, type Config, type ScalarPath, type Section } from './schema.ts';
import { readKey } from './value.ts';
import { readFileValues, type FileContent, type FileValues } from './yaml-file.ts';

export interface ConfigSources {
  /** Null: there is no file, which is fine. */
  readonly file: FileContent | null;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Texts of the flags that were given. */
  readonly flags: Readonly<Partial<Record<ScalarPath, string | undefined>>>;
  readonly machine: Machine;
}

/** A whole configuration, or every problem: those of the file first, in its order. */
export type LoadResult = { readonly config: Config } | { readonly problems: readonly Problem[] };

const NO_FILE: FileValues = { values: new Map(), rules: [], problems: [] };

/** Flag before variable before file before default; whatever is written is checked, also where it does not count. */
export function loadConfig(sources: ConfigSources): LoadResult {
  const { file, env, machine } = sources;
  const fromFile = file === null ? NO_FILE : readFileValues(file, env, machine.cwd);
  const problems = [...fromFile.problems];
  const config = Object.fromEntries(
    sections.map(([section, { keys }]) => [
      section,
      Object.fromEntries(
        Object.entries(keys).map(([name, key]) => [
          name,
          memberOf(`${section}.${name}`, key, sources, fromFile, problems),
        ]),
      ),
    ]),
  );
  // The loop above has gone through the schema that the type is made of.
  return problems.length > 0 ? { problems } : { config: config as unknown as Config };
}

/** Lists and rules are written in the file only: no flag or variable holds them. */
function memberOf(
  path: string,
  key: Section['keys'][string],
  sources: ConfigSources,
  fromFile: FileValues,
  problems: Problem[],
): unknown {
  if ('kind' in key) return valueOf(path, key, sources, fromFile, problems);
  if ('keysOfItem' in key) return fromFile.values.get(path) ?? [];
  if ('keysOfCharger' in key) return rulesOf(fromFile);
  return Object.fromEntries(
    Object.entries(key.keysOfGroup).map(([name, inner]) => [
      name,
      valueOf(`${path}.${name}`, inner, sources, fromFile, problems),
    ]),
  );
}

/** `--ocpp-port`; the data folder is `--data`. */
export function flagName(path: string): string {
  return path === 'data.dir' ? '--data' : `--${words(path).join('-')}`;
}

/** `KWOTA_OCPP_PORT`; the data folder is `KWOTA_DATA`, then as every key `KWOTA_DATA_DIR`. The first that is set counts. */
export function variableNames(path: string): readonly string[] {
  const name = `KWOTA_${words(path).join('_').toUpperCase()}`;
  return path === 'data.dir' ? ['KWOTA_DATA', name] : [name];
}

function words(path: string): string[] {
  return path.replace(/[A-Z]/g, (capital) => `.${capital.toLowerCase()}`).split('.');
}

function valueOf(
  path: string,
  key: Key<unknown>,
  sources: ConfigSources,
  fromFile: FileValues,
  problems: Problem[],
): unknown {
  const given: unknown[] = [];
  for (const { source, text } of writtenOutside(path, sources)) {
    const reading = readKey(path, key, text, sources.machine.cwd);
    if ('value' in reading) given.push(reading.value);
    else problems.push({ source, line: null, column: null, path, ...reading });
  }
  if (given.length > 0) return given[0];
  if (fromFile.values.has(path)) return fromFile.values.get(path);
  return defaultOf(path, key, sources.machine, problems);
}

/** The flag and the variables of a key, the one that counts first; an empty variable is one that is not set. */
function writtenOutside(path: string, { flags, env }: ConfigSources): { source: string; text: string }[] {
  const flag = (flags as Readonly<Record<string, string | undefined>>)[path];
  const written = flag === undefined ? [] : [{ source: flagName(path), text: flag }];
  for (const name of variableNames(path)) {
    const text = env[name];
    if (text !== undefined && text !== '') written.push({ source: name, text });
  }
  return written;
}

function defaultOf(path: string, key: Key<unknown>, machine: Machine, problems: Problem[]): unknown {
  if ('value' in key.default) return key.default.value;
  const reading = readKey(path, key, machine[key.default.from], machine.cwd);
  if ('value' in reading) return reading.value;
  const hint = `write ${path} into config.yaml, as the month depends on it`;
  problems.push({ source: 'this machine', line: null, column: null, path, message: reading.message, hint });
  return null;
}

/** In the order of the file, `*` last: it would hide what comes after it. */
function rulesOf({ rules }: FileValues): Config['chargers']['settings'] {
  const all = rules.map(({ pattern, values }) => ({ pattern, settings: chargerSettings(values) }));
  return [...all.filter(({ pattern }) => pattern !== '*'), ...all.filter(({ pattern }) => pattern === '*')];
}
