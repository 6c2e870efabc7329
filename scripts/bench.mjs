// npm run bench [-- --quick --only NAMES]: kwota as it ships beside its baselines, under the pinned Node.
import { bootstrap } from './bootstrap.mjs';
import { bundle } from './bundle.mjs';
import { endLike, main, run } from './child.mjs';

await main(async (args) => {
  const node = bootstrap();
  await bundle(node, { onlyIfStale: true });
  endLike(await run(node, ['bench/load/bench.ts', ...args]));
});
