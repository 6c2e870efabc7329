// The main thread's side of the writer thread: hands batches over, and starts the thread anew when it died.
import assert from 'node:assert/strict';
import { Worker } from 'node:worker_threads';
import type { Clock } from '../../runtime/clock.ts';
import type { Log } from '../../runtime/log.ts';
import { workerEntry } from '../../runtime/worker-entry.ts';
import type { TraceBlock, TraceLimits } from '../../domain/trace.ts';
import type { Batch, BatchWriter } from '../batch.ts';
import { corruptError } from './connection.ts';
import { type FromWriter, toBatchMessage, type ToWriter, type WriterData } from './wire.ts';

export interface WorkerWriterOptions {
  readonly path: string;
  readonly clock: Clock;
  readonly log: Log;
  /** The most pages the file may have (of 4 KiB); no bound unless given. */
  readonly maxPages?: number;
  readonly startWorker?: (data: WriterData) => Worker;
}

/** Starts the writer thread of the store at `data.path`. */
export function startWriterThread(data: WriterData): Worker {
  const entry = workerEntry();
  // execArgv: flags meant for the main thread (loaders, inspectors) have no business here
  return new Worker(entry.source, { eval: !entry.isSource, workerData: data, execArgv: [], name: 'store' });
}

/** Writes batches in a thread of its own, so that a slow disk never stalls a socket. */
export class WorkerWriter implements BatchWriter {
  readonly #clock: Clock;
  readonly #log: Log;
  readonly #data: WriterData;
  readonly #startWorker: (data: WriterData) => Worker;
  #worker: Worker | null = null;
  #inFlight: PromiseWithResolvers<readonly number[]> | null = null;
  /** Oldest first: the thread answers in order. */
  #tracesInFlight: PromiseWithResolvers<undefined>[] = [];
  #isClosing = false;

  constructor(options: WorkerWriterOptions) {
    this.#clock = options.clock;
    this.#log = options.log;
    this.#data = { path: options.path, maxPages: options.maxPages ?? null };
    this.#startWorker = options.startWorker ?? startWriterThread;
    this.#start();
  }

  async write(batch: Batch): Promise<readonly number[]> {
    assert.ok(this.#inFlight === null && !this.#isClosing, 'one batch at a time, and none after closing');
    const inFlight = Promise.withResolvers<readonly number[]>();
    this.#inFlight = inFlight;
    this.#post(toBatchMessage(batch));
    return inFlight.promise;
  }

  /** Deletes readings older than this, little by little between batches. */
  forgetReadingsBefore(at: number): void {
    if (!this.#isClosing) this.#post({ type: 'forget', before: at, now: this.#clock.now() });
  }

  /** Stores blocks of traces between batches; rejects when that failed. */
  async saveTrace(blocks: readonly TraceBlock[], limits: TraceLimits): Promise<void> {
    if (this.#isClosing) throw new Error('the store is closed');
    const inFlight = Promise.withResolvers<undefined>();
    this.#tracesInFlight.push(inFlight);
    this.#post({ type: 'trace', blocks, limits });
    await inFlight.promise;
  }

  /** Deletes blocks of traces that ended before this, little by little between batches. */
  forgetTracesBefore(at: number): void {
    if (!this.#isClosing) this.#post({ type: 'forgetTraces', before: at });
  }

  async close(withinMs: number): Promise<void> {
    this.#isClosing = true;
    const worker = this.#worker;
    if (worker === null) return;
    const gone = Promise.withResolvers<undefined>();
    worker.once('exit', () => gone.resolve(undefined));
    const cancel = this.#clock.after(withinMs, () => {
      // Not awaited: a thread that hangs in the disk ends when the disk lets it, or with the process.
      void worker.terminate();
      gone.resolve(undefined);
    });
    this.#post({ type: 'close' });
    await gone.promise;
    cancel();
  }

  #post(message: ToWriter): void {
    (this.#worker ?? this.#start()).postMessage(message);
  }

  #start(): Worker {
    const worker = this.#startWorker(this.#data);
    let reason = 'the writer thread ended';
    worker.on('message', (message: FromWriter) => this.#hear(message));
    worker.on('error', (error: unknown) => {
      reason = `the writer thread failed: ${error instanceof Error ? error.message : String(error)}`;
    });
    worker.once('exit', (code) => {
      this.#worker = null;
      if (!this.#isClosing) this.#log.warn('DATA', 'the writer thread is gone', { reason, code });
      // It may have written the batch and died before it said so: writing it again is harmless.
      this.#takeInFlight()?.reject(new Error(reason));
      for (const trace of this.#tracesInFlight.splice(0)) trace.reject(new Error(reason));
    });
    this.#worker = worker;
    return worker;
  }

  #takeInFlight(): PromiseWithResolvers<readonly number[]> | null {
    const inFlight = this.#inFlight;
    this.#inFlight = null;
    return inFlight;
  }

  #hear(message: FromWriter): void {
    switch (message.type) {
      case 'written':
        this.#takeInFlight()?.resolve(message.refused);
        break;
      case 'failed':
        this.#takeInFlight()?.reject(
          message.isDamage ? corruptError(this.#data.path, message.reason) : new Error(message.reason),
        );
        break;
      case 'traced': {
        const trace = this.#tracesInFlight.shift();
        if (message.reason === null) trace?.resolve(undefined);
        else trace?.reject(new Error(message.reason));
        break;
      }
      case 'upkeep':
        if (message.reason === null) this.#log.info('DATA', 'upkeep of the store works again');
        else this.#log.warn('DATA', 'upkeep of the store fails', { reason: message.reason });
    }
  }
}
