// Writes the schema down for people: the commented config.yaml and the table of all keys. Files are not written here.
import type { Key } from './key.ts';
import { sections, type ByCharger, type Group, type ListOfMaps, type Section } from './schema.ts';
import { expectedOf } from './value.ts';

const COMMENT_WIDTH = 108;

/** A config.yaml with every key, its meaning and its default; loading it gives exactly the defaults. */
export function configYaml(): string {
  const lines = [
    '# The configuration of kwota. Every key has a default, so any line may go, and the whole file too.',
    '# ${NAME} in a value is replaced from the environment. kwota reads this file when it starts, and when it changes;',
    '# what a change of it reaches at once, and what waits for the next start, stands in docs/configuration.md.',
  ];
  for (const [name, { sentence, isOneMap, keys }] of sections) {
    if (isOneMap) {
      for (const key of Object.values(keys)) if ('kind' in key) lines.push('', ...wholeLines(name, key));
      continue;
    }
    lines.push('', `# ${sentence}`, `${name}:`);
    for (const [keyName, key] of Object.entries(keys)) {
      if ('kind' in key) lines.push(...keyLines(keyName, key));
      else if ('keysOfItem' in key) lines.push(...itemLines(keyName, key));
      else if ('keysOfGroup' in key) lines.push(...groupLines(keyName, key));
      else lines.push(...chargerLines(keyName, key));
    }
  }
  return `${lines.join('\n')}\n`;
}

function wholeLines(name: string, key: Key<unknown>): string[] {
  return [...comment(describe(key), ''), `${name}: ${defaultText(key)}`];
}

function keyLines(name: string, key: Key<unknown>, indent = '  '): string[] {
  const isShown = 'value' in key.default && key.default.value !== null;
  const line = isShown ? `${name}: ${defaultText(key)}` : `# ${name}: ${key.example ?? ''}`;
  return [...comment(describe(key), indent), `${indent}${line}`];
}

function groupLines(name: string, { sentence, keysOfGroup }: Group): string[] {
  const lines = [...comment(sentence, '  '), `  ${name}:`];
  for (const [keyName, key] of Object.entries(keysOfGroup)) lines.push(...keyLines(keyName, key, '    '));
  return lines;
}

function chargerLines(name: string, { sentence, keysOfCharger }: ByCharger): string[] {
  const lines = [...comment(sentence, '  '), `  ${name}:`, "    # 'LIVOLTEK_*':"];
  for (const [keyName, key] of Object.entries(keysOfCharger)) {
    lines.push(...comment(describe(key), '    #   '));
    lines.push(`    #   ${keyName}: ${key.example ?? defaultText(key)}`);
  }
  return lines;
}

function itemLines(name: string, { sentence, keysOfItem }: ListOfMaps): string[] {
  const lines = [...comment(sentence, '  '), `  ${name}:`];
  for (const [index, [keyName, key]] of Object.entries(keysOfItem).entries()) {
    lines.push(...comment(describe(key), '    #   '));
    lines.push(`    # ${index === 0 ? '-' : ' '} ${keyName}: ${key.example ?? defaultText(key)}`);
  }
  return lines;
}

function describe(key: Key<unknown>): string {
  return `${key.sentence} (${expectedOf(key)})`;
}

function comment(sentence: string, indent: string): string[] {
  const lines: string[] = [];
  let line = `${indent}#`;
  for (const word of sentence.split(' ')) {
    if (line.length + 1 + word.length > COMMENT_WIDTH) {
      lines.push(line);
      line = `${indent}#`;
    }
    line += ` ${word}`;
  }
  return [...lines, line];
}

/** The table of all keys in Markdown, in the columns and padding that prettier would give it. */
function configTable(): string {
  const rows = sections.flatMap(([section, { isOneMap, keys }]) =>
    Object.entries(keys).flatMap(([name, key]) =>
      'kind' in key
        ? [tableRow(isOneMap ? section : `${section}.${name}`, key)]
        : innerRows(`${section}.${name}`, key),
    ),
  );
  const header = ['Key', 'Default', 'Value', 'Meaning', 'Restart'];
  const widths = header.map((title, column) =>
    Math.max(title.length, ...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (cells: readonly string[]) =>
    `| ${cells.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join(' | ')} |`;
  return [line(header), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n');
}

function innerRows(path: string, key: Exclude<Section['keys'][string], Key<unknown>>): string[][] {
  const [suffix, keys] =
    'keysOfItem' in key
      ? ['[]', key.keysOfItem]
      : 'keysOfCharger' in key
        ? ['.ID', key.keysOfCharger]
        : ['', key.keysOfGroup];
  return Object.entries(keys).map(([name, inner]) => tableRow(`${path}${suffix}.${name}`, inner));
}

function tableRow(path: string, key: Key<unknown>): string[] {
  const sentence = key.sentence.replaceAll('|', '\\|');
  return [`\`${path}\``, defaultText(key), expectedOf(key), sentence, key.needsRestart ? 'yes' : 'no'];
}

function defaultText(key: Key<unknown>): string {
  if (!('value' in key.default)) return "the machine's";
  const { value } = key.default;
  if (value === null) return 'unset';
  if (key.kind.write) return key.kind.write(value);
  return typeof value === 'string' ? value : JSON.stringify(value);
}

const START = '<!-- config:start -->';
const END = '<!-- config:end -->';

/** The document with a fresh table between its markers; null where it has no pair of them. */
export function withConfigTable(document: string): string | null {
  const start = document.indexOf(START);
  const end = document.indexOf(END, start);
  if (start < 0 || end < 0) return null;
  return `${document.slice(0, start + START.length)}\n\n${configTable()}\n\n${document.slice(end)}`;
}
