// `kwota record`: the trace of one charger as a file, for a bug report or a replay.
import { resolve } from 'node:path';
import { replaceFile } from '../../src/files/atomic-write.ts';
import { FileError } from '../../src/files/file-error.ts';
import { printable } from '../../src/runtime/printable.ts';
import { withApi, type ApiOptions } from '../api-access.ts';

export interface RecordOptions extends ApiOptions {
  readonly force?: boolean;
}

export async function runRecord(id: string, file: string, options: RecordOptions): Promise<void> {
  await withApi(options, async (api) => {
    const text = await api.recording(id);
    await write(file, text, options.force === true);
    const lines = text.split('\n').length - 1;
    process.stdout.write(`${printable(id)}: ${lines} lines written to ${printable(file)}\n`);
  });
}

/** Whole or not at all; unless forced, what is there stays. */
async function write(file: string, text: string, isForced: boolean): Promise<void> {
  try {
    await replaceFile(resolve(file), text, isForced ? {} : { expected: null });
  } catch (error) {
    const code = error instanceof FileError ? error.code : 'failed';
    const message =
      code === 'changed'
        ? `${file} exists already; name another file, or use --force to replace it`
        : `${file} cannot be written (${code}); check its folder, and that you may write there`;
    throw new Error(message, { cause: error });
  }
}
