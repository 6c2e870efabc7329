// Node strips types from .ts by itself and knows no JSX: with --import this file has .tsx compiled as it is loaded.
import { readFileSync } from 'node:fs';
import { createRequire, registerHooks } from 'node:module';
import { fileURLToPath } from 'node:url';

const require = createRequire(import.meta.url);

registerHooks({
  load(url, context, next) {
    if (!url.startsWith('file:') || !new URL(url).pathname.endsWith('.tsx')) return next(url, context);
    // Loaded when the first such file is: most processes meet none.
    const esbuild = require('esbuild');
    const file = fileURLToPath(url);
    const { code } = esbuild.transformSync(readFileSync(file, 'utf8'), {
      loader: 'tsx',
      jsx: 'automatic',
      format: 'esm',
      target: 'node24',
      sourcemap: 'inline',
      sourcefile: file,
    });
    return { format: 'module', source: code, shortCircuit: true };
  },
});
