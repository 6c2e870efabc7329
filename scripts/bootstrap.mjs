// Makes a fresh checkout runnable under any Node from 20 on: installs what the lockfile says, finds the pinned Node.
// Nothing here may import a dependency, and nothing is printed on stdout: that belongs to the program.
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const OLDEST_NODE_MAJOR = 20;
const PLATFORM_NAMES = { linux: 'linux', win32: 'win' };

/** The checkout. */
export const root = fileURLToPath(new URL('..', import.meta.url));

/** A failure that needs no stack: the message says what to do. */
export class SetupError extends Error {}

/** The npm package that carries the pinned Node for this machine; undefined where npm has none. */
export function runtimePackage(platform = process.platform, arch = process.arch) {
  const name = `node-${PLATFORM_NAMES[platform] ?? platform}-${arch}`;
  return name in manifest().optionalDependencies ? name : undefined;
}

/** The pinned version, as `24.21.0`: every runtime package has the same one. */
export function pinnedVersion() {
  const [version, ...others] = new Set(Object.values(manifest().optionalDependencies));
  if (version === undefined || others.length > 0) throw new SetupError('package.json pins no single Node');
  return version;
}

/** Installs the dependencies when they are not those of the lockfile. Returns the path of the Node to use from here on. */
export function bootstrap() {
  if (majorOf(process.versions.node) < OLDEST_NODE_MAJOR) {
    throw new SetupError(`this is Node ${process.versions.node}; install Node ${OLDEST_NODE_MAJOR} or newer`);
  }
  if (!isInstalled()) install();
  const node = pinnedNode();
  // Whatever is started later says `node` and means the pinned one.
  process.env.PATH = [join(root, 'node_modules', '.bin'), process.env.PATH].join(delimiter);
  return node;
}

/** Whether node_modules is what package-lock.json describes; npm writes its own record of it after all files are there. */
function isInstalled() {
  const recordFile = join(root, 'node_modules', '.package-lock.json');
  if (!existsSync(recordFile)) return false;
  const wanted = readJson(join(root, 'package-lock.json')).packages;
  const installed = readJson(recordFile).packages;
  const runtime = runtimePackage();
  return Object.entries(wanted).every(([path, entry]) => {
    const found = installed[path];
    // The packages of other platforms are optional and stay away; the Node of this one must be there.
    if (found === undefined)
      return path === '' || (entry.optional === true && path !== `node_modules/${runtime}`);
    return found.version === entry.version && found.integrity === entry.integrity;
  });
}

function install() {
  process.stderr.write('kwota: installing the dependencies of package-lock.json, once\n');
  const args = ['ci', '--ignore-scripts', '--include=dev', '--include=optional', '--no-audit', '--no-fund'];
  const npm = process.env.npm_execpath;
  const toStderr = { cwd: root, stdio: ['ignore', 2, 2] };
  const { status, error } = npm?.endsWith('.js')
    ? spawnSync(process.execPath, [npm, ...args, '--loglevel=error'], toStderr)
    : spawnSync('npm', [...args, '--loglevel=error'], { ...toStderr, shell: process.platform === 'win32' });
  if (status === 0) return;
  throw new SetupError(
    `npm ci failed (${error?.message ?? `exit code ${status}`}); see above, then try again`,
  );
}

function pinnedNode() {
  const version = pinnedVersion();
  const name = runtimePackage();
  if (name === undefined) {
    if (majorOf(process.versions.node) >= majorOf(version)) return process.execPath;
    throw new SetupError(
      `npm has no Node ${version} for ${process.platform}-${process.arch}, and this is Node ${process.versions.node}; ` +
        `install Node ${majorOf(version)} or newer`,
    );
  }
  const folder = join(root, 'node_modules', name);
  const node = join(folder, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
  if (existsSync(node)) return node;
  throw new SetupError(
    `${name} is not in node_modules; run npm ci --ignore-scripts (without --omit=optional)`,
  );
}

function manifest() {
  return readJson(join(root, 'package.json'));
}

function readJson(file) {
  return JSON.parse(readFileSync(file, 'utf8'));
}

function majorOf(version) {
  return Number.parseInt(version, 10);
}
