// Makes dist/kwota.cjs and knows when it is stale: by the content of the sources, since checkouts play with file times.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, SetupError } from './bootstrap.mjs';
import { run } from './child.mjs';

const SOURCES = [
  'bin',
  'src',
  'tui',
  'package.json',
  'package-lock.json',
  'tsup.config.ts',
  'scripts/bundle.mjs',
  'scripts/ink-in-bundle.ts',
];
const OUTPUT = join(root, 'dist', 'kwota.cjs');
const STAMP = join(root, 'dist', 'inputs.sha256');

/** Builds dist/kwota.cjs with the given Node; what the tools say goes to stderr. */
export async function bundle(node, { onlyIfStale }) {
  const info = JSON.stringify(describeBuild());
  const inputs = hashSources(info);
  if (onlyIfStale && existsSync(OUTPUT) && existsSync(STAMP) && readFileSync(STAMP, 'utf8') === inputs)
    return;
  const { code } = await run(node, ['node_modules/tsup/dist/cli-default.js'], {
    stdio: ['ignore', 2, 2],
    env: { ...process.env, KWOTA_BUILD_INFO: info },
  });
  if (code !== 0) throw new SetupError('the bundle could not be built; see above');
  writeFileSync(STAMP, inputs);
}

/** What the bundle says about itself. The date is the commit's, so that the same commit gives the same bytes. */
function describeBuild() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  // Somebody else's repository around an unpacked archive says nothing about it.
  const isOwnRepository = git('rev-parse', '--show-prefix') === '';
  const head = isOwnRepository ? git('rev-parse', '--short=12', 'HEAD') : undefined;
  if (head === undefined) return { version, commit: 'unknown', date: 'unknown' };
  const isChanged = git('status', '--porcelain', '--', ...SOURCES) !== '';
  const seconds = Number(git('show', '--no-patch', '--format=%ct', 'HEAD'));
  return {
    version,
    commit: isChanged ? `${head}+` : head,
    date: new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'),
  };
}

function git(...args) {
  try {
    const options = { cwd: root, encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] };
    return execFileSync('git', args, options).trim();
  } catch {
    return undefined;
  }
}

function hashSources(info) {
  const hash = createHash('sha256').update(info);
  for (const path of SOURCES.flatMap(filesOf))
    hash.update(`\0${path}\0`).update(readFileSync(join(root, path)));
  return hash.digest('hex');
}

function filesOf(path) {
  if (!existsSync(join(root, path))) return [];
  if (!statSync(join(root, path)).isDirectory()) return [path];
  return readdirSync(join(root, path))
    .sort()
    .flatMap((name) => filesOf(`${path}/${name}`))
    .filter((file) => !/\.test\.tsx?$/.test(file));
}
