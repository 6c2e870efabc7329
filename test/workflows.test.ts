// The workflows of the repository: nothing floats, nobody has more rights than needed, every executable is tried.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t from 'tap';
import { parse } from 'yaml';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = join(root, '.github', 'workflows');

interface Workflow {
  readonly permissions?: unknown;
  readonly jobs: Readonly<Record<string, Job>>;
}

interface Job {
  readonly uses?: string;
  readonly 'timeout-minutes'?: number;
  readonly steps?: readonly { readonly uses?: string; readonly run?: string }[];
  readonly strategy?: { readonly matrix: { readonly include: readonly { readonly file: string }[] } };
}

const workflows = readdirSync(folder).map(
  (name) => [name, parse(readFileSync(join(folder, name), 'utf8')) as Workflow] as const,
);

t.test('actions are named by commit, and local workflows exist', (t) => {
  const used = workflows.flatMap(([, { jobs }]) =>
    Object.values(jobs).flatMap(({ uses, steps = [] }) => [uses, ...steps.map((step) => step.uses)]),
  );
  const named = used.filter((one) => one !== undefined);
  t.ok(named.length > 5);
  for (const one of named) {
    if (one.startsWith('./')) t.ok(readFileSync(join(root, one)).length > 0, one);
    else t.match(one, /^[\w.-]+\/[\w.-]+@[0-9a-f]{40}$/);
  }
  t.end();
});

t.test('a workflow may read the repository and nothing else, and each job ends', (t) => {
  for (const [name, { permissions, jobs }] of workflows) {
    t.strictSame(permissions, { contents: 'read' }, name);
    for (const [job, { uses, 'timeout-minutes': minutes }] of Object.entries(jobs))
      t.ok(uses !== undefined || (minutes ?? 0) > 0, `${name} ${job}`);
  }
  t.end();
});

t.test('on each push what ships is held against known advisories', (t) => {
  const ci = workflows.find(([name]) => name === 'ci.yml')?.[1];
  const runs = ci?.jobs['audit']?.steps?.map(({ run }) => run);
  t.ok(runs?.includes('npm audit --omit=dev --audit-level=high'));
  t.end();
});

t.test('every executable that is made is tried on a system of its own', (t) => {
  const runtimes = readFileSync(join(root, 'scripts', 'runtimes.mjs'), 'utf8');
  const targets = [...runtimes.matchAll(/^ {2}'([a-z]+-[a-z0-9]+)': /gm)].map(([, target = '']) => target);
  t.ok(targets.length >= 3);
  const executables = workflows.find(([name]) => name === 'executables.yml')?.[1];
  const tried = executables?.jobs['smoke']?.strategy?.matrix.include.map(({ file }) =>
    file.replace('.exe', ''),
  );
  for (const target of targets) t.ok(tried?.includes(`kwota-${target}`), target);
  t.end();
});
