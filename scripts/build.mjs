// npm run build: the bundle, always afresh.
import { bootstrap } from './bootstrap.mjs';
import { bundle } from './bundle.mjs';
import { main } from './child.mjs';

await main(async () => {
  await bundle(bootstrap(), { onlyIfStale: false });
});
