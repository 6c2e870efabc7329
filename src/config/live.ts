// The configuration of a running server: what needs no restart takes the place of what was, in the same object.
import { sections, type Config, type Section } from './schema.ts';

/** Paths of keys, such as `chargers.settings`. */
export interface ConfigChanges {
  readonly applied: readonly string[];
  /** They count from the next start on. */
  readonly waiting: readonly string[];
}

type Values = Record<string, unknown>;

export class LiveConfig {
  /** Read a key where it is used, and not before: it may change. */
  readonly config: Config;
  readonly #sections: Readonly<Record<string, Values>>;

  constructor(started: Config) {
    const copies = Object.entries(started).map(([name, section]) => [name, { ...section }] as const);
    this.#sections = Object.fromEntries(copies);
    // The same members, of which some will change.
    this.config = this.#sections as unknown as Config;
  }

  /** Takes what may change while running, and tells what has changed. */
  take(next: Config): ConfigChanges {
    const applied: string[] = [];
    const waiting: string[] = [];
    for (const [section, { keys }] of sections) {
      const values = this.#sections[section];
      const nextValues: Readonly<Values> = next[section as keyof Config];
      if (values === undefined) continue;
      for (const [name, key] of Object.entries(keys)) {
        if (isEqual(values[name], nextValues[name])) continue;
        const path = `${section}.${name}`;
        if (!isLive(key)) waiting.push(path);
        else {
          values[name] = nextValues[name];
          applied.push(path);
        }
      }
    }
    return { applied, waiting };
  }
}

/** Lists and groups are taken whole or not at all. */
function isLive(key: Section['keys'][string]): boolean {
  if ('kind' in key) return !key.needsRestart;
  const keys =
    'keysOfCharger' in key ? key.keysOfCharger : 'keysOfItem' in key ? key.keysOfItem : key.keysOfGroup;
  return Object.values(keys).every(({ needsRestart }) => !needsRestart);
}

/** Values are what YAML can say. */
function isEqual(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b);
}
