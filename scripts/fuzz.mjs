// npm run fuzz [-- --minutes N --target NAME --seed N --at N]: inputs nobody would send, for as long as told, under the pinned Node.
import { bootstrap } from './bootstrap.mjs';
import { endLike, main, run } from './child.mjs';

await main(async (args) => {
  endLike(await run(bootstrap(), ['scripts/fuzz-report.ts', ...args]));
});
