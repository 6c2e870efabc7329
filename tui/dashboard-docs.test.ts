// docs/dashboard.md lists the keys and commands that there are; GOLDEN=write puts them in.
import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { allCommands, helpParts } from './key-tables.ts';
import { keyText } from './keys/binding.ts';
import { helpRows } from './screen/help.ts';

const FILE = fileURLToPath(new URL('../docs/dashboard.md', import.meta.url));
const KEY_WIDTH = 20;
const LISTED = /(?<=<!-- keys:begin -->\n\n```text\n).*?(?=```\n\n<!-- keys:end -->)/s;

/** By where they work. */
function keyList(): string {
  const rows = helpRows(helpParts());
  const places = [...new Set(rows.map(({ where }) => where))];
  const blocks = places.map((place) => {
    const here = rows.filter(({ where }) => where === place);
    const lines = here.map(({ keys, label }) => {
      const names = keys.map((key) => keyText(key, false)).join(' ');
      return `  ${names.padEnd(KEY_WIDTH)} ${label}`;
    });
    return [place, ...lines].join('\n');
  });
  return `${blocks.join('\n\n')}\n`;
}

t.test('the page lists the same keys and commands as the help', (t) => {
  const wanted = keyList();
  if (process.env['GOLDEN'] === 'write')
    writeFileSync(
      FILE,
      readFileSync(FILE, 'utf8').replace(LISTED, () => wanted),
    );
  t.equal(LISTED.exec(readFileSync(FILE, 'utf8'))?.[0], wanted);
  t.end();
});

t.test('no command has the name of another', (t) => {
  const names = allCommands.flatMap(({ name, also = [] }) => [name, ...also]);
  t.same(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  );
  t.end();
});
