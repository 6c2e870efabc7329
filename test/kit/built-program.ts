// The bundle as a command line: for tests of what ships.
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** util-linux. */
const FLOCK = 'flock';

/** Built only where the sources are newer, and by one test at a time: two would write it over each other. */
export function builtProgram(): string {
  const [lock, start] = ['scripts/bundle.mjs', 'scripts/start.mjs'].map((path) => join(ROOT, path));
  execFileSync(FLOCK, [lock!, process.execPath, start!, '--version'], { cwd: ROOT });
  return `${process.execPath} ${join(ROOT, 'dist/kwota.cjs')}`;
}
