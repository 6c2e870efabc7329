// What is on disk, read without kwota's store: the sessions and readings in kwota.sqlite, as a running server or a dead one left it.
import { cpSync, existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { ChargePoint } from '../../src/domain/charge-point.ts';
import type { RecordKind } from '../../src/domain/record.ts';
import { recordValue } from '../../src/domain/record-json.ts';
import type { Session } from '../../src/domain/session.ts';

export interface StoredReading {
  readonly chargePointId: string;
  readonly transactionId: number | null;
  readonly registerWh: number | null;
}

export interface StoredTruth {
  readonly sessions: readonly Session[];
  readonly chargers: readonly ChargePoint[];
  /** Oldest first. */
  readonly readings: readonly StoredReading[];
  /** Corrections of a user's usage by hand or by another program. */
  readonly entries: readonly object[];
}

const FILE = 'kwota.sqlite';
const NOTHING: StoredTruth = { sessions: [], chargers: [], readings: [], entries: [] };

/** Of a server that runs. */
export function readRunningStore(dataDir: string): StoredTruth {
  return read(new DatabaseSync(join(dataDir, '.kwota', FILE), { readOnly: true, timeout: 60_000 }));
}

/** Of a server that is dead: a copy is read, so that recovering from the log is left to the next start. */
export function readDeadStore(dataDir: string): StoredTruth {
  const scratch = mkdtempSync(join(tmpdir(), 'kwota-dead-store-'));
  try {
    for (const name of [FILE, `${FILE}-wal`]) {
      const path = join(dataDir, '.kwota', name);
      if (existsSync(path)) cpSync(path, join(scratch, name));
    }
    return existsSync(join(scratch, FILE)) ? read(new DatabaseSync(join(scratch, FILE))) : NOTHING;
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function read(db: DatabaseSync): StoredTruth {
  try {
    // Killed in its very first moments, before it made the tables.
    const { tables } = db.prepare('SELECT count(*) AS tables FROM sqlite_schema').get() ?? {};
    if (tables === 0) return NOTHING;
    // One transaction: a running server goes on between two statements.
    db.exec('BEGIN');
    const records = (kind: RecordKind) =>
      db
        .prepare('SELECT value FROM record WHERE kind = ?')
        .all(kind)
        .map((row) => recordValue(kind, String(row['value'])));
    const readings = db
      .prepare('SELECT charge_point_id, transaction_id, register_wh FROM reading ORDER BY seq')
      .all();
    return {
      sessions: records('session') as Session[],
      chargers: records('charger') as ChargePoint[],
      entries: records('entry'),
      readings: readings.map((row) => ({
        chargePointId: row['charge_point_id'] as string,
        transactionId: row['transaction_id'] as number | null,
        registerWh: row['register_wh'] as number | null,
      })),
    };
  } finally {
    db.close();
  }
}
