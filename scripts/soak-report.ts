// Soaks a server and reports whether the books of both sides agree. Started by soak.mjs; exit code 1 when something is wrong.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { soak, type SoakReport } from '../test/kit/soak-rig.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
const MS_PER_MINUTE = 60_000;
const MS_PER_SECOND = 1_000;

function positive(text: string): number | null {
  const number = Number(text);
  return Number.isFinite(number) && number > 0 ? number : null;
}

function describe(report: SoakReport): string {
  const { kills, answered, faults, sessions, ledgerWh, storedWh, readyMs, problems } = report;
  const listed = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .map(([name, count]) => `${name} ${count}`)
      .join(', ');
  const lines = [
    `${kills} kills; start to [READY] ${Math.round(Math.max(...readyMs))} ms at most`,
    `answered: ${listed(answered)}`,
    `faults: ${listed(faults)}`,
    `${sessions} sessions; the chargers say ${ledgerWh} Wh, kwota says ${storedWh} Wh`,
    ...problems.map((problem) => `WRONG: ${problem}`),
    problems.length === 0
      ? 'the books agree to the Wh, session by session and file by file'
      : 'the books differ',
  ];
  return `${lines.join('\n')}\n`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      minutes: { type: 'string', default: '30' },
      chargers: { type: 'string', default: '1000' },
      'kill-every': { type: 'string', default: '60' },
      think: { type: 'string', default: '2' },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    },
  });
  const numbers = [values.minutes, values.chargers, values['kill-every'], values.think, values.seed].map(
    positive,
  );
  const [minutes, chargers, killEveryS, thinkS, seed] = numbers;
  if (!minutes || !chargers || !killEveryS || !thinkS || !seed) {
    process.stderr.write(
      'soak: --minutes, --chargers, --kill-every and --think (seconds), --seed take numbers\n',
    );
    process.exitCode = EXIT_USAGE;
    return;
  }
  process.stdout.write(`seed ${seed}: ${chargers} chargers for ${minutes} minutes\n`);
  const dataDir = mkdtempSync(join(tmpdir(), 'kwota-soak-'));
  const startedMs = performance.now();
  const report = await soak({
    dataDir,
    chargers,
    seed,
    durationMs: minutes * MS_PER_MINUTE,
    killEveryMs: killEveryS * MS_PER_SECOND,
    thinkMs: thinkS * MS_PER_SECOND,
    onKill({ kills, answered, sessions, residentMiB }) {
      const seconds = Math.round((performance.now() - startedMs) / MS_PER_SECOND);
      process.stdout.write(
        `${seconds} s: kill ${kills}, ${answered} answers, ${sessions} sessions, ${residentMiB} MiB resident\n`,
      );
    },
  });
  process.stdout.write(describe(report));
  if (report.problems.length === 0) rmSync(dataDir, { recursive: true });
  else {
    process.stdout.write(`the data folder was kept: ${dataDir}\n`);
    process.exitCode = EXIT_FAILED;
  }
}

await main();
