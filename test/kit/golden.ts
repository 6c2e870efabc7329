// Pictures that were looked at once and have to stay: compared with a file; written anew with GOLDEN=write.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Test } from 'tap';

const isWriting = process.env['GOLDEN'] === 'write';

/** `name` becomes a file in tui/golden. */
export function matchesGolden(t: Test, name: string, picture: string): void {
  const file = fileURLToPath(new URL(`../../tui/golden/${name}.txt`, import.meta.url));
  const text = `${picture
    .split('\n')
    .map((line) => line.trimEnd())
    .join('\n')}\n`;
  if (isWriting) {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  }
  const golden = existsSync(file) ? readFileSync(file, 'utf8') : `there is no ${file}; GOLDEN=write makes it`;
  t.equal(text, golden, name);
}
