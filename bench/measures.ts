// What measuring costs: 100,000 observations in a histogram of ours, by name, and in prom-client's own. Not part of the program.
import prom from 'prom-client';
import { Histogram } from '../src/runtime/histogram.ts';
import { Timings } from '../src/runtime/timings.ts';

const OBSERVATIONS = 100_000;
const ROUNDS = 7;

const own = new Histogram();
const byName = new Timings();
const theirs = new prom.Histogram({
  name: 'bench_seconds',
  help: 'x',
  labelNames: ['action'],
  registers: [],
});
const handle = theirs.labels({ action: 'MeterValues' });

const subjects: Readonly<Record<string, (ms: number) => void>> = {
  'a histogram of ours': (ms) => own.observe(ms),
  'a histogram of ours, by name': (ms) => byName.observe('MeterValues', ms),
  'prom-client, handle bound before': (ms) => handle.observe(ms / 1000),
  'prom-client, labels each time': (ms) => theirs.labels({ action: 'MeterValues' }).observe(ms / 1000),
};

for (const [name, observe] of Object.entries(subjects)) {
  const rounds = Array.from({ length: ROUNDS }, () => {
    const beganMs = performance.now();
    for (let i = 0; i < OBSERVATIONS; i++) observe(i % 100);
    return performance.now() - beganMs;
  }).sort((a, b) => a - b);
  const medianMs = rounds[Math.floor(ROUNDS / 2)] ?? 0;
  console.log(
    `${name}: ${((medianMs * 1e6) / OBSERVATIONS).toFixed(0)} ns an observation (median of ${ROUNDS})`,
  );
}
