// What is timed and counted all the time, where it happens. Showing it is the affair of performance-ports.ts, site-metrics.ts and perf-line.ts.
import type { Committer } from './csms/journal.ts';
import type { TimeWatch } from './ocpp/ports.ts';
import type { Clock } from './runtime/clock.ts';
import { Histogram } from './runtime/histogram.ts';
import { Timings } from './runtime/timings.ts';

export class Measures implements TimeWatch {
  /** CALLs of chargers by action, from the socket to the answer. */
  readonly messages = new Timings();
  /** MeterValues, the handler alone. */
  readonly meter = new Histogram();
  /** CALLs to chargers by action, from sending to the answer. */
  readonly commands = new Timings();
  /** Requests to the API by route. */
  readonly requests = new Timings();
  /** Requests to the external API. */
  readonly external = new Timings().of('external');
  /** How long what was handed to the store took to be on disk. */
  readonly commits = new Histogram();
  rowsCommitted = 0;
  messageCount = 0;
  readonly #clock: Clock;

  constructor(clock: Clock) {
    this.#clock = clock;
  }

  answered(action: string, tookMs: number, handledMs: number, isError: boolean): void {
    this.messageCount += 1;
    this.messages.observe(action, tookMs, isError);
    if (action === 'MeterValues') this.meter.observe(handledMs);
  }

  called(action: string, tookMs: number, hasFailed: boolean): void {
    this.commands.observe(action, tookMs, hasFailed);
  }

  /** A request to the external API has ended. */
  attempted(tookMs: number, isDelivered: boolean): void {
    this.external.took.observe(tookMs);
    if (!isDelivered) this.external.failed += 1;
  }

  /** The same store, timed. */
  timed(store: Committer): Committer {
    return {
      commit: async (change) => {
        const beganMs = this.#clock.monotonicMs();
        await store.commit(change);
        this.commits.observe(this.#clock.monotonicMs() - beganMs);
        this.rowsCommitted += change.records.length + change.readings.length;
      },
    };
  }
}
