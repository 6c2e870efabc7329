// Kills a server under load as often as asked and reports what was found. Started by kills.mjs; exit code 1 when something is wrong.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { MOMENTS, runPowerLoss, type PowerLossReport } from '../test/kit/power-loss-rig.ts';

const EXIT_FAILED = 1;
const EXIT_USAGE = 2;
const DEFAULT_KILLS = '100';

function wholeNumber(text: string): number | null {
  return /^\d{1,9}$/.test(text) ? Number(text) : null;
}

function median(numbers: readonly number[]): number {
  return numbers.toSorted((a, b) => a - b)[Math.floor(numbers.length / 2)] ?? Number.NaN;
}

function describe(report: PowerLossReport, seconds: number): string {
  const { kills, acknowledged, outstanding, sessions, comparisons, readyMs, problems } = report;
  const total = MOMENTS.reduce((sum, moment) => sum + kills[moment], 0);
  const lines = [
    `${total} kills in ${Math.round(seconds)} s: ${MOMENTS.map((moment) => `${moment} ${kills[moment]}`).join(', ')}`,
    'answered:',
    ...Object.entries(acknowledged).map(([action, count]) => `  ${action} ${count}`),
    `transaction messages that a kill left unanswered: ${outstanding.messages}, of which stored: ${outstanding.stored}`,
    `${sessions} sessions; all of them compared with the store ${comparisons.store} times, the shared files ${comparisons.files} times`,
    `start to [READY]: median ${Math.round(median(readyMs))} ms, longest ${Math.round(Math.max(...readyMs))} ms, ${readyMs.length} starts`,
    ...problems.map((problem) => `WRONG: ${problem}`),
    problems.length === 0 ? 'nothing was lost, nothing was counted twice' : `${problems.length} problems`,
  ];
  return `${lines.join('\n')}\n`;
}

async function main(): Promise<void> {
  const { values } = parseArgs({
    options: {
      kills: { type: 'string', default: DEFAULT_KILLS },
      seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    },
  });
  const kills = wholeNumber(values.kills);
  const seed = wholeNumber(values.seed);
  if (kills === null || seed === null) {
    process.stderr.write('kills: --kills and --seed take whole numbers\n');
    process.exitCode = EXIT_USAGE;
    return;
  }
  process.stdout.write(`seed ${seed}\n`);
  const dataDir = mkdtempSync(join(tmpdir(), 'kwota-kills-'));
  const startedMs = performance.now();
  const report = await runPowerLoss({
    dataDir,
    kills,
    seed,
    onKill: (done, moment) => process.stdout.write(`${done}/${kills} ${moment}\n`),
  });
  process.stdout.write(describe(report, (performance.now() - startedMs) / 1000));
  if (report.problems.length === 0) rmSync(dataDir, { recursive: true });
  else {
    process.stdout.write(`the data folder was kept: ${dataDir}\n`);
    process.exitCode = EXIT_FAILED;
  }
}

await main();
