// kill -9 while the store is brought to a new format: it is in the old one or in the new one, with everything in it, and the
// next start finishes what was begun.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { DatabaseSync } from 'node:sqlite';
import t, { type Test } from 'tap';
import { openDatabase } from '../../src/store/sqlite/database.ts';
import { MIGRATIONS, UPSERT_RECORD } from '../../src/store/sqlite/schema.ts';

const RECORDS = 30_000;
const KILLS = 7;
const FIRST_DELAY_MS = 10;
const NEXT = MIGRATIONS.length + 1;
const LATER = [
  ...MIGRATIONS,
  {
    sql: `ALTER TABLE record ADD COLUMN note TEXT NOT NULL DEFAULT '';
      UPDATE record SET note = 'migrated ' || id; CREATE INDEX record_by_note ON record (note);`,
  },
];

function makeStore(dataDir: string): void {
  const { db } = openDatabase({ dataDir });
  const upsert = db.prepare(UPSERT_RECORD);
  db.exec('BEGIN');
  for (let n = 1; n <= RECORDS; n += 1)
    upsert.run('session', `s${n}`, 'CP1', null, 'a', 1, 1, n, `{"pad":"${'x'.repeat(200)}"}`);
  db.exec('COMMIT');
  db.close();
}

/** Resolves with whether it was killed before it had finished. */
async function migrateUntil(dataDir: string, isMoment: () => boolean): Promise<boolean> {
  const child = spawn(process.execPath, [fileURLToPath(import.meta.url), 'victim', dataDir], {
    stdio: 'inherit',
  });
  const exited = once(child, 'exit');
  const look = () => {
    if (isMoment()) child.kill('SIGKILL');
    else if (child.exitCode === null) setImmediate(look);
  };
  look();
  const [code] = (await exited) as [number | null];
  return code === null;
}

if (process.argv[2] === 'victim') {
  openDatabase({ dataDir: process.argv[3]!, migrations: LATER }).db.close();
} else {
  t.setTimeout(300_000);
  await t.test(
    'killed at any moment of a migration, nothing is lost and the next start ends it',
    async (t) => {
      const folder = t.testdir({});
      const before = join(folder, 'before');
      makeStore(before);
      const states = new Set<string>();
      for (let kill = 0; kill < KILLS; kill += 1) {
        const dataDir = join(folder, `${kill}`);
        cpSync(before, dataDir, { recursive: true });
        const wasKilled = await migrateUntil(dataDir, momentOf(dataDir, kill));
        states.add(`${wasKilled ? 'killed' : 'ended'} in format ${checkedFormat(t, dataDir)}`);
        const { db } = openDatabase({ dataDir, migrations: LATER });
        t.match(db.prepare('PRAGMA user_version').get(), { user_version: NEXT }, 'the next start ends it');
        t.match(db.prepare(`SELECT count(*) AS n FROM record WHERE note = 'migrated ' || id`).get(), {
          n: RECORDS,
        });
        db.close();
      }
      t.comment([...states].join(', '));
      t.ok(states.has(`killed in format ${MIGRATIONS.length}`), 'some kills came before the commit');
    },
  );
}

/** What can be told from outside: the first kill comes while the store is copied, the others later and later after that. */
function momentOf(dataDir: string, kill: number): () => boolean {
  const backups = join(dataDir, '.kwota', 'backup');
  const has = (isUnfinished: boolean) =>
    existsSync(backups) && readdirSync(backups).some((name) => name.endsWith('.tmp') === isUnfinished);
  if (kill === 0) return () => has(true);
  let copiedAtMs: number | null = null;
  return () => {
    if (copiedAtMs === null && has(false)) copiedAtMs = performance.now();
    return copiedAtMs !== null && performance.now() >= copiedAtMs + FIRST_DELAY_MS * 2 ** kill;
  };
}

/** The format that the store is in after the kill; whichever, it is whole and has everything. */
function checkedFormat(t: Test, dataDir: string): number {
  const db = new DatabaseSync(join(dataDir, '.kwota', 'kwota.sqlite'));
  t.match(db.prepare('PRAGMA integrity_check').get(), { integrity_check: 'ok' });
  t.match(db.prepare('SELECT count(*) AS n, max(lseq) AS last FROM record').get(), {
    n: RECORDS,
    last: RECORDS,
  });
  const format = Number(db.prepare('PRAGMA user_version').get()?.['user_version']);
  const columns = db.prepare('PRAGMA table_info(record)').all();
  t.equal(
    columns.some(({ name }) => name === 'note'),
    format === NEXT,
    `format ${format} is what it says`,
  );
  db.close();
  return format;
}
