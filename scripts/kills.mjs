// npm run test:kills [-- --kills N --seed S]: the power-loss test at length, under the pinned Node, with a report at the end.
import { bootstrap } from './bootstrap.mjs';
import { endLike, main, run } from './child.mjs';

await main(async (args) => {
  endLike(await run(bootstrap(), ['scripts/kill-report.ts', ...args]));
});
