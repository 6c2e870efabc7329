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

/** To the tenth; left out where there was nothing. */
function p95(took: Histogram): number | undefined {
  const ms = took.quantile(0.95);
  return ms === null ? undefined : Math.round(ms * 10) / 10;
}
