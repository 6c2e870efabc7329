// npm run test:properties [-- --runs N --seed S --path P]: the energy property at length, under the pinned Node, on all cores.
import { bootstrap } from './bootstrap.mjs';
import { endLike, main, run } from './child.mjs';

await main(async (args) => {
  endLike(await run(bootstrap(), ['scripts/property-runs.ts', ...args]));
});
