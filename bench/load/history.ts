// A data folder with a past: users, and ended sessions of the last year with their readings, made by the domain's own rules.
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { openAccount } from '../../src/domain/energy-account.ts';
import type { Reading } from '../../src/domain/reading.ts';
import type { RecordVersion } from '../../src/domain/record.ts';
import { beginSession, bookSample, endSession, sessionId, type Session } from '../../src/domain/session.ts';
import { createSiteCalendar } from '../../src/domain/site-calendar.ts';
import type { User } from '../../src/domain/user.ts';
import { systemClock } from '../../src/runtime/clock.ts';
import { silentLog } from '../../src/runtime/log.ts';
import { openSqliteStore } from '../../src/store/sqlite/sqlite-store.ts';

export interface Past {
  /** LOAD00001, LOAD00002 … with a quota that nobody uses up. */
  readonly users: number;
  /** Ended ones, of the last year. */
  readonly sessions: number;
}

const QUOTA_KWH = 100_000;
const SESSIONS_A_COMMIT = 2_000;
const READINGS_A_SESSION = 5;
const MS_PER_YEAR = 365 * 86_400_000;
const SAMPLE_MS = 15 * 60_000;
const SAMPLE_WH = 2_750;
const CLOSE_WITHIN_MS = 60_000;
/** Chargers of the past are not those of the load. */
const OLD_CHARGERS = 200;
const CONTEXT = { calendar: createSiteCalendar('UTC', 1), maxPowerW: 22_000 };

/** Makes the folder, its users1.csv and, where there is a past, its store. */
export async function makeDataFolder(dataDir: string, past: Past): Promise<void> {
  mkdirSync(dataDir, { recursive: true });
  writeFileSync(join(dataDir, 'users1.csv'), usersFile(past.users));
  if (past.sessions === 0) return;
  const store = openSqliteStore({ dataDir, clock: systemClock, log: silentLog });
  const nowMs = Date.now();
  const node = 'past';
  const site: RecordVersion = { ...OWN, kind: 'site', id: 'node', node, value: { node } };
  await store.commit({ records: [site], readings: [] });
  for (let from = 0; from < past.sessions; from += SESSIONS_A_COMMIT) {
    const count = Math.min(SESSIONS_A_COMMIT, past.sessions - from);
    const sessions = Array.from({ length: count }, (_, index) => oldSession(from + index, past, nowMs));
    await store.commit({
      records: sessions.map((session) => recordOf(session, node)),
      readings: sessions.flatMap((session, index) => readingsOf(session, from + index)),
    });
  }
  await store.close(CLOSE_WITHIN_MS);
}

const OWN = { chargePointId: null, account: null, epoch: 0, rev: 1 };

function usersFile(count: number): string {
  const rows = Array.from({ length: count }, (_, index) => {
    return `${idTagOf(index)},Load,${index + 1},${QUOTA_KWH},FALSE\n`;
  });
  return `id_tag,header name,surname,quota_kwh,unlimited\n${rows.join('')}`;
}

function idTagOf(index: number): string {
  return `LOAD${String(index + 1).padStart(5, '0')}`;
}

/** The `index`-th, oldest first: five samples, then its stop. */
function oldSession(index: number, { users, sessions }: Past, nowMs: number): Session {
  const startedMs = Math.round(nowMs - MS_PER_YEAR * (1 - index / (sessions + 1)));
  const meterStartWh = index * SAMPLE_WH * READINGS_A_SESSION;
  const chargePointId = `OLD${(index % OLD_CHARGERS) + 1}`;
  const user: User = {
    idTag: idTagOf(index % users),
    name: 'Load',
    surname: String((index % users) + 1),
    quotaWh: QUOTA_KWH * 1000,
    ...{ isUnlimited: false, account: null, isBlocked: false, expires: null },
  };
  let session = beginSession({
    transactionId: index + 1,
    chargePointId,
    connectorId: 1,
    idTag: user.idTag,
    origin: 'start',
    authorization: 'Accepted',
    user,
    startedMs,
    meterStartWh,
    startKey: `${chargePointId}/1/${startedMs}/${meterStartWh}/${user.idTag}`,
    account: openAccount({ wh: meterStartWh, atMs: startedMs }),
  });
  for (let sample = 1; sample <= READINGS_A_SESSION; sample += 1) {
    session = bookSample(session, sampleAt(meterStartWh, startedMs, sample), CONTEXT);
  }
  const register = sampleAt(meterStartWh, startedMs, READINGS_A_SESSION);
  const end = { atMs: register.atMs, evidence: 'meterStop', register, reason: 'Local' } as const;
  return endSession(session, end, CONTEXT);
}

function sampleAt(meterStartWh: number, startedMs: number, sample: number) {
  return { wh: meterStartWh + sample * SAMPLE_WH, atMs: startedMs + sample * SAMPLE_MS };
}

function recordOf(session: Session, node: string): RecordVersion {
  const { chargePointId } = session;
  const id = sessionId(session);
  return { kind: 'session', id, chargePointId, account: null, node, epoch: 1, rev: 7, value: session };
}

function readingsOf({ chargePointId, transactionId, startedMs }: Session, index: number): Reading[] {
  return Array.from({ length: READINGS_A_SESSION }, (_, sample) => {
    const seq = index * READINGS_A_SESSION + sample + 1;
    return {
      seq,
      id: seq,
      at: startedMs + (sample + 1) * SAMPLE_MS,
      ...{ chargePointId, connectorId: 1, transactionId, userName: 'Load', powerW: 11_000 },
      registerWh: seq * SAMPLE_WH,
      frequencyMilliHz: 50_000,
    };
  });
}
