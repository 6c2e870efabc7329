// Where the records of a CSV text lie: line numbers, comments, line ends. The fields inside a record are fast-csv's matter.
//
// fast-csv gives neither line numbers nor the text of a row, and one wrong quote makes it give up the whole file. So the
// text is cut into records here, by the same rule for quotes, and only sound records are handed to it.
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { parse } from 'fast-csv';

export type CsvDelimiter = ',' | ';';

export interface CsvRecord {
  readonly kind: 'data' | 'comment' | 'blank';
  /** Of its first character; the first line of the file is 1. */
  readonly line: number;
  /** Its text is `text.slice(start, end)`, line end not included. */
  readonly start: number;
  readonly end: number;
  readonly lineEnd: '\n' | '\r\n' | '\r' | '';
  /** Something other than a delimiter follows a closing quote. */
  readonly isMisquoted: boolean;
  /** The text ends before the closing quote. */
  readonly isUnterminated: boolean;
}

const QUOTE = '"';
const COMMENT = '#';
/** fast-csv works through a chunk at a stretch, so a chunk must be small enough not to hold up the event loop. */
const RECORDS_PER_CHUNK = 100;

/** Beyond as many comments and blank lines the delimiter is not looked for, and taken to be a comma. */
const MAX_LINES_BEFORE_HEADER = 10_000;

/** What the first line that says something has more of, outside quotes. */
export function detectDelimiter(text: string): CsvDelimiter {
  const first = text.split(/\r\n|\r|\n/, MAX_LINES_BEFORE_HEADER).find((line) => !/^\s*(#|$)/.test(line));
  const bare = (first ?? '').replace(/"[^"]*"/g, '');
  return bare.split(';').length > bare.split(',').length ? ';' : ',';
}

/** At most `maxRecords` from the beginning. Every character up to there is in exactly one record or line end. */
export function splitRecords(text: string, delimiter: CsvDelimiter, maxRecords: number): CsvRecord[] {
  const records: CsvRecord[] = [];
  let line = 1;
  let start = 0;
  while (start < text.length && records.length < maxRecords) {
    const { record, nextLine } = readRecord(text, start, line, delimiter);
    records.push(record);
    line = nextLine;
    start = record.end + record.lineEnd.length;
  }
  return records;
}

/** The fields of each record, in order. The records must be sound: data, not misquoted, terminated. */
export async function parseFields(
  text: string,
  records: readonly CsvRecord[],
  delimiter: CsvDelimiter,
): Promise<string[][]> {
  function* chunks(): Generator<string> {
    for (let first = 0; first < records.length; first += RECORDS_PER_CHUNK) {
      const part = records.slice(first, first + RECORDS_PER_CHUNK);
      yield part.map((record) => `${text.slice(record.start, record.end)}\n`).join('');
    }
  }
  const rows: string[][] = [];
  await pipeline(
    Readable.from(chunks()),
    parse<string[], string[]>({ headers: false, delimiter }),
    async (parsed) => {
      for await (const row of parsed) rows.push(row as string[]);
    },
  );
  if (rows.length !== records.length) {
    throw new Error(`${records.length} CSV records gave ${rows.length} rows`);
  }
  return rows;
}

/** The fields of a sound record as they are spelt, quotes and blanks included. */
export function splitFields(text: string, record: CsvRecord, delimiter: CsvDelimiter): string[] {
  const fields: string[] = [];
  for (let start = record.start; start <= record.end;) {
    const { end } = scanField(text, start, delimiter);
    fields.push(text.slice(start, end));
    start = end + 1;
  }
  return fields;
}

function readRecord(
  text: string,
  start: number,
  line: number,
  delimiter: CsvDelimiter,
): { record: CsvRecord; nextLine: number } {
  const first = skipBlanks(text, start);
  let kind: CsvRecord['kind'] = 'data';
  let scan: FieldScan = { end: first, lineBreaks: 0, isMisquoted: false, isUnterminated: false };
  if (isLineEnd(text[first])) kind = 'blank';
  else if (text[first] === COMMENT) {
    kind = 'comment';
    scan = { ...scan, end: findAny(text, first, null) };
  } else scan = scanFields(text, start, delimiter);
  const lineEnd = lineEndAt(text, scan.end);
  return {
    record: {
      kind,
      line,
      start,
      end: scan.end,
      lineEnd,
      isMisquoted: scan.isMisquoted,
      isUnterminated: scan.isUnterminated,
    },
    nextLine: line + scan.lineBreaks + 1,
  };
}

interface FieldScan {
  readonly end: number;
  /** Inside quotes. */
  readonly lineBreaks: number;
  readonly isMisquoted: boolean;
  readonly isUnterminated: boolean;
}

function scanFields(text: string, start: number, delimiter: CsvDelimiter): FieldScan {
  let lineBreaks = 0;
  let isMisquoted = false;
  for (let from = start; ;) {
    const scan = scanField(text, from, delimiter);
    lineBreaks += scan.lineBreaks;
    isMisquoted ||= scan.isMisquoted;
    const { end, isUnterminated } = scan;
    if (isUnterminated || text[end] !== delimiter) return { end, lineBreaks, isMisquoted, isUnterminated };
    from = end + 1;
  }
}

/** Up to the delimiter or line end after it. */
function scanField(text: string, start: number, delimiter: CsvDelimiter): FieldScan {
  const first = skipBlanks(text, start);
  if (text[first] !== QUOTE) {
    const end = findAny(text, start, delimiter);
    return { end, lineBreaks: 0, isMisquoted: false, isUnterminated: false };
  }
  const closing = findClosingQuote(text, first + 1);
  if (closing === -1) return { end: text.length, lineBreaks: 0, isMisquoted: false, isUnterminated: true };
  const lineBreaks = countLineBreaks(text, first, closing);
  const after = skipBlanks(text, closing + 1);
  const isMisquoted = text[after] !== delimiter && !isLineEnd(text[after]);
  return { end: findAny(text, after, delimiter), lineBreaks, isMisquoted, isUnterminated: false };
}

/** A doubled quote stands for one; -1 when there is no closing one. */
function findClosingQuote(text: string, from: number): number {
  let at = text.indexOf(QUOTE, from);
  while (at !== -1 && text[at + 1] === QUOTE) at = text.indexOf(QUOTE, at + 2);
  return at;
}

function countLineBreaks(text: string, from: number, to: number): number {
  let count = 0;
  for (let at = from; at < to; at += 1) {
    if (text[at] === '\n' || (text[at] === '\r' && text[at + 1] !== '\n')) count += 1;
  }
  return count;
}

/** The next delimiter or line end; the end of the text when there is none. */
function findAny(text: string, from: number, delimiter: CsvDelimiter | null): number {
  let at = from;
  while (!isLineEnd(text[at]) && text[at] !== delimiter) at += 1;
  return at;
}

/** Past whatever is white space and no line end. */
function skipBlanks(text: string, from: number): number {
  let at = from;
  while (!isLineEnd(text[at]) && /\s/.test(text[at] ?? '')) at += 1;
  return at;
}

function isLineEnd(character: string | undefined): boolean {
  return character === undefined || character === '\n' || character === '\r';
}

function lineEndAt(text: string, at: number): CsvRecord['lineEnd'] {
  if (text[at] === '\n') return '\n';
  if (text[at] === '\r') return text[at + 1] === '\n' ? '\r\n' : '\r';
  return '';
}
