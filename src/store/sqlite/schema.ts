// The tables of kwota.sqlite, as an ordered list of migrations. A migration that was released is never edited.

export interface Migration {
  /** Run in one transaction, together with the new version number. */
  readonly sql: string;
}

/** `kwot`: says that a SQLite file is a store of kwota. */
export const APPLICATION_ID = 0x6b776f74;

/**
 * The version of a store is the number of migrations it has had.
 *
 * record: the newest version of each record; `value` is JSON, `lseq` the local commit order.
 * reading: the meter log; `id` holds 48 bits, `at` is milliseconds since 1970.
 * format: which version of the program brought the store to which format.
 */
export const MIGRATIONS: readonly Migration[] = [
  {
    sql: `
      CREATE TABLE record (
        kind TEXT NOT NULL,
        id TEXT NOT NULL,
        charge_point_id TEXT,
        account TEXT,
        node TEXT NOT NULL,
        epoch INTEGER NOT NULL,
        rev INTEGER NOT NULL,
        lseq INTEGER NOT NULL,
        value TEXT NOT NULL,
        PRIMARY KEY (kind, id)
      );
      CREATE TABLE reading (
        seq INTEGER PRIMARY KEY,
        id INTEGER NOT NULL,
        at INTEGER NOT NULL,
        charge_point_id TEXT NOT NULL,
        connector_id INTEGER NOT NULL,
        transaction_id INTEGER,
        user_name TEXT NOT NULL,
        register_wh NUMERIC,
        power_w NUMERIC,
        frequency_millihz NUMERIC
      );
      CREATE TABLE format (version INTEGER PRIMARY KEY, program TEXT NOT NULL);
    `,
  },
];

/** Stores a version under the one rule (see isAccepted): no row changes when it is refused. */
export const UPSERT_RECORD = `
  INSERT INTO record (kind, id, charge_point_id, account, node, epoch, rev, lseq, value)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT (kind, id) DO UPDATE SET
    charge_point_id = excluded.charge_point_id, account = excluded.account, node = excluded.node,
    epoch = excluded.epoch, rev = excluded.rev, lseq = excluded.lseq, value = excluded.value
  WHERE (excluded.epoch, excluded.rev) > (record.epoch, record.rev)
    OR (excluded.epoch = record.epoch AND excluded.rev = record.rev AND excluded.node = record.node)`;

/** The same reading again changes nothing: its seq is its place. */
export const PUT_READING = `
  INSERT OR REPLACE INTO reading
    (seq, id, at, charge_point_id, connector_id, transaction_id, user_name, register_wh, power_w, frequency_millihz)
  VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`;

export const SELECT_RECORDS = `
  SELECT kind, id, charge_point_id, account, node, epoch, rev, value FROM record ORDER BY rowid`;

export const SELECT_NEWEST_READINGS = `
  SELECT seq, id, at, charge_point_id, connector_id, transaction_id, user_name, register_wh, power_w, frequency_millihz
  FROM reading ORDER BY seq DESC LIMIT ?`;

export const SELECT_LAST_LSEQ = 'SELECT coalesce(max(lseq), 0) AS last FROM record';

/** One stretch of the meter log: how many rows, how many too old, how many of a believable age that stay. */
export const SURVEY_READINGS = `
  SELECT count(*) AS rows, max(seq) AS last, coalesce(sum(at < :before), 0) AS old,
    coalesce(sum(at BETWEEN :before AND :now), 0) AS young
  FROM (SELECT seq, at FROM reading WHERE seq > :cursor ORDER BY seq LIMIT :limit)`;

export const DELETE_READINGS = 'DELETE FROM reading WHERE seq > :cursor AND seq <= :last AND at < :before';
