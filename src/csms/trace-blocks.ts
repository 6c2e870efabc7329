// Lines of a trace packed into blocks for the store, and what is stored read back, block by block. It keeps nothing.
import { promisify } from 'node:util';
import { constants, deflate, inflate } from 'node:zlib';
import type { TraceBlock, TraceLimits, TraceLine } from '../domain/trace.ts';

/** Of the store: a failed save is nobody's but the caller's; see its port for the details. */
export interface TraceStore {
  saveTrace(blocks: readonly TraceBlock[], limits: TraceLimits): Promise<void>;
  /** Blocks with a line after `afterSeq`, oldest first; or those that end before `beforeSeq`, newest first. */
  loadTrace(
    chargePointId: string,
    range: { readonly afterSeq: number } | { readonly beforeSeq: number },
    maxBlocks: number,
  ): readonly TraceBlock[];
  lastTraceSeqs(): ReadonlyMap<string, number>;
}

/** Blocks loaded at once: loading holds up the event loop, so it is done in short steps. */
const BLOCKS_AT_ONCE = 16;

const deflateLater = promisify(deflate);
const inflateLater = promisify(inflate);

/** At least one line. */
export async function packBlock(chargePointId: string, lines: readonly TraceLine[]): Promise<TraceBlock> {
  const first = lines[0];
  const last = lines.at(-1);
  if (first === undefined || last === undefined) throw new TypeError('a block of no lines');
  const text = lines.map((line) => JSON.stringify(line)).join('\n');
  // The fastest level: frames resemble one another so much that the best one gains little.
  const deflated = await deflateLater(text, { level: constants.Z_BEST_SPEED });
  return {
    chargePointId,
    firstSeq: first.seq,
    lastSeq: last.seq,
    firstMs: first.atMs,
    lastMs: last.atMs,
    // A copy of its own: the buffer of zlib is larger, and would go to the writer thread as a whole.
    lines: new Uint8Array(deflated),
  };
}

async function unpackBlock(block: TraceBlock): Promise<TraceLine[]> {
  const text = (await inflateLater(block.lines)).toString('utf8');
  return text.split('\n').map((line) => JSON.parse(line) as TraceLine);
}

/** The stored lines after `afterSeq` by blocks, oldest first, none twice. */
export async function* blocksAfter(
  store: TraceStore,
  chargePointId: string,
  afterSeq: number,
): AsyncGenerator<readonly TraceLine[]> {
  for (let doneSeq = afterSeq; ;) {
    const blocks = store.loadTrace(chargePointId, { afterSeq: doneSeq }, BLOCKS_AT_ONCE);
    if (blocks.length === 0) return;
    for (const block of blocks) {
      const fromSeq = doneSeq;
      yield (await unpackBlock(block)).filter((line) => line.seq > fromSeq);
      doneSeq = Math.max(doneSeq, block.lastSeq);
    }
  }
}

/** The stored lines before `beforeSeq` by blocks, the newest block first, in each the oldest line first, none twice. */
export async function* blocksBefore(
  store: TraceStore,
  chargePointId: string,
  beforeSeq: number,
): AsyncGenerator<readonly TraceLine[]> {
  let firstSeq = beforeSeq;
  // Not by firstSeq: a block that shares lines with the next one ends after that begins.
  for (let lastSeq = Number.MAX_SAFE_INTEGER; ;) {
    const blocks = store.loadTrace(chargePointId, { beforeSeq: lastSeq }, BLOCKS_AT_ONCE);
    if (blocks.length === 0) return;
    for (const block of blocks) {
      const untilSeq = firstSeq;
      if (block.firstSeq < untilSeq) {
        yield (await unpackBlock(block)).filter((line) => line.seq < untilSeq);
        firstSeq = block.firstSeq;
      }
      lastSeq = block.lastSeq;
    }
  }
}
