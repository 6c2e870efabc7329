// Checks config.yaml against the schema: every value that is good, and a problem for everything that is not.
import { dirname, resolve } from 'node:path';
import { isWholeId, matchesPattern } from './charger-settings.ts';
import { closest } from './closest.ts';
import { interpolate } from './interpolate.ts';
import type { Problem } from './problem.ts';
import type { Key } from './key.ts';
import { sections, type ByCharger, type Group, type ListOfMaps, type Section } from './schema.ts';
import { mustBe, quote, readKey } from './value.ts';
import { YamlText, type Position, type YamlEntry, type YamlNode } from './yaml-map.ts';

export interface FileContent {
  /** As it shall be named in problems; relative to the working folder or absolute. */
  readonly path: string;
  readonly text: string;
}

/** The entries of chargers.settings before defaults: only what was written. */
export interface RawRule {
  readonly pattern: string;
  readonly values: ReadonlyMap<string, unknown>;
}

export interface FileValues {
  /** By path; only keys that are written and good. */
  readonly values: ReadonlyMap<string, unknown>;
  readonly rules: readonly RawRule[];
  readonly problems: readonly Problem[];
}

const MAX_PATTERN_LENGTH = 255;

/** Reads the text of a configuration file; ${NAME} comes from `env`, relative paths start at the file. */
export function readFileValues(
  file: FileContent,
  env: Readonly<Record<string, string | undefined>>,
  cwd: string,
): FileValues {
  const reader = new Reader(file, env, dirname(resolve(cwd, file.path)));
  reader.readAll();
  return reader;
}

class Reader implements FileValues {
  readonly values = new Map<string, unknown>();
  readonly rules: RawRule[] = [];
  readonly problems: Problem[] = [];
  readonly #file: FileContent;
  readonly #env: Readonly<Record<string, string | undefined>>;
  readonly #baseDir: string;
  readonly #yaml: YamlText;

  constructor(file: FileContent, env: Readonly<Record<string, string | undefined>>, baseDir: string) {
    this.#file = file;
    this.#env = env;
    this.#baseDir = baseDir;
    this.#yaml = new YamlText(file.text);
  }

  readAll(): void {
    const faults = this.#yaml.faults();
    for (const fault of faults) this.#report(fault.position, '', fault.message, fault.hint);
    if (faults.length > 0) return;
    const known = new Map(sections);
    for (const entry of this.#entries(this.#yaml.root(), '')) {
      const section = known.get(entry.name);
      if (section === undefined) this.#reportUnknown(entry, '', [...known.keys()]);
      else if (section.isOneMap) this.#readWhole(entry, section);
      else this.#readSection(entry, section);
    }
  }

