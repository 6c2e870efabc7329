// What /proc says of another process (Linux only): processor time of all its threads, and memory.
import { readdirSync, readFileSync } from 'node:fs';

/** Processor time of all threads that are alive, in microseconds: exact to the nanosecond, unlike the ticks of /proc/PID/stat. */
export function processorUs(pid: number): number {
  let ns = 0;
  for (const thread of readdirSync(`/proc/${pid}/task`)) {
    ns += Number(textOf(`/proc/${pid}/task/${thread}/schedstat`)?.split(' ')[0] ?? 0);
  }
  return ns / 1000;
}

export interface Memory {
  /** Bytes resident, pages of the executable among them. */
  readonly resident: number;
  /** Bytes of its own: heap, stacks, buffers. The number to compare, for pages of the executable come and go. */
  readonly own: number;
}

export function memoryOf(pid: number): Memory {
  const text = textOf(`/proc/${pid}/smaps_rollup`) ?? '';
  const bytes = (name: string) => Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? 0) * 1024;
  return { resident: bytes('Rss'), own: bytes('Anonymous') };
}

/** Null where a thread or process has just ended. */
function textOf(path: string): string | null {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    return null;
  }
}
