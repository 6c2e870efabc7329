// npm run -s kwota -- ARGS: the command line of this checkout, straight from source, under the pinned Node.
import { bootstrap } from './bootstrap.mjs';
import { endLike, main, run } from './child.mjs';

await main(async (args) => {
  endLike(await run(bootstrap(), ['bin/kwota.ts', ...args]));
});
