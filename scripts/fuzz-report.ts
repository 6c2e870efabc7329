// Fuzzes each reader for its share of the time, and reports. Started by fuzz.mjs; exit code 1 when a promise was broken, with
// what makes that input again.
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { describeFailure, fuzz, type FuzzTarget } from '../test/fuzz/fuzz.ts';
import { startFuzzedServer } from '../test/fuzz/server-targets.ts';
import { textTargets } from '../test/fuzz/text-targets.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
const MS_PER_MINUTE = 60_000;

interface Wish {
  readonly minutes: number;
  readonly seed: number;
  /** Null: all of them. */
  readonly target: string | null;
  /** Null: one input after the other. */
  readonly at: number | null;
}

function readWish(): Wish | null {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '5' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
      target: { type: 'string' },
      at: { type: 'string' },
    },
  });
  const minutes = Number(values.minutes);
  const seed = Number(values.seed);
  const at = values.at === undefined ? null : Number(values.at);
  const isSound = minutes > 0 && Number.isSafeInteger(seed) && Number.isSafeInteger(at ?? 0);
  return isSound ? { minutes, seed, at, target: values.target ?? null } : null;
}

/** Returns whether every target held. */
async function report(targets: readonly FuzzTarget[], { minutes, seed, at }: Wish): Promise<boolean> {
  let isSound = true;
  for (const target of targets) {
    const endsMs = performance.now() + (minutes * MS_PER_MINUTE) / targets.length;
    const goesOn = (tried: number) => (at === null ? performance.now() < endsMs : tried === 0);
    const { tried, failure } = await fuzz(target, { seed, from: at ?? 0, goesOn });
    isSound &&= failure === null;
    process.stdout.write(
      failure === null ? `${target.name}: ${tried} inputs, holds\n` : `${describeFailure(failure)}\n`,
    );
  }
  return isSound;
}

async function main(): Promise<void> {
  const wish = readWish();
  const dataDir = mkdtempSync(join(tmpdir(), 'kwota-fuzz-'));
  writeFileSync(join(dataDir, 'users1.csv'), 'id_tag,quota_kwh\n04A1,100\n');
  const server = await startFuzzedServer(dataDir);
  try {
    const all = [...(await textTargets()), ...server.targets];
    const targets = all.filter(({ name }) => (wish?.target ?? name) === name);
    if (wish === null || targets.length === 0) {
      process.stderr.write(
        `fuzz: --minutes, --seed and --at take numbers, --target one of ${all.map(({ name }) => name).join(', ')}\n`,
      );
      process.exitCode = EXIT_USAGE;
      return;
    }
    process.stdout.write(`seed ${wish.seed}\n`);
    if (!(await report(targets, wish))) process.exitCode = EXIT_FAILED;
  } finally {
    await server.close();
    rmSync(dataDir, { recursive: true, force: true });
  }
}

await main();