  #readWhole(entry: YamlEntry, section: Section): void {
    for (const [name, key] of Object.entries(section.keys)) {
      if ('kind' in key) this.#readValue(entry, entry.name, key, `${entry.name}.${name}`, this.values);
    }
  }

  #readSection(parent: YamlEntry, section: Section): void {
    const known = new Map(Object.entries(section.keys));
    for (const entry of this.#entries(parent.value, parent.name)) {
      const key = known.get(entry.name);
      const path = `${parent.name}.${entry.name}`;
      if (key === undefined) this.#reportUnknown(entry, parent.name, [...known.keys()]);
      else if ('kind' in key) this.#readValue(entry, path, key, path, this.values);
      else if ('keysOfItem' in key) this.#readItems(entry.value, path, key);
      else if ('keysOfGroup' in key) this.#readGroup(entry.value, path, key);
      else this.#readRules(entry.value, path, key);
    }
  }

  #readGroup(parent: YamlNode, path: string, { keysOfGroup }: Group): void {
    const known = new Map(Object.entries(keysOfGroup));
    for (const entry of this.#entries(parent, path)) {
      const key = known.get(entry.name);
      const inner = `${path}.${entry.name}`;
      if (key === undefined) this.#reportUnknown(entry, path, [...known.keys()]);
      else this.#readValue(entry, inner, key, inner, this.values);
    }
  }

  #readRules(parent: YamlNode, path: string, { keysOfCharger }: ByCharger): void {
    // An id in another case is the same charger.
    for (const rule of this.#entries(parent, path, (name) => name.toLowerCase())) {
      const rulePath = `${path}.${rule.name}`;
      if (rule.name === '' || rule.name.length > MAX_PATTERN_LENGTH) {
        const message = `${path} needs a charger id or a pattern of at most ${MAX_PATTERN_LENGTH} characters here`;
        this.#report(rule.position, path, message, null);
      }
      this.#reportUnused(rule, path);
      const values = new Map<string, unknown>();
      const known = new Map(Object.entries(keysOfCharger));
      for (const entry of this.#entries(rule.value, rulePath)) {
        const key = known.get(entry.name);
        if (key === undefined) this.#reportUnknown(entry, rulePath, [...known.keys()]);
        else this.#readValue(entry, `${rulePath}.${entry.name}`, key, entry.name, values);
      }
      this.rules.push({ pattern: rule.name, values });
    }
  }

  /** A charger by its whole id, after a pattern that fits it: the first that fits counts, `*` last. */
  #reportUnused({ name, position }: YamlEntry, path: string): void {
    const id = name.toLowerCase();
    const first = this.rules.find(
      ({ pattern }) => pattern !== '*' && matchesPattern(pattern.toLowerCase(), id),
    );
    if (first === undefined || !isWholeId(name)) return;
    const message = `${path}.${name} is never used: ${first.pattern}, which stands before it, fits as well`;
    this.#report(position, path, message, 'put it first');
  }

  #readItems(parent: YamlNode, path: string, { keysOfItem }: ListOfMaps): void {
    const nodes = this.#yaml.items(parent);
    const names = Object.keys(keysOfItem);
    const [nameKey = ''] = names;
    if (nodes === null) {
      const hint = `begin each with "- ${nameKey}:"`;
      this.#report(parent.position, path, `${path} must be a list of maps`, hint);
      return;
    }
    const items = nodes.map((node, index) => this.#readItem(node, `${path}[${index}]`, keysOfItem));
    const seen = new Set<unknown>();
    for (const [index, item] of items.entries()) {
      const name = item.get(nameKey);
      const position = nodes[index]?.position ?? parent.position;
      if (seen.has(name)) {
        this.#report(position, path, `${path}[${index}] has the same ${nameKey} as one before it`, null);
      }
      if (name !== undefined) seen.add(name);
    }
    this.values.set(
      path,
      items.map((item) => Object.fromEntries(item)),
    );
  }

  #readItem(node: YamlNode, path: string, keysOfItem: ListOfMaps['keysOfItem']): Map<string, unknown> {
    const values = new Map<string, unknown>();
    const written = new Set<string>();
    for (const entry of this.#entries(node, path)) {
      const key = keysOfItem[entry.name];
      written.add(entry.name);
      if (key === undefined) this.#reportUnknown(entry, path, Object.keys(keysOfItem));
      else this.#readValue(entry, `${path}.${entry.name}`, key, entry.name, values);
      if (values.get(entry.name) === null) {
        this.#report(entry.position, path, `${path}.${entry.name} has no value`, 'write one');
      }
    }
    const missing: string[] = [];
    for (const [name, key] of Object.entries(keysOfItem)) {
      if (written.has(name)) continue;
      if ('value' in key.default && key.default.value !== null) values.set(name, key.default.value);
      else missing.push(name);
    }
    if (missing.length > 0 && this.#yaml.entries(node) !== null) {
      this.#report(node.position, path, `${path} needs ${missing.join(' and ')}`, null);
    }
    return values;
  }

  #readValue(
    entry: YamlEntry,
    path: string,
    key: Key<unknown>,
    name: string,
    values: Map<string, unknown>,
  ): void {
    const { position } = entry.value;
    const { shape } = key.kind;
    const flat = shape === undefined ? undefined : this.#yaml.flatText(entry.value, shape);
    const template = flat ?? this.#yaml.text(entry.value);
    if (template === undefined) {
      this.#report(position, path, mustBe(path, key, 'a list, a map or an alias'), null);
    } else if (template === null) {
      const isOptional = 'value' in key.default && key.default.value === null;
      if (isOptional) values.set(name, null);
      else this.#report(position, path, `${path} has no value`, 'write one, or remove the line');
    } else {
      const { text, isReplaced, failures } = interpolate(template, this.#env);
      for (const { message, hint } of failures) this.#report(position, path, `${path} ${message}`, hint);
      if (failures.length > 0) return;
      const reading = readKey(path, key, text, this.#baseDir, isReplaced ? template : text);
      if ('value' in reading) values.set(name, reading.value);
      else this.#report(position, path, reading.message, reading.hint);
    }
  }

  /** The entries of a map; what is no map or stands twice is reported and left out. `keyOf`: what is the same of two names. */
  #entries(parent: YamlNode, path: string, keyOf = (name: string) => name): readonly YamlEntry[] {
    const entries = this.#yaml.entries(parent);
    if (entries === null) {
      const found = this.#yaml.text(parent);
      const where = path === '' ? 'the file' : path;
      const message = `${where} must be a map of keys to values, not ${typeof found === 'string' ? quote(found) : 'a list'}`;
      const isGlued = typeof found === 'string' && /^\w+:\S/.test(found);
      this.#report(parent.position, path, message, isGlued ? 'write a space after the colon' : null);
      return [];
    }
    const first = new Map<string, YamlEntry>();
    for (const entry of entries) {
      const earlier = first.get(keyOf(entry.name));
      if (earlier === undefined) first.set(keyOf(entry.name), entry);
      else {
        const how = earlier.name === entry.name ? '' : ', in another case';
        const message = `${join(path, entry.name)} stands here for the second time${how}`;
        this.#report(entry.position, path, message, `the first is on line ${earlier.position.line}`);
      }
    }
    return [...first.values()];
  }

  #reportUnknown(entry: YamlEntry, parent: string, siblings: readonly string[]): void {
    const path = join(parent, entry.name);
    const message = entry.name === '' ? 'a key must be a word' : `${path} is not a known key`;
    this.#report(entry.position, path, message, suggest(entry.name, parent, siblings));
  }

  #report({ line, column }: Position, path: string, message: string, hint: string | null): void {
    this.problems.push({ source: this.#file.path, line, column, path, message, hint });
  }
}

/** A key of the same section that is spelt alike, else the sections that have the key. */
function suggest(name: string, parent: string, siblings: readonly string[]): string | null {
  const sibling = closest(name, siblings);
  if (sibling !== null) return `did you mean ${join(parent, sibling)}?`;
  const elsewhere = sections.flatMap(([section, { keys }]) =>
    Object.hasOwn(keys, name) ? [`${section}.${name}`] : [],
  );
  return elsewhere.length === 0 ? null : `did you mean ${elsewhere.join(' or ')}?`;
}

function join(parent: string, name: string): string {
  return parent === '' ? name : `${parent}.${name}`;
}
