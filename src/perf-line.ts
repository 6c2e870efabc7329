// The [PERF] line: every few minutes what the work of these minutes took. Part of the composition root.
import type { Observed } from './observed.ts';
import { every, type CancelTimer } from './runtime/clock.ts';
import { Histogram } from './runtime/histogram.ts';
import type { Log } from './runtime/log.ts';
import { residentBytes } from './runtime/process.ts';

const EVERY_MS = 5 * 60_000;
const BYTES_PER_MIB = 1024 * 1024;

export function writePerfLines(observed: Observed, log: Log): CancelTimer {
  const { measures, figures, eventLoop, pendingRows, queuedCalls, clock } = observed;
  const messages = newOnly(() => measures.messages.total());
  const meter = newOnly(() => measures.meter);
  const requests = newOnly(() => measures.requests.total());
  const commits = newOnly(() => measures.commits);
  const forwards = newOnly(() => measures.external.took);
  const ended = newlyEnded(observed);
  return every(clock, EVERY_MS, () => {
    const [ofMessages, ofRequests] = [messages(), requests()];
    log.info('PERF', 'the last 5 minutes', {
      messages: ofMessages.count,
      messageP95Ms: p95(ofMessages),
      meterP95Ms: p95(meter()),
      commitP95Ms: p95(commits()),
      requests: ofRequests.count,
      requestP95Ms: p95(ofRequests),
      forwardQueued: observed.forwarded()?.queued,
      forwardP95Ms: p95(forwards()),
      ...ended(),
      uptimePercent: uptimePercent(observed),
      loopP99Ms: Math.round(eventLoop.quantileMs(0.99)),
      pendingRows: pendingRows(),
      queuedCalls: queuedCalls(),
      chargers: figures.chargers().connected,
      sessions: figures.sessions().running,
      memoryMiB: Math.round(residentBytes() / BYTES_PER_MIB),
    });
  });
}

/** What has come since it was asked last. */
function newOnly(all: () => Histogram): () => Histogram {
  let before = new Histogram();
  return () => {
    const now = Histogram.sumOf([all()]);
    const since = now.since(before);
    before = now;
    return since;
  };
}

/** Sessions that ended since it was asked last, and how many of them as they should: with a StopTransaction. */
function newlyEnded({ sessionCounts }: Observed): () => { ended: number; successPercent?: number } {
  let before = { all: 0, good: 0 };
  return () => {
    const byEvidence = sessionCounts.ended();
    const all = Object.values(byEvidence).reduce((sum, count) => sum + count, 0);
    const now = { all, good: byEvidence.meterStop };
    const [ended, good] = [now.all - before.all, now.good - before.good];
    before = now;
    return ended === 0 ? { ended } : { ended, successPercent: Math.round((good * 1000) / ended) / 10 };
  };
}

/** How much of the last 24 hours chargers were connected, the mean of all; left out where there is none. */
function uptimePercent({ services, uptimes }: Observed): number | undefined {
  const shares = Array.from(
    services.durable.chargePoints(),
    ({ chargePointId }) => uptimes.share(chargePointId) ?? 0,
  );
  if (shares.length === 0) return undefined;
  return Math.round((shares.reduce((sum, share) => sum + share, 0) * 1000) / shares.length) / 10;
}

/** To the tenth; left out where there was nothing. */
function p95(took: Histogram): number | undefined {
  const ms = took.quantile(0.95);
  return ms === null ? undefined : Math.round(ms * 10) / 10;
}
