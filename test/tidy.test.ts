// The house rules that no linter knows, as a test over the files that git has or would take.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';

const LINES_LIMIT = 400;
const GRAB_BAGS = /(^|-)(utils?|helpers?|managers?|common|misc|stuff|shared)(-|\.)/;
/** In parts, so that this file does not break its own rules. */
const LEFTOVERS = new RegExp(
  ['TO' + 'DO', 'FIX' + 'ME', 'eslint-' + 'disable', '@ts-' + '(ignore|expect-error|nocheck)'].join('|'),
);
const UNFINISHED_TEST = new RegExp(
  ['\\.on' + 'ly\\(', '\\.sk' + 'ip\\(', '\\.to' + 'do\\(', '\\bt\\.pa' + 'ss\\('].join('|'),
);
const MACHINE_PATH = /(^|[\s"'`(=:])\/(home|root|Users|work)\/[\w.-]/m;
const TEXT = /\.(ts|tsx|mjs|cjs|js|json|md|yaml|yml|csv|service)$|^\.ci\/|^\.taprc$|^\.gitignore$/;
const CODE = /^(bin|src|tui|test|bench|scripts)\/.*\.(ts|tsx|mjs)$/;
const TEST_FILE = /\.test\.tsx?$/;

const root = fileURLToPath(new URL('..', import.meta.url));
const read = (file: string): string => readFileSync(join(root, file), 'utf8');

/** Tracked files and those that would be added; without git (an unpacked archive) there is nothing to hold the rules against. */
function projectFiles(): string[] {
  const list = ['ls-files', '--cached', '--others', '--exclude-standard', '-z'];
  const output = execFileSync('git', list, { cwd: root, encoding: 'utf8' });
  return output.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
}

const files = projectFiles();
const code = files.filter((file) => CODE.test(file));
const without = (wrong: string[]): string => (wrong.length === 0 ? 'none' : wrong.join('\n'));

/** Files of `among` whose text breaks a rule, each with the first offending text. */
function offenders(among: string[], rule: RegExp): string[] {
  return among.flatMap((file) => {
    const found = rule.exec(read(file));
    return found === null ? [] : [`${file}: ${found[0].trim()}`];
  });
}

t.test('the rules see the code of the project', (t) => {
  t.ok(code.includes('test/tidy.test.ts'), 'this file is among the code');
  t.ok(
    code.some((file) => file.startsWith('src/domain/')),
    'and so is the domain',
  );
  t.end();
});

t.test(`no file of code is longer than ${LINES_LIMIT} lines`, (t) => {
  const long = code.filter((file) => read(file).trimEnd().split('\n').length > LINES_LIMIT);
  t.equal(without(long), 'none');
  t.end();
});

t.test('every file of code begins with a comment that says what it is', (t) => {
  const bare = code.filter((file) => !/^(#!.*\n)?(\/\/ \S|\/\*\*? ?\S?)/.test(read(file)));
  t.equal(without(bare), 'none');
  t.end();
});

t.test('files are named for what they hold, in kebab-case, and none is a grab-bag or a barrel', (t) => {
  const names = code.map((file) => [file, basename(file)] as const);
  const odd = names.filter(([, name]) => !/^[a-z0-9]+([-.][a-z0-9]+)*$/.test(name) || GRAB_BAGS.test(name));
  t.equal(without(odd.map(([file]) => file)), 'none');
  t.equal(without(code.filter((file) => /(^|\/)index\.\w+$/.test(file))), 'none');
  t.end();
});

t.test('exports have names', (t) => {
  t.equal(without(offenders(code, /^export default\b.*|\bas default\b.*/m)), 'none');
  t.end();
});

t.test('nothing is left over: no notes to oneself, no silenced checks', (t) => {
  t.equal(without(offenders(code, LEFTOVERS)), 'none');
  t.end();
});

t.test('no test is narrowed, left out or passed by decree', (t) => {
  t.equal(
    without(
      offenders(
        code.filter((file) => TEST_FILE.test(file)),
        UNFINISHED_TEST,
      ),
    ),
    'none',
  );
  t.end();
});

t.test('no text names a folder of the machine it was written on', (t) => {
  const texts = files.filter((file) => TEXT.test(file) && file !== 'test/tidy.test.ts');
  t.equal(without(offenders(texts, MACHINE_PATH)), 'none');
  t.match('cd /ho' + 'me/anna/x', MACHINE_PATH, 'the rule knows such a folder when it sees one');
  t.notMatch('data=/srv/kwota/data', MACHINE_PATH);
  t.end();
});

t.test('versions are exact, and docs/dependencies.md has a line for every dependency', (t) => {
  const manifest = JSON.parse(read('package.json')) as Record<string, Record<string, string> | undefined>;
  const groups = ['dependencies', 'devDependencies', 'optionalDependencies', 'overrides'];
  const entries = groups.flatMap((group) => Object.entries(manifest[group] ?? {}));
  t.ok(entries.length > 0, 'there are dependencies');
  const loose = entries.filter(([, version]) => !/^(npm:@?[\w./-]+@)?\d+\.\d+\.\d+$/.test(version));
  t.equal(without(loose.map(([name, version]) => `${name} ${version}`)), 'none');
  const lines = read('docs/dependencies.md').split('\n');
  const isExplained = (name: string) =>
    lines.some((line) => line.startsWith('|') && line.split('|')[1]?.includes(`\`${name}\``));
  t.equal(without(entries.map(([name]) => name).filter((name) => !isExplained(name))), 'none');
  t.end();
});

t.test('the lockfile has an integrity for every package, so that an install is what was reviewed', (t) => {
  for (const file of ['package-lock.json', 'packaging/runtimes/package-lock.json']) {
    const { packages } = JSON.parse(read(file)) as { packages: Record<string, { integrity?: string }> };
    const unsealed = Object.keys(packages).filter(
      (path) => path !== '' && packages[path]?.integrity === undefined,
    );
    t.equal(without(unsealed), 'none', file);
  }
  t.end();
});

t.test('the pinned Node is the same everywhere', (t) => {
  const main = JSON.parse(read('package.json')) as { optionalDependencies: Record<string, string> };
  const runtimes = JSON.parse(read('packaging/runtimes/package.json')) as {
    dependencies: Record<string, string>;
  };
  t.equal(new Set(Object.values(main.optionalDependencies)).size, 1);
  t.same(runtimes.dependencies, main.optionalDependencies);
  t.end();
});

t.test('README shows the two commands that a newcomer types', (t) => {
  const readme = read('README.md');
  for (const command of ['npm start', 'npm test']) t.ok(readme.includes(command), command);
  t.end();
});
