// How late timers are: for so long the program was busy with one thing and heard nobody.
import { monitorEventLoopDelay } from 'node:perf_hooks';

/** Often enough to see what people would feel, seldom enough to cost nothing. */
const LOOK_EVERY_MS = 50;
const NS_PER_MS = 1_000_000;

export interface EventLoopLag {
  /** This share (0 to 1) of the looks was no later, in milliseconds. */
  quantileMs(share: number): number;
  maxMs(): number;
  close(): void;
}

export function watchEventLoop(): EventLoopLag {
  const histogram = monitorEventLoopDelay({ resolution: LOOK_EVERY_MS });
  histogram.enable();
  // It tells the time between two looks; what is beyond that of the plan is late.
  const lateMs = (ns: number) => Math.max(0, ns / NS_PER_MS - LOOK_EVERY_MS);
  return {
    quantileMs: (share) => (histogram.count === 0 ? 0 : lateMs(histogram.percentile(share * 100))),
    maxMs: () => (histogram.count === 0 ? 0 : lateMs(histogram.max)),
    close: () => void histogram.disable(),
  };
}
