// What is measured, as /api/performance tells it. Part of the composition root: it decides nothing.
import type { PerformancePort } from './api/ports/performance.ts';
import type { Observed } from './observed.ts';
import type { Histogram } from './runtime/histogram.ts';
import { cpuMs, residentBytes } from './runtime/process.ts';

type Snapshot = ReturnType<PerformancePort['snapshot']>;

export function createPerformancePort(observed: Observed): PerformancePort {
  const { clock, startedMs } = observed;
  const cpuPercent = createCpuPercent(() => clock.monotonicMs());
  return {
    snapshot: () => ({
      since: new Date(startedMs).toISOString(),
      ...timesOf(observed),
      forward: forwardOf(observed),
      transactions: transactionsOf(observed),
      eventLoop: {
        p50Ms: rounded(observed.eventLoop.quantileMs(0.5)),
        p99Ms: rounded(observed.eventLoop.quantileMs(0.99)),
        maxMs: rounded(observed.eventLoop.maxMs()),
      },
      memoryBytes: residentBytes(),
      cpuPercent: cpuPercent(),
      messagesPerMinute: observed.messages.minutes().map(({ atMs, value }) => ({
        at: new Date(atMs).toISOString(),
        count: value,
      })),
      chargers: uptimesOf(observed),
    }),
  };
}

function timesOf({
  measures,
}: Observed): Pick<Snapshot, 'messages' | 'meter' | 'api' | 'commands' | 'journal'> {
  const { messages, meter, requests, commands, commits, rowsCommitted } = measures;
  return {
    messages: messages
      .all()
      .map(({ name, took, failed }) => ({ action: name, ...spread(took), errors: failed })),
    meter: spread(meter),
    api: requests.all().map(({ name, took }) => ({ route: name, ...spread(took) })),
    commands: commands.all().map(({ name, took, failed }) => {
      const { count, p50Ms, p95Ms } = spread(took);
      return { action: name, count, failed, p50Ms, p95Ms };
    }),
    journal: { commits: commits.count, rows: rowsCommitted, ...withoutCount(spread(commits)) },
  };
}

function forwardOf({ forwarded, measures, clock }: Observed): Snapshot['forward'] {
  const standing = forwarded();
  if (standing === null) return null;
  const { queued, oldestMs, lastError } = standing;
  const { p50Ms, p95Ms } = spread(measures.external.took);
  const oldestS = oldestMs === null ? null : Math.max(0, Math.round((clock.now() - oldestMs) / 1000));
  return { queued, oldestS, lastError: lastError?.reason ?? null, p50Ms, p95Ms };
}

function transactionsOf({ sessionCounts }: Observed): Snapshot['transactions'] {
  const byEvidence = sessionCounts.ended();
  const ended = Object.values(byEvidence).reduce((all, count) => all + count, 0);
  const successPercent = ended === 0 ? null : rounded((byEvidence.meterStop * 100) / ended);
  return { started: sessionCounts.started, ended, successPercent };
}

function uptimesOf({ services, uptimes }: Observed): Snapshot['chargers'] {
  return [...services.durable.chargePoints()]
    .map(({ chargePointId }) => ({
      chargerId: chargePointId,
      uptimePercent: rounded((uptimes.share(chargePointId) ?? 0) * 100),
    }))
    .sort((a, b) => (a.chargerId < b.chargerId ? -1 : 1));
}

function spread(took: Histogram) {
  return {
    count: took.count,
    p50Ms: roundedOrNull(took.quantile(0.5)),
    p95Ms: roundedOrNull(took.quantile(0.95)),
    maxMs: roundedOrNull(took.maxMs),
  };
}

function withoutCount({ p50Ms, p95Ms, maxMs }: ReturnType<typeof spread>) {
  return { p50Ms, p95Ms, maxMs };
}

/** Of one core, since it was asked last. */
function createCpuPercent(nowMs: () => number): () => number {
  let before = { cpu: cpuMs(), now: nowMs() };
  let percent = 0;
  return () => {
    const after = { cpu: cpuMs(), now: nowMs() };
    // Asked twice at the same moment, it is what it was.
    if (after.now > before.now)
      percent = rounded(((after.cpu - before.cpu) * 100) / (after.now - before.now));
    before = after;
    return percent;
  };
}

/** To the hundredth. */
function rounded(value: number): number {
  return Math.round(value * 100) / 100;
}

function roundedOrNull(value: number | null): number | null {
  return value === null ? null : rounded(value);
}
