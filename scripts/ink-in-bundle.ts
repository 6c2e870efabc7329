// How Ink gets into a bundle that is one CommonJS file: without its developer tools, its layout engine loaded at once.
// Each plugin knows what it changes to the letter: when a new version looks otherwise, the build fails and not the dashboard.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Plugin } from 'esbuild';

const YOGA_PROGRAM = 'binaries/yoga-wasm-base64-esm.js';
/** The layout engine as it stands in its module: WebAssembly, base64. */
const YOGA_BINARY = /"data:application\/octet-stream;base64,([A-Za-z0-9+/]+=*)"/;
const YOGA_AWAIT = 'wrapAssembly(await loadYoga())';
/** Ink loads React's developer tools where the variable DEV is set: with a top-level await, and a package that is not there. */
const DEV_BLOCK = /^if \(process\.env\['DEV'\] === 'true'\) \{\n(?:.*\n)*?\}\n/gm;
const DEV_BLOCKS = 2;

export const inkWithoutDevelopment: Plugin = {
  name: 'ink-without-development',
  setup(build) {
    build.onLoad({ filter: /[\\/]ink[\\/]build[\\/]reconciler\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const found = text.match(DEV_BLOCK)?.length ?? 0;
      if (found !== DEV_BLOCKS) throw new Error(`${path} has ${found} blocks for DEV, not ${DEV_BLOCKS}`);
      return { contents: text.replace(DEV_BLOCK, '') };
    });
  },
};

/** Yoga waits for its WebAssembly at the top level, which CommonJS cannot: the same bytes are compiled where they are needed. */
export const yogaAtOnce: Plugin = {
  name: 'yoga-at-once',
  setup(build) {
    build.onLoad({ filter: /[\\/]yoga-layout[\\/]dist[\\/]src[\\/]index\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      const program = await readFile(join(path, '../..', YOGA_PROGRAM), 'utf8');
      const binary = YOGA_BINARY.exec(program)?.[1];
      if (binary === undefined) throw new Error(`${YOGA_PROGRAM} has no WebAssembly in base64`);
      if (text.split(YOGA_AWAIT).length !== 2) throw new Error(`${path} does not await Yoga once`);
      return { contents: `${text.replace(YOGA_AWAIT, 'wrapAssembly(loadedYoga())')}\n${loadedYoga(binary)}` };
    });
    // Its own copy of the bytes is not needed any more.
    build.onLoad({ filter: /[\\/]yoga-wasm-base64-esm\.js$/ }, async ({ path }) => {
      const text = await readFile(path, 'utf8');
      return { contents: text.replace(YOGA_BINARY, '"data:application/octet-stream;base64,"') };
    });
  },
};

/** The source of a function that fills the module which loadYoga would promise. */
function loadedYoga(binary: string): string {
  return `function loadedYoga() {
    const yoga = {
      instantiateWasm(imports, done) {
        const program = new WebAssembly.Module(Buffer.from(${JSON.stringify(binary)}, 'base64'));
        const instance = new WebAssembly.Instance(program, imports);
        done(instance);
        return instance.exports;
      },
    };
    loadYoga(yoga);
    return yoga;
  }`;
}
