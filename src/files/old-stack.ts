// The files of the stack that kwota replaces, as found at the first start: read, and kept as NAME.before-kwota.
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { replaceFile } from './atomic-write.ts';
import { errnoOf, FileError } from './file-error.ts';
import { identify } from './file-identity.ts';

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
    const content = await readIfThere(path);
    if (content === null) continue;
    await keepCopy(`${path}.before-kwota`, content);
    try {
      files[key] = JSON.parse(content.toString('utf8').replace(/^\uFEFF/, ''));
    } catch (cause) {
      problems.push(`${name} cannot be read (${String(cause)}); it was kept as ${name}.before-kwota`);
    }
  }
  return { files, problems };
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (cause) {
    if (errnoOf(cause) === 'ENOENT') return null;
    throw FileError.from(cause, path, `read ${path}`);
  }
}

/** Whole or not at all: a copy cut short by a crash would stay, for it is never overwritten. */
async function keepCopy(path: string, content: Buffer): Promise<void> {
  if ((await identify(path)) === null) await replaceFile(path, content, { expected: null });
}
