// The pictures of the dashboard in the documentation: `kwota demo` in a real pseudo-terminal, and what it shows.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { PseudoTerminal } from '../test/kit/pseudo-terminal.ts';

const root = join(import.meta.dirname, '..');
const WITHIN_MS = 60_000;

/** Which screens, and what they show once they are there. */
const SCREENS = [
  { name: 'Overview', keys: '1', shows: '[1 Overview]' },
  { name: 'Chargers', keys: '2', shows: '[2 Chargers]' },
  { name: 'Sessions', keys: '3', shows: '[3 Sessions]' },
  { name: 'Users and quotas', keys: '4', shows: '[4 Users]' },
] as const;

/** Of the document, between its two markers. */
function put(file: string, picture: string): void {
  const path = join(root, file);
  const text = readFileSync(path, 'utf8');
  const [begin, end] = ['<!-- picture:begin -->', '<!-- picture:end -->'];
  const from = text.indexOf(begin);
  const to = text.indexOf(end);
  if (from < 0 || to < from) throw new Error(`${file} has no place for a picture`);
  writeFileSync(path, `${text.slice(0, from + begin.length)}\n\n${picture}\n\n${text.slice(to)}`);
}

function block(screen: string): string {
  return `\`\`\`text\n${screen
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n\`\`\``;
}

const terminal = new PseudoTerminal({
  script: 'exec node scripts/kwota.mjs demo',
  cwd: root,
  env: { PATH: process.env['PATH'] ?? '', HOME: process.env['HOME'] ?? '/' },
  columns: 100,
  rows: 30,
});
try {
  await terminal.shows('Charging now', WITHIN_MS);
  // Somebody has charged for a while.
  await terminal.shows(/ 0\.[3-9] kWh/, WITHIN_MS);
  const pictures: string[] = [];
  for (const { name, keys, shows } of SCREENS) {
    terminal.type(keys);
    const picture = block(await terminal.shows(shows, WITHIN_MS));
    pictures.push(`**${name}**\n\n${picture}`);
    if (name === 'Overview') put('README.md', picture);
  }
  put('docs/dashboard.md', pictures.join('\n\n'));
  terminal.type('\u0003');
  await terminal.ended();
} finally {
  await terminal.close();
}
