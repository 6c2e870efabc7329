// The content of users1.csv as users, every problem told with its line. It opens no file: watching is watch.ts.
import assert from 'node:assert/strict';
import type { User } from '../domain/user.ts';
import {
  detectDelimiter,
  parseFields,
  splitRecords,
  type CsvDelimiter,
  type CsvRecord,
} from './csv-records.ts';
import { decodeText } from './text-encoding.ts';
import { readHeader, readUserRow, type RowFault, type UserHeader } from './user-row.ts';

/** Larger is no list of users. */
export const MAX_USERS_FILE_BYTES = 32 * 1024 * 1024;
export const MAX_USER_ROWS = 100_000;
/** Rows, comments and blank lines together. */
const MAX_RECORDS = 3 * MAX_USER_ROWS;
/** A longer row is a quote gone astray; splitting it into fields would hold up everything else. */
const MAX_ROW_CHARACTERS = 64 * 1024;

/** A row that is skipped, while the rest of the file holds. */
export interface RowProblem extends RowFault {
  /** The first line of the file is 1. */
  readonly line: number;
  /** As far as it could be read. */
  readonly idTag: string | null;
}

export type UsersFileProblemCode =
  | 'empty'
  | 'tooLarge'
  | 'tooManyRows'
  | 'undecodable'
  | 'missingColumn'
  | 'repeatedColumn'
  | 'endsInsideRow'
  | 'unreadable';

/** Why the file is not taken as a whole: the users known before stay. */
export interface UsersFileProblem {
  readonly code: UsersFileProblemCode;
  readonly message: string;
  readonly line: number | null;
  readonly hint: string;
}

/** How the file is written, and all of its text: what an edit needs to leave everything else as it is. */
export interface UsersFormat {
  /** As TextDecoder calls it. */
  readonly encoding: string;
  readonly hasBom: boolean;
  readonly delimiter: CsvDelimiter;
  /** That of the header. */
  readonly lineEnd: '\n' | '\r\n' | '\r';
  /** Column names as found. */
  readonly header: readonly string[];
  readonly headerRecord: CsvRecord;
  /** The row that counts first, then those that repeat its idTag. */
  readonly recordsByTag: ReadonlyMap<string, readonly CsvRecord[]>;
  /** Without the byte-order mark. */
  readonly text: string;
  /** Comments, blank lines and bad rows included. */
  readonly records: readonly CsvRecord[];
}

export type UsersReading =
  | {
      readonly ok: true;
      readonly users: readonly User[];
      readonly problems: readonly RowProblem[];
      readonly format: UsersFormat;
    }
  | { readonly ok: false; readonly problem: UsersFileProblem };

export interface UsersReadOptions {
  /** `auto`, or a label that TextDecoder knows. A byte-order mark overrules it. */
  readonly encoding: string;
  /** The content that was taken last: the beginning of it, ending in the middle of a line, is a file cut short. */
  readonly previous?: Buffer;
}

const HINT_WHOLE = 'save the file again, whole; end its last row with a line break';

/**
 * Product contract, users1.csv: a bad row is skipped and told; a file that cannot be read, lacks id_tag or quota_kwh, or
 * ends inside a row is not taken. Delimiter `;` means decimal comma (a point is understood where it is not ambiguous);
 * with `,` numbers have a point, and a quoted "12,5" is a bad row. Never rejects.
 */
export async function readUsers(content: Buffer, options: UsersReadOptions): Promise<UsersReading> {
  if (content.length > MAX_USERS_FILE_BYTES) {
    return refused('tooLarge', `larger than ${MAX_USERS_FILE_BYTES} bytes`, null, 'is this the right file?');
  }
  const decoded = decodeText(content, options.encoding);
  if (!decoded.ok) return undecoded(decoded.code, decoded.encoding);
  const { text } = decoded;
  if (text.trim() === '') {
    return refused(
      'empty',
      'the file is empty',
      null,
      'write the header id_tag,header name,surname,quota_kwh,unlimited',
    );
  }
  const delimiter = detectDelimiter(text);
  const records = splitRecords(text, delimiter, MAX_RECORDS + 1);
  const data = records.filter((record) => record.kind === 'data');
  const unterminated = data.at(-1);
  if (unterminated?.isUnterminated === true) {
    return refused('endsInsideRow', 'a double quote is not closed', unterminated.line, HINT_WHOLE);
  }
  if (records.length > MAX_RECORDS || data.length > MAX_USER_ROWS + 1) {
    return refused(
      'tooManyRows',
      `more than ${MAX_USER_ROWS} rows or ${MAX_RECORDS} lines`,
      null,
      'is this the right file?',
    );
  }
  if (isCutOff(content, text, options.previous)) {
    return refused(
      'endsInsideRow',
      'the file stops short of what it was',
      records.at(-1)?.line ?? null,
      HINT_WHOLE,
    );
  }
  let table: Table;
  try {
    table = await readTable(text, data, delimiter);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    return refused('unreadable', `not readable as CSV: ${reason}`, null, 'save the file again as CSV');
  }
  const { encoding, hasBom } = decoded;
  return readRows(table, { encoding, hasBom, delimiter, text, records });
}

interface Row {
  readonly record: CsvRecord;
  /** Null when the record is misquoted or too long. */
  readonly fields: readonly string[] | null;
}

interface Table {
  readonly headerRecord: CsvRecord | null;
  readonly headerFields: readonly string[];
  readonly rows: readonly Row[];
}

