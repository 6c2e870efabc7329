// Whether a file of SQLite is as long as its header says, or has in its log what is missing. It changes nothing, and does not
// look at what the pages are. Numbers of clauses are those of https://sqlite.org/fileformat2.html
import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';

/** §1.3. A file is never shorter. */
const HEADER_BYTES = 100;
/** §4.1 */
const LOG_HEADER_BYTES = 32;
const FRAME_HEADER_BYTES = 24;

/**
 * Whether pages are missing at the end of the file at `path`, which is there. A checkpoint that ended midway leaves a file
 * that is too short, and all that is missing in its log.
 *
 * It opens the file. Not for a process that has it open with SQLite: by POSIX, closing gives up the locks of the process.
 */
export function isCutShort(path: string): boolean {
  const header = readStart(path, HEADER_BYTES);
  if (header.length < HEADER_BYTES) return true;
  const length = lengthOf(header);
  if (length === null || sizeOf(path) >= length.pages * length.pageBytes) return false;
  const logged = pagesInLog(`${path}-wal`, length.pageBytes);
  // Only now: meanwhile a server may have ended a checkpoint, and begun its log anew.
  const wholePages = Math.floor(sizeOf(path) / length.pageBytes);
  // The first was there before there was a log.
  if (wholePages === 0) return true;
  for (let page = wholePages + 1; page <= length.pages; page += 1) if (!logged.has(page)) return true;
  return false;
}

/** Null where the header tells none that can be relied on: what is wrong there SQLite finds itself. */
function lengthOf(header: Buffer): { readonly pageBytes: number; readonly pages: number } | null {
  // §1.3.2: 1 stands for 65536, which takes three bytes.
  const told = header.readUInt16BE(16);
  const pageBytes = told === 1 ? 65_536 : told;
  const isPageSize = pageBytes >= 512 && (pageBytes & (pageBytes - 1)) === 0;
  // §1.3.7: old programs leave the number of pages as it was.
  const isNumberValid = header.readUInt32BE(24) === header.readUInt32BE(92);
  return isPageSize && isNumberValid ? { pageBytes, pages: header.readUInt32BE(28) } : null;
}

/** Those that the log has in whole transactions (§4.1). */
function pagesInLog(path: string, pageBytes: number): ReadonlySet<number> {
  const logged = new Set<number>();
  if (sizeOf(path) < LOG_HEADER_BYTES) return logged;
  const fd = openSync(path, 'r');
  try {
    const header = readAt(fd, 0, LOG_HEADER_BYTES);
    const isLog = (header.readUInt32BE(0) & ~1) === 0x377f0682 && header.readUInt32BE(8) === pageBytes;
    if (!isLog) return logged;
    const salts = header.subarray(16, 24);
    const frameBytes = FRAME_HEADER_BYTES + pageBytes;
    const end = fstatSync(fd).size - frameBytes;
    let begun: number[] = [];
    for (let at = LOG_HEADER_BYTES; at <= end; at += frameBytes) {
      const frame = readAt(fd, at, FRAME_HEADER_BYTES);
      // What is left of an older log.
      if (!frame.subarray(8, 16).equals(salts)) break;
      begun.push(frame.readUInt32BE(0));
      const isCommit = frame.readUInt32BE(4) > 0;
      if (!isCommit) continue;
      for (const page of begun) logged.add(page);
      begun = [];
    }
    return logged;
  } finally {
    closeSync(fd);
  }
}

function readStart(path: string, length: number): Buffer {
  const fd = openSync(path, 'r');
  try {
    return readAt(fd, 0, length);
  } finally {
    closeSync(fd);
  }
}

/** Less where the file ends. */
function readAt(fd: number, position: number, length: number): Buffer {
  const bytes = Buffer.alloc(length);
  return bytes.subarray(0, readSync(fd, bytes, 0, length, position));
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0;
}
