// A program that brings its compiled form along, so that a start does not wait for the compiler: V8's code cache, in one
// file with the text that it was made from. Another Node, processor or system compiles the text as it always does.
import { execFileSync } from 'node:child_process';
import { Script } from 'node:vm';
import { SetupError } from './bootstrap.mjs';

/** What CommonJS gives a module. */
const PARAMETERS = 'exports, require, module, __filename, __dirname';
/** Shown in stack traces. */
const NAME = 'kwota.cjs';
/**
 * Reads the text on standard input and gives the cache. A cache holds what has been compiled so far, so the program runs
 * before: `--version`, and what it exports as `loadAll`. Only what takes no time and no chance is run, for the same text has
 * to give the same cache. Bytecode that is not used for a while would be dropped; the flag is part of what a cache is
 * accepted for, so it is put back.
 */
const MAKE_CACHE = `
const { setFlagsFromString } = require('node:v8');
const { Script } = require('node:vm');
setFlagsFromString('--no-flush-bytecode');
const give = process.stdout.write.bind(process.stdout);
process.stdout.write = () => true;
process.argv = [process.execPath, '${NAME}', '--version'];
const chunks = [];
process.stdin.on('data', (chunk) => chunks.push(chunk));
process.stdin.on('end', async () => {
  const script = new Script(Buffer.concat(chunks).toString('latin1'), { filename: '${NAME}' });
  const module = { exports: {} };
  script.runInThisContext()(module.exports, require, module, '${NAME}', '.');
  await module.exports.loadAll?.();
  setFlagsFromString('--flush-bytecode');
  give(script.createCachedData());
});`;
const MAX_CACHE_BYTES = 64 * 1024 * 1024;
const NOT_ASCII = /[^\0-\u007f]/;

/** The text of a CommonJS module that does what `program` does. To be called under the Node that will run it. */
export function withCodeCache(program) {
  const text = `(function (${PARAMETERS}) {${program}\n})`;
  // Other characters would take the fast ways from bytes to text, and twice the memory.
  const odd = NOT_ASCII.exec(text);
  if (odd !== null) throw new SetupError(`the program is to be ASCII, and has ${JSON.stringify(odd[0])}`);
  // The seed is for the bytes: with a random one, each cache of the same program is another.
  const cache = execFileSync(process.execPath, ['--random-seed=1', '--eval', MAKE_CACHE], {
    input: text,
    maxBuffer: MAX_CACHE_BYTES,
  });
  const { cachedDataRejected } = new Script(text, { filename: NAME, cachedData: cache });
  if (cachedDataRejected !== false) throw new SetupError('the code cache is not one for this Node');
  const [heldText, heldCache] = [Buffer.from(text), cache].map((bytes) => bytes.toString('base64'));
  return `'use strict';
// A program and its code cache (scripts/code-cache.mjs). They stand in a comment, for the compiler passes over that faster than
// over a string, and a function gives its own text with all comments in it.
const { Script } = require('node:vm');
function held() { /* ${heldText} ${heldCache} */ }
const [, , , , heldText, heldCache] = held.toString().split(' ');
const isSameMachine = process.arch === '${process.arch}' && process.platform === '${process.platform}';
const cachedData = isSameMachine ? Buffer.from(heldCache, 'base64') : undefined;
const program = Buffer.from(heldText, 'base64').toString('latin1');
const run = new Script(program, { filename: '${NAME}', cachedData }).runInThisContext();
run(${PARAMETERS});
`;
}
