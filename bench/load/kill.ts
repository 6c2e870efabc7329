// A server is killed under load, and its store compared with what the load was answered: nothing acknowledged may be lost, nothing
// counted that was not sent.
import { cpSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { startLoad } from './load.ts';
import { KWOTA, startServer } from './servers.ts';

export interface KillReport {
  readonly acknowledgedWh: number;
  readonly storedWh: number;
  readonly sentWh: number;
  /** Users of whom less is stored than was acknowledged, or more than was sent. */
  readonly wrong: readonly string[];
  /** Until the server listens again on the same folder. */
  readonly readyMs: number;
}

const SLICE_MS = 2_500;
const KILL_AFTER_MS = 2_000;
const CONNECT_AT_ONCE = 250;

export async function killUnderLoad(root: string, chargers: number): Promise<KillReport> {
  const server = await startServer(KWOTA, root);
  const options = { port: server.port, chargers, script: 'charging', intervalMs: null } as const;
  const load = await startLoad({ ...options, connectAtOnce: CONNECT_AT_ONCE });
  const before = storedWhByTag(server.dataDir);
  const slice = load.slice(SLICE_MS);
  await new Promise((resolve) => setTimeout(resolve, KILL_AFTER_MS));
  await server.stop('SIGKILL');
  await slice;
  const ledger = await load.ledger();
  await load.close();
  const after = storedWhByTag(server.dataDir);
  const sum = { acknowledgedWh: 0, storedWh: 0, sentWh: 0 };
  const wrong: string[] = [];
  for (const [idTag, { acknowledgedWh, sentWh }] of Object.entries(ledger)) {
    const storedWh = (after.get(idTag) ?? 0) - (before.get(idTag) ?? 0);
    if (storedWh < acknowledgedWh || storedWh > sentWh)
      wrong.push(`${idTag}: ${acknowledgedWh} Wh acknowledged, ${storedWh} stored, ${sentWh} sent`);
    sum.acknowledgedWh += acknowledgedWh;
    sum.storedWh += storedWh;
    sum.sentWh += sentWh;
  }
  const again = await startServer(KWOTA, root);
  await again.stop();
  return { ...sum, wrong, readyMs: again.readyMs };
}

/** Of a copy: recovering the write-ahead log is left to the next start. */
function storedWhByTag(dataDir: string): Map<string, number> {
  const copy = `${dataDir}-copy.sqlite`;
  for (const suffix of ['', '-wal'])
    cpSync(join(dataDir, '.kwota', `kwota.sqlite${suffix}`), `${copy}${suffix}`, { force: true });
  const db = new DatabaseSync(copy);
  const rows = db
    .prepare(
      `SELECT record.value ->> 'idTag' AS idTag, sum(day.value) AS wh
       FROM record, json_each(record.value, '$.energyByDay') AS day WHERE kind = 'session' GROUP BY 1`,
    )
    .all();
  db.close();
  return new Map(rows.map((row) => [String(row['idTag']), Number(row['wh'])]));
}
