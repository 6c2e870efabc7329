// The software bill of materials of a release, in CycloneDX: what is inside the executables, and nothing else.
import { createHash } from 'node:crypto';
import { runtimeLocked } from './runtimes.mjs';

/** `build` is what the bundle says about itself; `packages` what is in it. The same build gives the same bytes. */
export function billOfMaterials(build, packages, targets) {
  const self = {
    ...component({ name: 'kwota', version: build.version, license: 'MIT' }),
    type: 'application',
  };
  const runtimes = targets.map((target) => ({
    ...component({ ...runtimeLocked(target), license: 'MIT' }),
    type: 'platform',
    description: `Node.js for ${target}, with what process.versions of it names`,
  }));
  const components = [...packages.map(component), ...runtimes];
  const date = build.date === 'unknown' ? {} : { timestamp: build.date };
  const content = {
    bomFormat: 'CycloneDX',
    specVersion: '1.5',
    version: 1,
    metadata: {
      ...date,
      component: { ...self, properties: [{ name: 'kwota:commit', value: build.commit }] },
    },
    components,
    dependencies: [{ ref: self['bom-ref'], dependsOn: components.map((one) => one['bom-ref']) }],
  };
  return `${JSON.stringify({ $schema: 'http://cyclonedx.org/schema/bom-1.5.schema.json', serialNumber: serialOf(content), ...content }, null, 2)}\n`;
}

function component({ name, version, license, integrity }) {
  const purl = `pkg:npm/${name.replace('@', '%40')}@${version}`;
  return {
    type: 'library',
    'bom-ref': purl,
    name,
    version,
    purl,
    licenses: [{ license: { id: license } }],
    ...(integrity === undefined ? {} : { hashes: [hashOf(integrity)] }),
  };
}

/** `sha512-…` of a lockfile, as CycloneDX writes it. */
function hashOf(integrity) {
  const [algorithm, digest] = integrity.split('-', 2);
  return { alg: algorithm.replace('sha', 'SHA-'), content: Buffer.from(digest, 'base64').toString('hex') };
}

/** A UUID of the content: another bill has another one. */
function serialOf(content) {
  const hex = createHash('sha256').update(JSON.stringify(content)).digest('hex');
  const parts = [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `5${hex.slice(13, 16)}`,
    `8${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ];
  return `urn:uuid:${parts.join('-')}`;
}
