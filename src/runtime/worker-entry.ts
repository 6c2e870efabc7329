// Where the store's writer thread gets its program from: the .ts file of this checkout, or text inlined into the bundle.
// It starts no thread itself.

/** Set by the build (scripts/build.mjs): the writer worker bundled apart as CommonJS text. Absent when run from source. */
declare const __KWOTA_WORKER__: string | undefined;

export interface WorkerEntry {
  /** First argument of `new Worker`: the URL of the .ts file, or the program's text. */
  readonly source: string | URL;
  /** True when run from source, so that `source` is a URL; else it is text and the worker needs `eval: true`. */
  readonly isSource: boolean;
}

/** The writer thread's program: `new Worker(entry.source, { eval: !entry.isSource })`. */
export function workerEntry(): WorkerEntry {
  if (typeof __KWOTA_WORKER__ === 'string') return { source: __KWOTA_WORKER__, isSource: false };
  return { source: new URL('../store/sqlite/writer.worker.ts', import.meta.url), isSource: true };
}
