// Brings config.yaml and the tables of README.md and docs/configuration.md up to date with the schema:
// run it with node after a change of src/config/schema.ts.
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configYaml, withConfigTable } from '../src/config/reference.ts';

const root = join(import.meta.dirname, '..');
writeFileSync(join(root, 'config.yaml'), configYaml());
for (const name of ['README.md', 'docs/configuration.md']) {
  const file = join(root, name);
  const updated = existsSync(file) ? withConfigTable(readFileSync(file, 'utf8')) : null;
  if (updated === null) console.warn(`${name} has no markers for the table, left as it is`);
  else writeFileSync(file, updated);
}
