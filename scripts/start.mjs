// npm start: whatever is missing is installed and built, then the bundle runs under the pinned Node.
import { bootstrap } from './bootstrap.mjs';
import { bundle } from './bundle.mjs';
import { endLike, main, run } from './child.mjs';

await main(async (args) => {
  const node = bootstrap();
  await bundle(node, { onlyIfStale: true });
  endLike(await run(node, ['dist/kwota.cjs', ...args]));
});
