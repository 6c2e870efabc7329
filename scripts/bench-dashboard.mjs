// npm run bench:dashboard: what the dashboard costs on a large site, with React as it is in the bundle.
import { bootstrap } from './bootstrap.mjs';
import { endLike, main, run } from './child.mjs';

const TSX_HOOK = new URL('tsx-hook.mjs', import.meta.url).href;

await main(async () => {
  const env = { ...process.env, NODE_ENV: 'production' };
  endLike(await run(bootstrap(), ['--import', TSX_HOOK, 'bench/dashboard.ts'], { env }));
});
