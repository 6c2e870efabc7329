// One executable: a bundle and a Node executable, put together by pkg. Nothing is downloaded here.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { pinnedVersion, root, SetupError } from './bootstrap.mjs';
import { withCodeCache } from './code-cache.mjs';
import { runtimeFile } from './runtimes.mjs';

/** As pkg calls them. */
const PLATFORM_NAMES = { linux: 'linux', win32: 'win', darwin: 'macos' };
/** Here, and not elsewhere, a code cache can be made for the target. */
const OWN_TARGET = `${PLATFORM_NAMES[process.platform]}-${process.arch}`;
/** Node's mark in the executable: 0 behind the colon means plain Node, 1 means that a program is inside. In two parts, so
 *  that this file is not mistaken for one. */
const FUSE_SET = Buffer.from('NODE_SEA_' + 'FUSE_fce680ab2cc467b6e072b8b5df1996b2:1');
const OWNER_ONLY = 0o700;
const HASH_CHARACTERS = 16;
/** postject says this of every stock Linux executable; it means nothing. */
const HARMLESS = /string offset for section name/;

export function executableName(target) {
  return `kwota-${target}${isWindows(target) ? '.exe' : ''}`;
}

/** Makes the target's executable of dist/kwota.cjs. To be called under the pinned Node. */
export function makeExecutable(target, output) {
  const home = join(root, '.cache', `pkg-home-${target}`);
  seedCache(target, home);
  const bundle = readFileSync(join(root, 'dist', 'kwota.cjs'), 'utf8');
  const program = target === OWN_TARGET ? withCodeCache(bundle) : bundle;
  mkdirSync(dirname(output), { recursive: true });
  rmSync(output, { force: true });
  inFolderOf(program, (folder) => {
    const main = join(folder, 'kwota.cjs');
    writeFileSync(main, program);
    runPkg(['--sea', '-t', `node${pinnedVersion()}-${target}`, '-o', output, main], home, output);
  });
  if (!readFileSync(output).includes(FUSE_SET))
    throw new SetupError(`${output} holds no program: pkg did not set the fuse`);
  chmodSync(output, 0o755);
  rmSync(home, { recursive: true, force: true });
}

/**
 * Calls `use` with a folder that has the same name for the same program, whatever checkout it is made in: pkg writes the path
 * of its input into the executable.
 */
function inFolderOf(program, use) {
  const hash = createHash('sha256').update(program).digest('hex').slice(0, HASH_CHARACTERS);
  const folder = join(process.platform === 'linux' ? '/tmp' : tmpdir(), `kwota-package-${hash}`);
  try {
    mkdirSync(folder, OWNER_ONLY);
  } catch (error) {
    if (error.code !== 'EEXIST') throw error;
    throw new SetupError(`the same is being packaged already; if it is not, remove ${folder}`);
  }
  try {
    use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Lays the Node executable where pkg keeps finished downloads, with the marks that it has been checked. */
function seedCache(target, home) {
  const itsName = target.replace('macos', 'darwin');
  const base = join(home, '.pkg-cache', 'sea', `node-v${pinnedVersion()}-${itsName}`);
  const executable = isWindows(target) ? `${base}.exe` : join(base, 'bin', 'node');
  const archive = isWindows(target) ? `${base}.zip` : `${base}.tar.gz`;
  rmSync(home, { recursive: true, force: true });
  mkdirSync(dirname(executable), { recursive: true });
  copyFileSync(runtimeFile(target), executable);
  chmodSync(executable, 0o755);
  for (const mark of [`${executable}.ok`, archive, `${archive}.ok`]) writeFileSync(mark, '');
}

function runPkg(args, home, output) {
  const env = { ...process.env, HOME: home, USERPROFILE: home, NO_COLOR: '1' };
  const options = { cwd: root, env, encoding: 'utf8' };
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['node_modules/pkg/lib-es5/bin.js', ...args],
    options,
  );
  if (status === 0 && existsSync(output)) return;
  const said = `${stdout}${stderr}`.split('\n').filter((line) => line !== '' && !HARMLESS.test(line));
  throw new SetupError(`pkg failed for ${output}:\n${said.join('\n')}`);
}

function isWindows(target) {
  return target.startsWith('win-');
}
