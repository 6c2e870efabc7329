// Makes dist/kwota.cjs and knows when it is stale: by the content of the sources, since checkouts play with file times.
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root, SetupError } from './bootstrap.mjs';
import { run } from './child.mjs';
import { packagesIn, withLicences } from './third-party.mjs';

const SOURCES = [
  'bin',
  'src',
  'tui',
  'package.json',
  'package-lock.json',
  'LICENSE',
  'tsup.config.ts',
  'scripts/bundle.mjs',
  'scripts/ink-in-bundle.ts',
  'scripts/third-party.mjs',
];
const OUTPUT = join(root, 'dist', 'kwota.cjs');
/** What tsup writes beside it: which file of which package gave what. */
const METAFILE = join(root, 'dist', 'metafile-cjs.json');
const PACKAGES = join(root, 'dist', 'packages.json');
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
  const packages = packagesIn(JSON.parse(readFileSync(METAFILE, 'utf8')));
  rmSync(METAFILE);
  writeFileSync(OUTPUT, inAscii(withLicences(readFileSync(OUTPUT, 'utf8'), packages)));
  writeFileSync(PACKAGES, `${JSON.stringify(packages, null, 2)}\n`);
  writeFileSync(STAMP, inputs);
}

/**
 * Of one byte a character, which is read and compiled faster. The bundler sees to that but in regular expressions, where
 * the same escape is meant.
 */
export function inAscii(program) {
  return program.replace(/[^\0-\u007f]/g, (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`);
}

/** The packages in the bundle that was built last. */
export function bundledPackages() {
  return JSON.parse(readFileSync(PACKAGES, 'utf8'));
}

/**
 * What the bundle says about itself. The date is SOURCE_DATE_EPOCH, else the commit's and not that of the build, so that
 * the same commit gives the same bytes.
 */
export function describeBuild() {
  const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
  const given = process.env.SOURCE_DATE_EPOCH;
  if (given !== undefined && !/^\d{1,11}$/.test(given)) {
    throw new SetupError(`SOURCE_DATE_EPOCH is ${JSON.stringify(given)}, and not seconds since 1970`);
  }
  // Somebody else's repository around an unpacked archive says nothing about it.
  const isOwnRepository = git('rev-parse', '--show-prefix') === '';
  const head = isOwnRepository ? git('rev-parse', '--short=12', 'HEAD') : undefined;
  if (head === undefined) return { version, commit: 'unknown', date: given ? dateOf(given) : 'unknown' };
  const isChanged = git('status', '--porcelain', '--', ...SOURCES) !== '';
  return {
    version,
    commit: isChanged ? `${head}+` : head,
    date: dateOf(given ?? git('show', '--no-patch', '--format=%ct', 'HEAD')),
  };
}

function dateOf(seconds) {
  return new Date(Number(seconds) * 1000).toISOString().replace('.000Z', 'Z');
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
