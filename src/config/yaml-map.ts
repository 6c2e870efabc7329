// Opens a YAML text as maps whose keys and values know where they stand. It knows YAML, not kwota's keys.
import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  parseDocument,
  type Document,
  type YAMLError,
} from 'yaml';

export interface Position {
  readonly line: number;
  readonly column: number;
}

/** A node of the document: undefined where a key has no value; its inside is for yamlText and yamlEntries only. */
export interface YamlNode {
  readonly node: unknown;
  readonly position: Position;
}

export interface YamlEntry {
  /** As written, also where it looks like a number: `007` stays `007`; empty for a key that is a list or a map. */
  readonly name: string;
  readonly position: Position;
  readonly value: YamlNode;
}

export interface YamlFault {
  readonly position: Position;
  readonly message: string;
  readonly hint: string | null;
}

export class YamlText {
  readonly #lines = new LineCounter();
  readonly #document: Document;

  constructor(text: string) {
    this.#document = parseDocument(text, {
      lineCounter: this.#lines,
      prettyErrors: false,
      // Keys are compared here as they are written: 007 and 7 are two chargers.
      uniqueKeys: false,
    });
  }

  /** What breaks the rules of YAML; with faults the tree is a guess and not worth checking. */
  faults(): readonly YamlFault[] {
    return [...this.#document.errors, ...this.#document.warnings].map((error) => ({
      position: this.#positionOf(error.pos[0]),
      ...explain(error),
    }));
  }

  root(): YamlNode {
    return { node: this.#document.contents, position: this.#positionOf(0) };
  }

  /** The entries of a map in their order, none for no value; null for what is no map. */
  entries(parent: YamlNode): readonly YamlEntry[] | null {
    const map = this.#resolve(parent.node);
    if (isEmpty(map)) return [];
    if (!isMap(map)) return null;
    return map.items.map((pair) => {
      const position = this.#positionOfNode(pair.key, parent.position);
      return {
        name: scalarText(this.#resolve(pair.key)) ?? '',
        position,
        value: { node: pair.value, position: this.#positionOfNode(pair.value, position) },
      };
    });
  }

  /** The items of a list, none for no value; null for what is no list. */
  items(parent: YamlNode): readonly YamlNode[] | null {
    const list = this.#resolve(parent.node);
    if (isEmpty(list)) return [];
    if (!isSeq(list)) return null;
    return list.items.map((node) => ({ node, position: this.#positionOfNode(node, parent.position) }));
  }

  /** The text of a scalar as written, null for no value, undefined for a list or a map. */
  text(parent: YamlNode): string | null | undefined {
    const node = this.#resolve(parent.node);
    return isEmpty(node) ? null : scalarText(node);
  }

  /** A list of scalars as `a, b`, a map of scalars as lines of `key=value`; undefined for all else. */
  flatText(parent: YamlNode, shape: 'list' | 'map'): string | undefined {
    const node = this.#resolve(parent.node);
    const textOf = (item: unknown) => scalarText(this.#resolve(item));
    if (shape === 'list' && isSeq(node)) {
      const texts = node.items.map(textOf);
      return texts.every((text) => text !== undefined) ? texts.join(', ') : undefined;
    }
    if (shape === 'map' && isMap(node)) {
      const texts = node.items.map(({ key, value }) => [textOf(key), textOf(value)]);
      const isFlat = texts.every((pair) => pair.every((text) => text !== undefined && !text.includes('\n')));
      return isFlat ? texts.map((pair) => `${pair.join('=')}\n`).join('') : undefined;
    }
    return undefined;
  }

  #resolve(node: unknown): unknown {
    // An alias of nothing is left as it is: neither a map nor a scalar, so whoever needs one of them says so.
    return isAlias(node) ? (node.resolve(this.#document) ?? node) : node;
  }

  #positionOfNode(node: unknown, otherwise: Position): Position {
    const range = (node as { range?: readonly number[] | null } | null | undefined)?.range;
    return range?.[0] === undefined ? otherwise : this.#positionOf(range[0]);
  }

  #positionOf(offset: number): Position {
    const { line, col } = this.#lines.linePos(offset);
    return { line: Math.max(line, 1), column: Math.max(col, 1) };
  }
}

function isEmpty(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && node.value === null);
}

function scalarText(node: unknown): string | undefined {
  if (!isScalar(node)) return undefined;
  return typeof node.value === 'string' ? node.value : (node.source ?? String(node.value));
}

/** The parser speaks of YAML's grammar; people at a site need to know what to type. */
function explain(error: YAMLError): { message: string; hint: string | null } {
  switch (error.code) {
    case 'TAB_AS_INDENT':
      return { message: 'a tab indents this line', hint: 'indent with spaces' };
    case 'MULTIPLE_DOCS':
      return { message: 'a second document begins here', hint: 'remove the line ---' };
    case 'BLOCK_AS_IMPLICIT_KEY':
    case 'MULTILINE_IMPLICIT_KEY':
      return {
        message: 'this does not fit the lines around it',
        hint: 'indent the keys of a section alike, and put quotes around a value that has ": " in it',
      };
    case 'BAD_SCALAR_START':
      return {
        message: 'a value cannot begin with this character',
        hint: 'put quotes around the value',
      };
    case 'MISSING_CHAR':
      return { message: error.message, hint: 'look for an unclosed quote or bracket, or a missing colon' };
    default:
      return { message: error.message, hint: null };
  }
}
