// What nobody would send breaks nothing: some inputs for each reader; `npm run fuzz` tries as many as there is time for.
import { strict as assert } from 'node:assert';
import t from 'tap';
import { makeDataDir } from '../kit/data-dir.ts';
import { describeFailure, fuzz, type FuzzTarget } from './fuzz.ts';
import { startFuzzedServer } from './server-targets.ts';
import { textTargets } from './text-targets.ts';

/** The same inputs each time: what `npm run fuzz` finds with other seeds gets a test of its own. */
const SEED = 1;
const TEXTS = 1_500;
const MESSAGES = 400;
const MAX_MS = 20_000;

t.setTimeout(400_000);

async function holds(target: FuzzTarget, inputs: number): Promise<string> {
  const began = performance.now();
  const goesOn = (tried: number) => tried < inputs && performance.now() - began < MAX_MS;
  const { tried, failure } = await fuzz(target, { seed: SEED, from: 0, goesOn });
  assert.ok(tried > 0 || failure !== null);
  return failure === null ? 'holds' : describeFailure(failure);
}

void t.test('a reader of text has an answer to everything', async (t) => {
  for (const target of await textTargets()) t.equal(await holds(target, TEXTS), 'holds', target.name);
});

void t.test('a server has an answer to every message and request, and goes on', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': 'id_tag,quota_kwh\n04A1,100\n' });
  const server = await startFuzzedServer(dataDir);
  t.teardown(() => server.close());
  for (const target of server.targets) t.equal(await holds(target, MESSAGES), 'holds', target.name);
});

void t.test('an input that breaks a promise is told with what makes it again', async (t) => {
  const fragile: FuzzTarget = {
    name: 'fragile',
    corpus: ['abc'],
    check: (input) => assert.ok(!input.includes('\0'), 'no NUL'),
  };
  const goesOn = () => true;
  const { failure } = await fuzz(fragile, { seed: 7, from: 0, goesOn });
  t.match(failure, { target: 'fragile', seed: 7, reason: /no NUL/ });
  const at = failure?.at ?? 0;
  const again = await fuzz(fragile, { seed: 7, from: at, goesOn: (tried) => tried < 1 });
  t.equal(again.tried, 0);
  t.same(again.failure?.input, failure?.input);
  t.match(describeFailure(failure as never), `--target fragile --seed 7 --at ${at}`);
});
