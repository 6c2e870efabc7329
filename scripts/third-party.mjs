// What of other people ships inside the bundle: which packages, in which versions, under which licences, as whole texts.
// Told from what the bundler really took, not from what is installed.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { brotliCompressSync } from 'node:zlib';
import { pinnedVersion, root, runtimePackage, SetupError } from './bootstrap.mjs';

/** In which the text stands that `kwota licenses` prints, until it is put in: see tsup.config.ts. */
const PLACE = /(['"`])@kwota:licences@\1/;
const LICENCE_FILE = /^(licen[cs]e|copying|notice)(\.(md|txt))?$/i;
const RULE = '-'.repeat(80);

/** Each package in the bundle, as the lockfile knows it; one that lies in several places of node_modules once. */
export function packagesIn(metafile) {
  const [output] = Object.values(metafile.outputs);
  const folders = Object.entries(output.inputs)
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0)
    .map(([path]) => /^.*node_modules\/(?:@[^/]+\/)?[^/]+(?=\/)/.exec(path)?.[0])
    .filter((folder) => folder !== undefined);
  const { packages } = readJson('package-lock.json');
  const found = [...new Set(folders)].sort().map((folder) => {
    const locked = packages[folder];
    if (locked === undefined) throw new SetupError(`${folder} is in the bundle and not in package-lock.json`);
    const { version, integrity } = locked;
    const name = folder.slice(folder.lastIndexOf('node_modules/') + 'node_modules/'.length);
    return { name, version, integrity, folder, license: readJson(join(folder, 'package.json')).license };
  });
  return [...new Map(found.map((one) => [`${one.name}@${one.version}`, one])).values()];
}

/** The bundle's text with all licences put in. */
export function withLicences(bundleText, packages) {
  if (!PLACE.test(bundleText)) throw new SetupError('the bundle has no place for the licences');
  const texts = [ownLicence(), ...packages.map(packageLicence), nodeLicence()].join(`\n${RULE}\n\n`);
  const packed = brotliCompressSync(Buffer.from(texts)).toString('base64');
  return bundleText.replace(PLACE, () => JSON.stringify(packed));
}

function ownLicence() {
  return `kwota (MIT)\n\n${readFileSync(join(root, 'LICENSE'), 'utf8')}`;
}

function packageLicence({ name, version, license, folder }) {
  const files = readdirSync(join(root, folder)).filter((file) => LICENCE_FILE.test(file));
  const texts = files.sort().map((file) => readFileSync(join(root, folder, file), 'utf8').trim());
  if (texts.length === 0) texts.push(textOf(license, readJson(join(folder, 'package.json')), name));
  return `${name} ${version} (${license})\n\n${texts.join('\n\n')}\n`;
}

/** Some packages name their licence and do not have its text. */
function textOf(license, { author, homepage }, name) {
  const holder = typeof author === 'object' ? author.name : (author ?? `the authors of ${name}`);
  if (license !== 'MIT') throw new SetupError(`${name} has no text of its licence (${license})`);
  const mit = readFileSync(join(root, 'LICENSE'), 'utf8').replace(
    /^Copyright .*$/m,
    () => `Copyright (c) ${holder}${homepage === undefined ? '' : `, ${homepage}`}`,
  );
  return mit.trim();
}

/** Of Node and of everything that is in it; the same for each platform. */
function nodeLicence() {
  const name = runtimePackage();
  // Where npm has no Node for the platform, the one that runs has it beside itself.
  const folder =
    name === undefined ? join(dirname(process.execPath), '..') : join(root, 'node_modules', name);
  const file = join(folder, 'LICENSE');
  const text = existsSync(file)
    ? readFileSync(file, 'utf8')
    : 'https://github.com/nodejs/node/blob/main/LICENSE';
  return `Node.js ${pinnedVersion()}, with what is in it\n\n${text.trim()}\n`;
}

function readJson(path) {
  return JSON.parse(readFileSync(join(root, path), 'utf8'));
}
