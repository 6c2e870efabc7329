// npm test: all tests, or those named (npm test -- src/x.test.ts). The last line is always `N passed, N failed`.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { bootstrap, root, SetupError } from './bootstrap.mjs';
import { main, run } from './child.mjs';

const TAP = 'node_modules/tap/dist/esm/run.mjs';
const TEST_ROOTS = ['bin', 'src', 'tui', 'test'];
const TEST_FILE = /\.test\.tsx?$/;
/** Of a failed assertion, when it is told once more at the end. */
const FAILURE_LINES = 40;

/** tap compiles its plugin list into node_modules; after an install that list is the default one, whatever .taprc says. */
async function buildTapWhenNeeded(node) {
  const built = readFileSync(join(root, 'node_modules/@tapjs/test/test-built/dist/esm/index.js'), 'utf8');
  const excluded = [...readFileSync(join(root, '.taprc'), 'utf8').matchAll(/^\s*- '!(.+)'$/gm)].map(
    (match) => match[1],
  );
  if (!excluded.some((plugin) => built.includes(`"${plugin}"`))) return;
  process.stderr.write('kwota: building tap with the plugins of .taprc, once\n');
  const { code } = await run(node, [TAP, 'build'], { stdio: ['ignore', 2, 2] });
  if (code !== 0) throw new SetupError('tap build failed; see above');
}

/** Every test file on disk, with forward slashes. */
function testFiles(folder) {
  if (!existsSync(join(root, folder))) return [];
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = `${folder}/${entry.name}`;
    // t.testdir() keeps its folders under .tap; node_modules is nobody's test.
    if (entry.isDirectory())
      return entry.name === 'node_modules' || entry.name === '.tap' ? [] : testFiles(path);
    return TEST_FILE.test(entry.name) ? [path] : [];
  });
}

/** The files that must run: all, or those named; undefined when other arguments make that tap's decision. */
function filesWanted(args) {
  if (args.length === 0) return TEST_ROOTS.flatMap(testFiles);
  const isFile = (arg) => TEST_FILE.test(arg) && existsSync(join(root, arg));
  return args.every(isFile) ? args.map((arg) => arg.replaceAll('\\', '/').replace(/^\.\//, '')) : undefined;
}

/** The first assertion of a file that failed, with what tap says of it. */
function firstFailure(lines) {
  const from = lines.findIndex((line) => /^\s+not ok /.test(line));
  return from < 0 ? [] : lines.slice(from, from + FAILURE_LINES);
}

/** Runs tap, shows what it says, and reads from it which files ran and how many assertions passed. */
async function runTap(node, args) {
  const seen = { files: new Set(), failures: new Map(), emptyFiles: [], counts: {}, ended: undefined };
  let linesOfFile = [];
  const readLine = (line) => {
    process.stdout.write(`${line}\n`);
    const file = /^# Subtest: (.+)$/.exec(line)?.[1];
    if (file !== undefined) {
      seen.files.add(file.replaceAll('\\', '/'));
      linesOfFile = [];
    }
    linesOfFile.push(line);
    const empty = /^ok \d+ - (.+) # SKIP no tests found$/.exec(line)?.[1];
    if (empty !== undefined) seen.emptyFiles.push(empty);
    const failed = /^not ok \d+ - (.+?)(?: # .*)?$/.exec(line)?.[1];
    if (failed !== undefined) seen.failures.set(failed, firstFailure(linesOfFile));
    const summary = /^# \{ (total: .*) \}$/.exec(line)?.[1];
    if (summary !== undefined)
      seen.counts = Object.fromEntries(summary.split(', ').map((part) => part.split(': ')));
  };
  let lines;
  seen.ended = await run(node, [TAP, '-Rtap', ...args], {
    stdio: ['ignore', 'pipe', 'inherit'],
    onStart: (child) => {
      const input = createInterface({ input: child.stdout });
      input.on('line', readLine);
      lines = new Promise((resolve) => input.once('close', resolve));
    },
  });
  await lines;
  return seen;
}

await main(async (args) => {
  const node = bootstrap();
  // Inherited by the tests and what they start: each program is compiled once, and not by every process anew.
  process.env.NODE_COMPILE_CACHE ??= join(root, '.cache/compiled');
  await buildTapWhenNeeded(node);
  const wanted = filesWanted(args);
  const { files, failures, emptyFiles, counts, ended } = await runTap(node, args);
  const missing = (wanted ?? []).filter((file) => !files.has(file));
  const passed = Number(counts.pass ?? 0);
  // tap counts a file without a test as skipped; here it has failed, since it looks like a test and is none.
  const skipped = Number(counts.skip ?? 0) + Number(counts.todo ?? 0) - emptyFiles.length;
  let failed = Number(counts.fail ?? 0) + missing.length + emptyFiles.length;
  // A runner that ends badly has failed, whatever it counted before; so has one that ran nothing.
  if (failed === 0 && (ended.code !== 0 || files.size === 0 || passed === 0)) failed = 1;

  for (const [file, lines] of failures) process.stdout.write([`failed: ${file}`, ...lines, ''].join('\n'));
  for (const file of emptyFiles) process.stdout.write(`has no test: ${file}\n`);
  for (const file of missing) process.stdout.write(`did not run: ${file}\n`);
  if (ended.code !== 0) process.stdout.write(`tap ended with ${ended.signal ?? `exit code ${ended.code}`}\n`);
  if (skipped > 0) process.stdout.write(`${skipped} skipped\n`);
  process.stdout.write(`${passed} passed, ${failed} failed\n`);
  process.exitCode = failed === 0 ? 0 : 1;
});
