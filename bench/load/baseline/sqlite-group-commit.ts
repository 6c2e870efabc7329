// A baseline: constant answers, but a reading is answered when SQLite has it on disk, summed up by user. All that arrived in one
// turn of the loop is one commit. Durable, and nothing else: no quota, no month, no session that can be corrected.
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { serveConstantAnswers, type MeterMessage } from './answer-all.ts';

const db = new DatabaseSync(join(process.env['DATA_DIR'] ?? '.', 'usage.sqlite'));
db.exec(`
  PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
  CREATE TABLE usage (id_tag TEXT PRIMARY KEY, wh INTEGER NOT NULL) WITHOUT ROWID;
  CREATE TABLE session (id INTEGER PRIMARY KEY, id_tag TEXT NOT NULL, register_wh INTEGER, at TEXT, wh INTEGER NOT NULL);
  CREATE TABLE reading (id INTEGER PRIMARY KEY, session_id INTEGER, at INTEGER, register_wh INTEGER);`);
const putReading = db.prepare('INSERT INTO reading (session_id, at, register_wh) VALUES (?, ?, ?)');
const putSession = db.prepare(`
  INSERT INTO session (id, id_tag, register_wh, at, wh) VALUES (?, ?, ?, ?, ?)
  ON CONFLICT (id) DO UPDATE SET wh = wh + excluded.wh, register_wh = excluded.register_wh, at = excluded.at`);
const putUsage = db.prepare(`
  INSERT INTO usage (id_tag, wh) VALUES (?1, ?2) ON CONFLICT (id_tag) DO UPDATE SET wh = wh + ?2`);

const lastWh = new Map<number, number>();
let waiting: { readonly message: MeterMessage; readonly kept: () => void }[] = [];

function commit(): void {
  const batch = waiting;
  waiting = [];
  db.exec('BEGIN IMMEDIATE');
  for (const { message } of batch) {
    const { transactionId, idTag, startWh, registerWh, timestamp } = message;
    const flowedWh = registerWh - (lastWh.get(transactionId) ?? startWh);
    lastWh.set(transactionId, registerWh);
    putReading.run(transactionId, Date.parse(timestamp), registerWh);
    putSession.run(transactionId, idTag, registerWh, timestamp, flowedWh);
    putUsage.run(idTag, flowedWh);
  }
  db.exec('COMMIT');
  for (const { kept } of batch) kept();
}

serveConstantAnswers((message, kept) => {
  waiting.push({ message, kept });
  if (waiting.length === 1) setImmediate(commit);
});
