// The keys of one map in a YAML file, asked for by name and kind: what is missing, wrong or unknown is told with its line.
import { closest } from '../src/config/closest.ts';
import type { Kind } from '../src/config/kind.ts';
import type { Problem } from '../src/config/problem.ts';
import { quote } from '../src/config/value.ts';
import type { Position, YamlEntry, YamlNode, YamlText } from '../src/config/yaml-map.ts';

export interface FieldsParts {
  readonly file: string;
  readonly yaml: YamlText;
  readonly problems: Problem[];
}

export class YamlFields {
  readonly #parts: FieldsParts;
  readonly #path: string;
  readonly #position: Position;
  readonly #entries = new Map<string, YamlEntry>();
  readonly #asked = new Set<string>();

  /** `path` names the map in messages; empty for the whole file. */
  constructor(node: YamlNode, path: string, parts: FieldsParts) {
    this.#parts = parts;
    this.#path = path;
    this.#position = node.position;
    const entries = parts.yaml.entries(node);
    if (entries === null) this.report(null, `${path || 'the file'} must be a map of keys to values`, null);
    for (const entry of entries ?? []) {
      if (this.#entries.has(entry.name)) this.report(entry, `${this.#of(entry.name)} stands twice`, null);
      this.#entries.set(entry.name, entry);
    }
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** Null, and told, where it is missing or wrong. */
  need<T>(name: string, kind: Kind<T>): T | null {
    if (!this.has(name)) this.report(null, `${this.#path || 'the file'} needs ${name}`, kind.expected);
    return this.may(name, kind, null);
  }

  /** `otherwise` where it is missing, and where it is wrong, which is told. */
  may<T, O>(name: string, kind: Kind<T>, otherwise: O): T | O {
    this.#asked.add(name);
    const entry = this.#entries.get(name);
    if (!entry) return otherwise;
    const { yaml } = this.#parts;
    const flat = kind.shape === undefined ? undefined : yaml.flatText(entry.value, kind.shape);
    const text = flat ?? yaml.text(entry.value);
    const reading = typeof text === 'string' ? kind.read(text, '') : { hint: null };
    if ('value' in reading) return reading.value;
    const found = typeof text === 'string' ? quote(text) : text === null ? 'nothing' : 'a list or map';
    this.report(entry, `${this.#of(name)} must be ${kind.expected}, not ${found}`, reading.hint);
    return otherwise;
  }

  /** The maps of a list; none where it is missing. */
  items(name: string): readonly YamlFields[] {
    this.#asked.add(name);
    const entry = this.#entries.get(name);
    if (!entry) return [];
    const nodes = this.#parts.yaml.items(entry.value);
    if (nodes === null)
      this.report(entry, `${this.#of(name)} must be a list of maps`, 'begin each with "- "');
    return (nodes ?? []).map((node, index) => {
      return new YamlFields(node, `${this.#of(name)}[${index}]`, this.#parts);
    });
  }

  /** To be called when all was asked for: what was not is a mistake. */
  finish(): void {
    for (const entry of this.#entries.values()) {
      if (this.#asked.has(entry.name)) continue;
      const near = closest(entry.name, [...this.#asked]);
      const hint = near === null ? `there are ${[...this.#asked].join(', ')}` : `did you mean ${near}?`;
      this.report(entry, `${this.#of(entry.name)} is not a known key`, hint);
    }
  }

  /** At the value of a key, at the key, or at the map. */
  report(at: string | YamlEntry | null, message: string, hint: string | null): void {
    const entry = typeof at === 'string' ? this.#entries.get(at) : at;
    const { line, column } = entry?.position ?? this.#position;
    this.#parts.problems.push({ source: this.#parts.file, line, column, path: this.#path, message, hint });
  }

  #of(name: string): string {
    return this.#path === '' ? name : `${this.#path}.${name}`;
  }
}
