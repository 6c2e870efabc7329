// What is wrong with users1.csv, told with line, column and a hint: by the same reading that the server does.
import type { Problem } from '../config/problem.ts';
import { splitFields } from '../files/csv-records.ts';
import { readUsers, type RowProblem, type UsersFormat } from '../files/users-csv.ts';

export interface UsersCheck {
  readonly problems: readonly Problem[];
  /** Users that the file gives; null when it is not taken at all. */
  readonly users: number | null;
}

/** `source` is how the problems name the file. */
export async function checkUsersFile(content: Buffer, encoding: string, source: string): Promise<UsersCheck> {
  const reading = await readUsers(content, { encoding });
  if (!reading.ok) {
    const { line, message, hint } = reading.problem;
    const place = line === null ? { line, column: null } : { line, column: 1 };
    return { problems: [{ source, ...place, path: '', message, hint }], users: null };
  }
  const { users, problems, format } = reading;
  return { problems: problems.map((problem) => rowProblem(problem, format, source)), users: users.length };
}

function rowProblem(problem: RowProblem, format: UsersFormat, source: string): Problem {
  const { column, idTag, message, hint } = problem;
  return { source, ...placeOf(problem, format), path: column ?? idTag ?? '', message, hint };
}

/** Of the field; a row that is misquoted has no fields, and begins where it begins. */
function placeOf({ line, column }: RowProblem, format: UsersFormat): { line: number; column: number } {
  const index = format.header.findIndex((name) => name.trim().toLowerCase() === column);
  const record = format.records.find((one) => one.line === line);
  if (index < 0 || record === undefined) return { line, column: 1 };
  const before = splitFields(format.text, record, format.delimiter).slice(0, index);
  // Line breaks within quotes: the field is then further down than its row.
  const lines = before
    .map((field) => `${field}${format.delimiter}`)
    .join('')
    .split(/\r\n|\r|\n/);
  return { line: line + lines.length - 1, column: (lines.at(-1) ?? '').length + 1 };
}
