// `kwota replay FILE`: a recording through the engine, and what comes out on stdout. It touches no data folder.
import { readFileSync, statSync } from 'node:fs';
import type { User } from '../../src/domain/user.ts';
import { readUsers } from '../../src/files/users-csv.ts';
import { MAX_RECORDING_BYTES, readRecording } from '../../src/recording.ts';
import { replay } from '../../src/replay.ts';
import { printableJson } from '../../src/runtime/printable.ts';
import { reportText } from '../replay-text.ts';

export interface ReplayOptions {
  /** A users1.csv. */
  readonly users?: string;
  readonly json?: true;
}

export async function runReplay(file: string, options: ReplayOptions): Promise<void> {
  const recording = readRecording(readContent(file).toString('utf8'), file);
  const users = options.users === undefined ? undefined : await usersIn(options.users);
  const report = await replay(recording, users);
  process.stdout.write(options.json === true ? `${printableJson(report, 2)}\n` : reportText(report));
}

async function usersIn(file: string): Promise<readonly User[]> {
  const reading = await readUsers(readContent(file), { encoding: 'auto' });
  if (!reading.ok) {
    const { line, message, hint } = reading.problem;
    throw new Error(`${file}${line === null ? '' : `:${line}`}: ${message}; ${hint}`);
  }
  for (const { line, message, hint } of reading.problems)
    process.stderr.write(`kwota: ${file}:${line}: ${message}, the row is left out; ${hint}\n`);
  return reading.users;
}

function readContent(file: string): Buffer {
  try {
    if (statSync(file).size <= MAX_RECORDING_BYTES) return readFileSync(file);
  } catch (cause) {
    const { code } = cause as NodeJS.ErrnoException;
    const why = code === 'ENOENT' ? 'there is no such file' : code === 'EISDIR' ? 'it is a folder' : code;
    throw new Error(`${file} cannot be read: ${why ?? String(cause)}; check the name`, { cause });
  }
  throw new Error(`${file} is larger than ${MAX_RECORDING_BYTES} bytes; is this the right file?`);
}
