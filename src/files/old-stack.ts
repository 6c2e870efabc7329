// The files of the stack that kwota replaces, as found at the first start: read, and kept as NAME.before-kwota.
import { constants } from 'node:fs';
import { copyFile, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { errnoOf, FileError } from './file-error.ts';

const NAMES = {
  energyUsage: 'energy_usage.json',
  activeTransactions: 'active_transactions.json',
  chargerStatus: 'charger_status.json',
  meterDataLog: 'meter_data_log.json',
} as const;

export interface OldStack {
  /** Parsed content by file; a file that is missing or no JSON is left out. */
  readonly files: { readonly [Name in keyof typeof NAMES]?: unknown };
  readonly problems: readonly string[];
}

/** Reads what there is, and copies it aside; a copy that exists already is never overwritten. */
export async function readOldStack(dataDir: string): Promise<OldStack> {
  const files: Record<string, unknown> = {};
  const problems: string[] = [];
  for (const [key, name] of Object.entries(NAMES)) {
    const path = join(dataDir, name);
    const text = await readIfThere(path);
    if (text === null) continue;
    await keepCopy(path);
    try {
      files[key] = JSON.parse(text.replace(/^\uFEFF/, ''));
    } catch (cause) {
      problems.push(`${name} cannot be read (${String(cause)}); it was kept as ${name}.before-kwota`);
    }
  }
  return { files, problems };
}

async function readIfThere(path: string): Promise<string | null> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return null;
    throw FileError.from(cause, path, `read ${path}`);
  }
}

async function keepCopy(path: string): Promise<void> {
  try {
    await copyFile(path, `${path}.before-kwota`, constants.COPYFILE_EXCL);
  } catch (cause) {
    if (errnoOf(cause) !== 'EEXIST') throw FileError.from(cause, path, `copy ${path}`);
  }
}
