// How the one file of the product is made: everything inlined, the writer thread's program included as text.
// Run through scripts/bundle.mjs, which says what build this is.
import process from 'node:process';
import { build } from 'esbuild';
import { defineConfig } from 'tsup';
import { inkWithoutDevelopment, yogaAtOnce } from './scripts/ink-in-bundle.ts';

const target = 'node24';

/** The worker is a bundle of its own, as text: an executable holds no second file that a thread could be started from. */
async function workerText(): Promise<string> {
  const result = await build({
    entryPoints: ['src/store/sqlite/writer.worker.ts'],
    bundle: true,
    write: false,
    platform: 'node',
    target,
    format: 'cjs',
    minify: true,
    legalComments: 'none',
    metafile: true,
  });
  const [output] = result.outputFiles;
  if (output === undefined) throw new Error('the writer worker gave no bundle');
  // What ships is told from the main bundle (scripts/third-party.mjs).
  const foreign = Object.keys(result.metafile.inputs).find((path) => path.includes('node_modules/'));
  if (foreign !== undefined) throw new Error(`the writer worker has its own copy of ${foreign}`);
  return output.text;
}

function buildInfo(): string {
  const info = process.env['KWOTA_BUILD_INFO'];
  if (info === undefined) throw new Error('KWOTA_BUILD_INFO is not set: build with npm run build');
  return info;
}

export default defineConfig(async () => ({
  entry: { kwota: 'bin/kwota.ts' },
  format: ['cjs' as const], // the main file of a single executable application is CommonJS
  outDir: 'dist',
  outExtension: () => ({ js: '.cjs' }),
  platform: 'node' as const,
  target,
  noExternal: [/.*/],
  splitting: false,
  sourcemap: false,
  minify: true,
  clean: true,
  metafile: true,
  dts: false,
  shims: true, // import.meta.url in CommonJS
  removeNodeProtocol: false, // "node:sqlite" has no name without the prefix
  define: {
    'process.env.NODE_ENV': '"production"',
    __KWOTA_BUILD__: buildInfo(),
    __KWOTA_WORKER__: JSON.stringify(await workerText()),
    // Which licences these are is known when the bundle is built: scripts/bundle.mjs puts them here.
    __KWOTA_LICENCES__: '"@kwota:licences@"',
  },
  esbuildPlugins: [inkWithoutDevelopment, yogaAtOnce],
  esbuildOptions(options) {
    options.charset = 'ascii'; // scripts/bundle.mjs has the reason
    options.legalComments = 'none';
  },
}));
