// npm run package [-- linux-x64 …]: the executables in release/, with what belongs to a release: checksums and the bill of
// materials.
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { billOfMaterials } from './bill-of-materials.mjs';
import { bootstrap, pinnedVersion, root, runtimePackage, SetupError } from './bootstrap.mjs';
import { bundle, bundledPackages, describeBuild } from './bundle.mjs';
import { endLike, main, run } from './child.mjs';
import { executableName, makeExecutable } from './executable.mjs';
import { TARGETS } from './runtimes.mjs';

const RELEASE = join(root, 'release');
const BILL = 'kwota.cdx.json';

function write(name, content) {
  writeFileSync(join(RELEASE, name), content);
  return name;
}

/** As sha256sum writes and checks it. */
function checksumLine(name) {
  const content = readFileSync(join(RELEASE, name));
  return `${createHash('sha256').update(content).digest('hex')}  ${name}\n`;
}

await main(async (args) => {
  const targets = args.length > 0 ? args : TARGETS;
  const unknown = targets.find((target) => !TARGETS.includes(target));
  if (unknown !== undefined) {
    throw new SetupError(`cannot package for ${unknown}; there are ${TARGETS.join(', ')}`);
  }
  const node = bootstrap();
  if (process.versions.node !== pinnedVersion()) {
    if (runtimePackage() === undefined)
      throw new SetupError(`executables are made of Node ${pinnedVersion()}, and this is another one`);
    endLike(await run(node, [fileURLToPath(import.meta.url), ...args]));
    return;
  }
  await bundle(node, { onlyIfStale: true });
  // What is there afterwards belongs together.
  rmSync(RELEASE, { recursive: true, force: true });
  mkdirSync(RELEASE);
  const names = targets.map((target) => {
    const output = join(RELEASE, executableName(target));
    makeExecutable(target, output);
    process.stdout.write(`${output}  ${(statSync(output).size / 1e6).toFixed(1)} MB\n`);
    return executableName(target);
  });
  names.push(write(BILL, billOfMaterials(describeBuild(), bundledPackages(), targets)));
  write('SHA256SUMS', names.map(checksumLine).join(''));
});
