// `kwota backup FILE` and `kwota restore FILE`: the data folder as one file, and back.
import { existsSync, statSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { makeBackup } from '../../src/backup/backup.ts';
import { restoreBackup, type Restored } from '../../src/backup/restore.ts';
import { FolderLockError } from '../../src/files/folder-lock.ts';
import { buildInfo } from '../../src/runtime/build-info.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { printableJson } from '../../src/runtime/printable.ts';
import { CONFIG_NAME, readConfiguration, type ConfigOptions } from '../configuration.ts';
import { timeText } from '../time-text.ts';

export interface BackupOptions extends ConfigOptions {
  readonly force?: true;
  readonly json?: true;
}

/** Their clock's timers do not hold the process; this one does meanwhile. */
const HOLD_MS = 60_000;
const JSON_INDENT = 2;

/** Into a folder it goes under a name with the time in it, so that each one has its own. */
export async function runBackup(asked: string, options: BackupOptions): Promise<void> {
  const { dataDir, path } = readConfiguration(options);
  const file = isFolder(asked) ? join(asked, nameNow()) : asked;
  const made = await holding(() =>
    makeBackup({
      ...{ dataDir, file, configPath: path, clock: systemClock },
      isReplacing: options.force === true,
      version: buildInfo().version,
    }),
  );
  const { sessions, chargers, files, bytes } = made;
  const text = `${file}: ${sessions} sessions, ${chargers} chargers, ${files.length} files, ${(bytes / 1e6).toFixed(1)} MB\n`;
  process.stdout.write(options.json ? `${printableJson({ file, ...made }, JSON_INDENT)}\n` : text);
}

export async function runRestore(file: string, options: BackupOptions): Promise<void> {
  const { dataDir } = readConfiguration(options);
  const configPath = resolve(options.config ?? CONFIG_NAME);
  try {
    const restored = await holding(() =>
      restoreBackup({
        ...{ file, dataDir, configPath, clock: systemClock },
        isReplacing: options.force === true,
      }),
    );
    process.stdout.write(
      options.json
        ? `${printableJson({ data: dataDir, ...restored }, JSON_INDENT)}\n`
        : restoredText(restored, dataDir),
    );
  } catch (error) {
    if (!(error instanceof FolderLockError) || error.code !== 'locked') throw error;
    throw new FolderLockError('locked', error.message, 'end it with kwota stop, then restore', {
      cause: error,
    });
  }
}

function restoredText(
  { manifest, sessions, chargers, aside, configPath }: Restored,
  dataDir: string,
): string {
  const lines = [
    `${dataDir}: as it was at ${timeText(manifest.createdAt)}, ${sessions} sessions, ${chargers} chargers`,
    ...(aside === null ? [] : [`what was there before is in ${aside}`]),
    ...(configPath === null ? [] : [`the configuration is in ${configPath}`]),
    'start it with kwota serve',
  ];
  return lines.map((line) => `${line}\n`).join('');
}

async function holding<T>(run: () => Promise<T>): Promise<T> {
  const hold = setInterval(() => undefined, HOLD_MS);
  try {
    return await run();
  } finally {
    clearInterval(hold);
  }
}

function isFolder(path: string): boolean {
  return existsSync(path) && statSync(path).isDirectory();
}

/** `kwota-2026-11-30T10-15-00Z.tar.gz` */
function nameNow(): string {
  const stamp = new Date().toISOString().replace(/\.\d+/, '').replaceAll(':', '-');
  return `kwota-${stamp}.tar.gz`;
}