async function readTable(text: string, data: readonly CsvRecord[], delimiter: CsvDelimiter): Promise<Table> {
  const sound = data.filter(
    (record) => !record.isMisquoted && record.end - record.start <= MAX_ROW_CHARACTERS,
  );
  const parsed = await parseFields(text, sound, delimiter);
  const fieldsOf = new Map(sound.map((record, index) => [record, parsed[index] ?? []]));
  const [headerRecord = null, ...others] = data;
  return {
    headerRecord,
    headerFields: (headerRecord && fieldsOf.get(headerRecord)) ?? [],
    rows: others.map((record) => ({ record, fields: fieldsOf.get(record) ?? null })),
  };
}

function readRows(
  table: Table,
  found: Pick<UsersFormat, 'encoding' | 'hasBom' | 'delimiter' | 'text' | 'records'>,
): UsersReading {
  const header = readHeader(table.headerFields);
  const { headerRecord } = table;
  const headerProblem = checkHeader(header, headerRecord?.line ?? 1);
  if (headerProblem) return { ok: false, problem: headerProblem };
  assert(headerRecord, 'a header with columns is a record');
  const users: User[] = [];
  const problems: RowProblem[] = [];
  const recordsByTag = new Map<string, CsvRecord[]>();
  for (const { record, fields } of table.rows) {
    if (fields?.every((field) => field.trim() === '') === true) continue;
    const outcome = readRow(record, fields, header, found.delimiter, recordsByTag);
    if (record.lineEnd === '' && (!outcome.ok || isShort(fields, header))) {
      const why = outcome.ok ? 'fewer fields than the header' : outcome.problem.message;
      return refused('endsInsideRow', `the last row has no line end, and ${why}`, record.line, HINT_WHOLE);
    }
    if (outcome.ok) {
      users.push(outcome.user);
      recordsByTag.set(outcome.user.idTag, [record]);
    } else {
      problems.push(outcome.problem);
      const { code, idTag } = outcome.problem;
      if (code === 'duplicate' && idTag !== null) recordsByTag.get(idTag)?.push(record);
    }
  }
  const lineEnd = headerRecord.lineEnd || '\n';
  const format = { ...found, lineEnd, header: table.headerFields, headerRecord, recordsByTag };
  return { ok: true, users, problems, format };
}

function readRow(
  record: CsvRecord,
  fields: readonly string[] | null,
  header: UserHeader,
  delimiter: CsvDelimiter,
  recordsByTag: ReadonlyMap<string, readonly CsvRecord[]>,
): { ok: true; user: User } | { ok: false; problem: RowProblem } {
  const { line } = record;
  const idTag = fields?.[header.columns.get('idTag') ?? -1]?.trim() ?? null;
  const refuse = (fault: RowFault) => ({ ok: false as const, problem: { line, idTag, ...fault } });
  if (!fields) {
    return refuse({
      code: 'quotes',
      column: null,
      message: record.isMisquoted
        ? 'text follows a closing double quote'
        : `longer than ${MAX_ROW_CHARACTERS} characters`,
      hint: 'put the whole field in double quotes and write a double quote inside it twice',
    });
  }
  const row = readUserRow(fields, header, delimiter === ';');
  if (!row.ok) return refuse(row.fault);
  const earlierLine = recordsByTag.get(row.user.idTag)?.[0]?.line;
  if (earlierLine === undefined) return row;
  return refuse({
    code: 'duplicate',
    column: 'id_tag',
    message: `the id_tag stands in line ${earlierLine} already, which counts`,
    hint: 'delete one of the two rows',
  });
}

function checkHeader(header: UserHeader, line: number): UsersFileProblem | null {
  const missing = [];
  if (!header.columns.has('idTag')) missing.push('id_tag');
  if (!header.columns.has('quotaKwh')) missing.push('quota_kwh');
  if (missing.length > 0) {
    const message = `the header has no column ${missing.join(' and no column ')}`;
    const hint = 'the first row names the columns, like id_tag,header name,surname,quota_kwh,unlimited';
    return { code: 'missingColumn', message, line, hint };
  }
  const repeated = header.repeated[0];
  if (repeated === undefined) return null;
  return {
    code: 'repeatedColumn',
    message: `the header has the column ${repeated} twice`,
    line,
    hint: 'rename or delete one of the two',
  };
}

function isShort(fields: readonly string[] | null, header: UserHeader): boolean {
  return fields !== null && fields.length < header.namedFieldCount;
}

function isCutOff(content: Buffer, text: string, previous: Buffer | undefined): boolean {
  if (!previous || content.length >= previous.length || /[\r\n]$/.test(text)) return false;
  return previous.subarray(0, content.length).equals(content);
}

function undecoded(code: 'cut' | 'undecodable' | 'unknownEncoding', encoding: string): UsersReading {
  switch (code) {
    case 'cut':
      return refused('endsInsideRow', 'the file ends in the middle of a character', null, HINT_WHOLE);
    case 'undecodable':
      return refused(
        'undecodable',
        `not readable as ${encoding}`,
        null,
        'save the file as UTF-8, or set data.usersEncoding',
      );
    case 'unknownEncoding':
      return refused(
        'undecodable',
        `unknown encoding ${encoding}`,
        null,
        'set data.usersEncoding to auto, or to a name like windows-1254',
      );
  }
}

function refused(
  code: UsersFileProblemCode,
  message: string,
  line: number | null,
  hint: string,
): UsersReading {
  return { ok: false, problem: { code, message, line, hint } };
}
