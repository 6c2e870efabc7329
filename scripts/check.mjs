// npm run check: everything that must be green before a commit. `npm run check -- lint typecheck` runs only those.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { bootstrap, root, SetupError } from './bootstrap.mjs';
import { main, run } from './child.mjs';

const CODE = ['bin', 'src', 'tui', 'test', 'bench', 'scripts'].filter((folder) =>
  existsSync(join(root, folder)),
);

/** Each check as the arguments of the pinned Node, cheap ones first. */
const CHECKS = {
  format: ['node_modules/prettier/bin/prettier.cjs', '--check', '--log-level=warn', '.'],
  typecheck: ['node_modules/typescript/bin/tsc', '-p', '.'],
  lint: ['node_modules/eslint/bin/eslint.js', '--max-warnings=0', '.'],
  boundaries: [
    'node_modules/dependency-cruiser/bin/dependency-cruiser.mjs',
    '--config=.dependency-cruiser.cjs',
    ...CODE,
  ],
  unused: ['node_modules/knip/bin/knip.js', '--no-progress'],
  tests: ['scripts/test.mjs'],
};

await main(async (args) => {
  const node = bootstrap();
  const names = args.length > 0 ? args : Object.keys(CHECKS);
  const unknown = names.find((name) => !(name in CHECKS));
  if (unknown !== undefined) {
    throw new SetupError(`no check is called ${unknown}; there are ${Object.keys(CHECKS).join(', ')}`);
  }
  const failed = [];
  for (const name of names) {
    process.stdout.write(`== ${name}\n`);
    const { code } = await run(node, CHECKS[name]);
    if (code !== 0) failed.push(name);
  }
  process.stdout.write(failed.length === 0 ? 'all checks passed\n' : `failed: ${failed.join(', ')}\n`);
  process.exitCode = failed.length === 0 ? 0 : 1;
});
