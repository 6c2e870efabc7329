// A program that brings its compiled form along, so that a start does not wait for the compiler: V8's code cache, in one
// file with the text that it was made from. Another Node, processor or system compiles the text as it always does.
import { execFileSync } from 'node:child_process';
import { Script } from 'node:vm';
import { SetupError } from './bootstrap.mjs';

/** What CommonJS gives a module. */
const PARAMETERS = 'exports, require, module, __filename, __dirname';
/** Shown in stack traces. */
const NAME = 'kwota.cjs';
/** Compiles standard input and gives the cache. */
const MAKE_CACHE = `
const chunks = [];
process.stdin.on('data', (chunk) => chunks.push(chunk));
process.stdin.on('end', () => {
  const text = Buffer.concat(chunks).toString('utf8');
  process.stdout.write(new (require('node:vm').Script)(text, { filename: '${NAME}' }).createCachedData());
});`;
const MAX_CACHE_BYTES = 64 * 1024 * 1024;

/** The text of a CommonJS module that does what `program` does. To be called under the Node that will run it. */
export function withCodeCache(program) {
  const text = `(function (${PARAMETERS}) {${program}\n})`;
  // The seed is for the bytes: with a random one, each cache of the same program is another.
  const cache = execFileSync(process.execPath, ['--random-seed=1', '--eval', MAKE_CACHE], {
    input: text,
    maxBuffer: MAX_CACHE_BYTES,
  });
  const { cachedDataRejected } = new Script(text, { filename: NAME, cachedData: cache });
  if (cachedDataRejected !== false) throw new SetupError('the code cache is not one for this Node');
  return `'use strict';
// The program below, and its code cache (scripts/code-cache.mjs).
const { Script } = require('node:vm');
const program = ${JSON.stringify(text)};
const isSameMachine = process.arch === '${process.arch}' && process.platform === '${process.platform}';
const cachedData = isSameMachine ? Buffer.from('${cache.toString('base64')}', 'base64') : undefined;
const run = new Script(program, { filename: '${NAME}', cachedData }).runInThisContext();
run(${PARAMETERS});
`;
}
