// What a data folder says: the shared files as another program reads them. What is in the store: stored-truth.ts.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Session } from '../../src/domain/session.ts';

type Row = Readonly<Record<string, unknown>>;

/** The JSON object in a file of the folder; undefined when there is no such file or it is not whole. */
export function readJson(dataDir: string, name: string): Readonly<Record<string, Row>> | undefined {
  try {
    return JSON.parse(readFileSync(join(dataDir, name), 'utf8')) as Record<string, Row>;
  } catch {
    return undefined;
  }
}

/** energy_usage.json: kWh by idTag; empty when there is no such file. */
export function readUsage(dataDir: string): Readonly<Record<string, number>> {
  return (readJson(dataDir, 'energy_usage.json') ?? {}) as unknown as Record<string, number>;
}

/** Wh of an idTag by day (`2026-11-30`), summed without kwota's own code. */
export function whByDay(sessions: readonly Session[], idTag: string): Readonly<Record<string, number>> {
  const sum: Record<string, number> = {};
  for (const session of sessions.filter((one) => one.idTag === idTag)) {
    for (const [day, wh] of Object.entries(session.energyByDay)) sum[day] = (sum[day] ?? 0) + wh;
  }
  return sum;
}

/** The token that local commands use. */
export function adminTokenOf(dataDir: string): string {
  return readFileSync(join(dataDir, '.kwota', 'admin-token'), 'utf8').trim();
}
