// What a backup consists of: a gzipped tar archive whose first file says what the others are. Nothing is written or read here.

/** Published and edited: it is read before the store is copied, and put in place after it (see backup.ts, restore.ts). */
export const USAGE_FILE = 'energy_usage.json';

/** The files that other programs share, in the data folder. */
export const SHARED_FILES: readonly string[] = [
  USAGE_FILE,
  'users1.csv',
  'active_transactions.json',
  'charger_status.json',
  'meter_data_log.json',
];

/** As they were before kwota came. */
export const OLD_COPIES: readonly string[] = SHARED_FILES.map((name) => `${name}.before-kwota`);

export const STORE_FILE = '.kwota/kwota.sqlite';
/** The users in force, should users1.csv be a broken one. */
export const LAST_GOOD_USERS = '.kwota/users1.last-good.csv';
export const CONFIG_FILE = 'config.yaml';
export const MANIFEST_FILE = 'manifest.json';

/** All names that may be in a backup, beside the manifest. */
const BACKED_UP: readonly string[] = [
  ...SHARED_FILES,
  ...OLD_COPIES,
  LAST_GOOD_USERS,
  CONFIG_FILE,
  STORE_FILE,
];

const FORMAT = 1;

export interface ManifestFile {
  readonly name: string;
  readonly bytes: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

export interface Manifest {
  readonly format: typeof FORMAT;
  /** Version of the program that made it. */
  readonly kwota: string;
  /** ISO 8601, UTC. */
  readonly createdAt: string;
  readonly files: readonly ManifestFile[];
}

/** A backup that cannot be made or put back. `hint` says what to do about it. */
export class BackupError extends Error {
  readonly code: 'exists' | 'damaged' | 'newer' | 'unreadable' | 'unwritable' | 'nothing';
  readonly hint: string;

  constructor(code: BackupError['code'], message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'BackupError';
    this.code = code;
    this.hint = hint;
  }
}

export function manifestOf(kwota: string, createdAt: string, files: readonly ManifestFile[]): Manifest {
  return { format: FORMAT, kwota, createdAt, files };
}

/** Throws a BackupError for what is no manifest, or one of a newer program. */
export function parseManifest(text: string, path: string): Manifest {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch (cause) {
    throw damaged(path, 'its manifest is not JSON', { cause });
  }
  if (typeof parsed !== 'object' || parsed === null) throw damaged(path, 'its manifest is no object');
  const { format, kwota, createdAt, files } = parsed as Readonly<Record<string, unknown>>;
  if (typeof format === 'number' && format > FORMAT) {
    const made = `it was made by kwota ${String(kwota)}`;
    throw new BackupError(
      'newer',
      `${path} has format ${format}; ${made}`,
      'use that version, or a newer one',
    );
  }
  const isProper =
    format === FORMAT &&
    typeof kwota === 'string' &&
    typeof createdAt === 'string' &&
    !Number.isNaN(Date.parse(createdAt)) &&
    Array.isArray(files) &&
    files.every(isManifestFile);
  if (!isProper) throw damaged(path, 'its manifest lacks something');
  return { format, kwota, createdAt, files };
}

function isManifestFile(value: unknown): value is ManifestFile {
  if (typeof value !== 'object' || value === null) return false;
  const { name, bytes, sha256 } = value as Readonly<Record<string, unknown>>;
  return (
    typeof name === 'string' &&
    BACKED_UP.includes(name) &&
    typeof bytes === 'number' &&
    Number.isSafeInteger(bytes) &&
    bytes >= 0 &&
    typeof sha256 === 'string' &&
    /^[0-9a-f]{64}$/.test(sha256)
  );
}

export function damaged(path: string, what: string, options?: ErrorOptions): BackupError {
  const hint = 'use another backup; nothing was changed';
  return new BackupError('damaged', `${path} is damaged, or no backup of kwota: ${what}`, hint, options);
}
