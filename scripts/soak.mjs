// npm run soak [-- --minutes N --chargers N]: chargers on bad lines and a server that is killed each minute, under the pinned Node.
import { bootstrap } from './bootstrap.mjs';
import { endLike, main, run } from './child.mjs';

await main(async (args) => {
  endLike(await run(bootstrap(), ['scripts/soak-report.ts', ...args]));
});
