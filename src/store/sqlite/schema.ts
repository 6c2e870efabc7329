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
 * trace: blocks of raw frames; `lines` is deflated JSON, `bytes` what the row takes on disk, about.
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
  {
    sql: `
      CREATE TABLE trace (
        charge_point_id TEXT NOT NULL,
        first_seq INTEGER NOT NULL,
        last_seq INTEGER NOT NULL,
        first_ms INTEGER NOT NULL,
        last_ms INTEGER NOT NULL,
        bytes INTEGER NOT NULL,
        lines BLOB NOT NULL
      );
      CREATE UNIQUE INDEX trace_of_charger ON trace (charge_point_id, last_seq);
      CREATE INDEX trace_by_age ON trace (last_ms, charge_point_id, bytes);
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

/** SQLite counts in the index, so it is walked as well. */
export const COUNT_RECORDS = 'SELECT count(*) AS records FROM record';

export const SELECT_NEWEST_READINGS = `
  SELECT seq, id, at, charge_point_id, connector_id, transaction_id, user_name, register_wh, power_w, frequency_millihz
  FROM reading ORDER BY seq DESC LIMIT ?`;

export const SELECT_NEWEST_READING_IDS = `
  SELECT json_group_array(id) AS ids FROM (SELECT id FROM reading ORDER BY seq DESC LIMIT ?)`;

export const SELECT_READINGS_AFTER = `
  SELECT seq, id, at, charge_point_id, connector_id, transaction_id, user_name, register_wh, power_w, frequency_millihz
  FROM reading WHERE seq > ? ORDER BY seq LIMIT ?`;

export const SELECT_LAST_READING_SEQ = 'SELECT coalesce(max(seq), 0) AS last FROM reading';

/** One look: the rows between two seqs, the newest first. A filter that is NULL lets all pass. */
export const FIND_READINGS = `
  SELECT seq, id, at, charge_point_id, connector_id, transaction_id, user_name, register_wh, power_w, frequency_millihz
  FROM reading
  WHERE seq < :before AND seq >= :from
    AND (:chargePointId IS NULL OR charge_point_id = :chargePointId)
    AND (:transactionId IS NULL OR transaction_id = :transactionId)
    AND at >= :fromMs AND at < :toMs
  ORDER BY seq DESC LIMIT :limit`;

/** Where the next look begins: rows may be gone in between (retention). */
export const SELECT_SEQ_BEFORE = 'SELECT max(seq) AS seq FROM reading WHERE seq < ?';

export const SELECT_LAST_LSEQ = 'SELECT coalesce(max(lseq), 0) AS last FROM record';

/** One stretch of the meter log: how many rows, how many too old, how many of a believable age that stay. */
export const SURVEY_READINGS = `
  SELECT count(*) AS rows, max(seq) AS last, coalesce(sum(at < :before), 0) AS old,
    coalesce(sum(at BETWEEN :before AND :now), 0) AS young
  FROM (SELECT seq, at FROM reading WHERE seq > :cursor ORDER BY seq LIMIT :limit)`;

/** The newest stays, however old: the next one counts on from it. */
export const DELETE_READINGS = `
  DELETE FROM reading
  WHERE seq > :cursor AND seq <= :last AND at < :before AND seq < (SELECT max(seq) FROM reading)`;

/** A block that ends where a stored one ends has no line that is not in that one. */
export const INSERT_TRACE = `
  INSERT INTO trace (charge_point_id, first_seq, last_seq, first_ms, last_ms, bytes, lines) VALUES (?, ?, ?, ?, ?, ?, ?)
  ON CONFLICT DO NOTHING`;

export const SELECT_TRACE_AFTER = `
  SELECT first_seq, last_seq, first_ms, last_ms, lines FROM trace
  WHERE charge_point_id = ? AND last_seq > ? ORDER BY last_seq LIMIT ?`;

export const SELECT_TRACE_BEFORE = `
  SELECT first_seq, last_seq, first_ms, last_ms, lines FROM trace
  WHERE charge_point_id = ? AND last_seq < ? ORDER BY last_seq DESC LIMIT ?`;

/** From charger to charger in the index, without looking at each block. */
export const SELECT_LAST_TRACE_SEQS = `
  WITH RECURSIVE charger (id) AS (
    SELECT min(charge_point_id) FROM trace
    UNION ALL
    SELECT (SELECT min(charge_point_id) FROM trace WHERE charge_point_id > id) FROM charger WHERE id IS NOT NULL)
  SELECT id, (SELECT max(last_seq) FROM trace WHERE charge_point_id = id) AS last_seq
  FROM charger WHERE id IS NOT NULL`;

export const SELECT_TRACE_BYTES = `
  SELECT charge_point_id, sum(bytes) AS bytes FROM trace INDEXED BY trace_by_age GROUP BY charge_point_id`;

export const DELETE_OLDEST_TRACE_OF_CHARGER = `
  DELETE FROM trace
  WHERE rowid = (SELECT rowid FROM trace WHERE charge_point_id = ? ORDER BY last_seq LIMIT 1)
  RETURNING charge_point_id, bytes`;

export const DELETE_OLDEST_TRACE = `
  DELETE FROM trace WHERE rowid = (SELECT rowid FROM trace ORDER BY last_ms LIMIT 1)
  RETURNING charge_point_id, bytes`;

export const DELETE_TRACES_BEFORE = `
  DELETE FROM trace WHERE rowid IN (SELECT rowid FROM trace WHERE last_ms < ? ORDER BY last_ms LIMIT ?)
  RETURNING charge_point_id, bytes`;
