// Whether the data folder can hold the books: writable, on a disk with room that writes soon, and not across a network.
import { closeSync, existsSync, fsyncSync, openSync, rmSync, statfsSync, writeSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { isNoSpace } from '../../src/files/file-error.ts';
import { finding, type Finding } from './finding.ts';

const MEGABYTE = 1_000_000;
/** A month of a busy site takes some tens of megabytes. */
const FREE_BAD = 100 * MEGABYTE;
const FREE_LOW = 1_000 * MEGABYTE;
/** Each answer to a transaction waits for one. */
const FLUSH_SLOW_MS = 100;
const FLUSHES = 5;
const BLOCK = new Uint8Array(4096);
/** Of statfs: file systems on which SQLite's write-ahead log does not work. */
const NETWORK_FILE_SYSTEMS = new Map([
  [0x6969, 'NFS'],
  [0xff534d42, 'SMB'],
  [0xfe534d42, 'SMB'],
  [0x517b, 'SMB'],
]);

export function checkDataFolder(dataDir: string): Finding[] {
  const isThere = existsSync(dataDir);
  const folder = isThere ? dataDir : existingAbove(dataDir);
  const what = isThere ? dataDir : `${dataDir}, which the first start makes,`;
  const name = join(folder, `.kwota-doctor-${process.pid}`);
  try {
    const flushMs = flushTime(name);
    return [flushFinding(what, flushMs), ...spaceFindings(folder)];
  } catch (error) {
    const { code = String(error) } = error as NodeJS.ErrnoException;
    const todo = isNoSpace(error) ? 'make room on its disk' : 'let the user who runs kwota write there';
    const hint = `${todo}, or name another folder with --data`;
    return [finding('bad', 'folder', `${what} cannot be written (${code})`, hint)];
  }
}

function existingAbove(path: string): string {
  const above = dirname(path);
  return existsSync(above) || above === path ? above : existingAbove(above);
}

/** The median of a few. */
function flushTime(name: string): number {
  const times: number[] = [];
  const fd = openSync(name, 'wx', 0o600);
  try {
    for (let flush = 0; flush < FLUSHES; flush += 1) {
      const began = performance.now();
      writeSync(fd, BLOCK);
      fsyncSync(fd);
      times.push(performance.now() - began);
    }
  } finally {
    closeSync(fd);
    rmSync(name, { force: true });
  }
  return times.sort((a, b) => a - b)[FLUSHES >> 1] ?? 0;
}

function flushFinding(what: string, flushMs: number): Finding {
  const text = `${what} can be written; a flush to the disk takes ${flushMs.toFixed(1)} ms`;
  if (flushMs < FLUSH_SLOW_MS) return finding('ok', 'folder', text);
  return finding('warning', 'folder', text, 'chargers wait for it with each answer: use a faster disk');
}

function spaceFindings(folder: string): Finding[] {
  const { bavail, bsize, type } = statfsSync(folder);
  const free = bavail * bsize;
  const text =
    free < 10_000 * MEGABYTE
      ? `${(free / MEGABYTE).toFixed(0)} MB free`
      : `${(free / 1e9).toFixed(0)} GB free`;
  const hint = 'without room nothing more can be acknowledged: make some';
  const level = free < FREE_BAD ? 'bad' : free < FREE_LOW ? 'warning' : 'ok';
  const network = process.platform === 'linux' ? NETWORK_FILE_SYSTEMS.get(type) : undefined;
  return [
    finding(level, 'disk', text, level === 'ok' ? null : hint),
    ...(network === undefined
      ? []
      : [
          finding(
            'bad',
            'disk',
            `the folder lies across a network (${network})`,
            'put it on a disk of this machine',
          ),
        ]),
  ];
}
