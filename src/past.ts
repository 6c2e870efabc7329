// The third composition root: gives a new data folder a past, made by the real engine of what chargers said then.
// No server and no charger is there; the store is the one that a server then starts on.
import type { Config } from './config/schema.ts';
import { begin, putUsersInForce } from './csms/services.ts';
import type { User } from './domain/user.ts';
import { createEngine } from './engine.ts';
import { lockFolder, makeDataFolder } from './files/folder-lock.ts';
import { readFrames, type CallFrame } from './ocpp/frame.ts';
import { createRouter, type Router } from './ocpp/inbound.ts';
import { systemClock } from './runtime/clock.ts';
import { silentLog } from './runtime/log.ts';
import { createManualClock } from './runtime/manual-clock.ts';
import { openSqliteStore } from './store/sqlite/sqlite-store.ts';

const STORE_CLOSE_MS = 5_000;

/** What a charger said; `atMs` is when it arrived, too. */
export interface PastMessage {
  readonly chargePointId: string;
  readonly connectorId: number;
  readonly atMs: number;
  readonly action: string;
  /** For the id that this connector's last StartTransaction was answered with. */
  readonly payload: (transactionId: number) => object;
}

export interface PastOptions {
  readonly config: Config;
  /** Absolute; there must be no store in it. */
  readonly dataDir: string;
  /** Who charged. They are stored with their sessions; `users1.csv` is not written here. */
  readonly users: readonly User[];
  /** In the order of their times. */
  readonly messages: readonly PastMessage[];
  readonly nowMs: number;
}

/** Resolves, when all is on disk, with what each tag has used in the month of `nowMs`, in Wh. */
export async function writePast(options: PastOptions): Promise<ReadonlyMap<string, number>> {
  const { config, dataDir, users, messages, nowMs } = options;
  makeDataFolder(dataDir);
  const lock = lockFolder(dataDir);
  const store = openSqliteStore({ dataDir, clock: systemClock, log: silentLog });
  try {
    const clock = createManualClock();
    clock.advance(messages[0]?.atMs ?? nowMs);
    const engine = createEngine({
      ...{ config, store, clock, loaded: store.load(0), log: silentLog },
      remote: { isConnected: () => false, call: () => Promise.resolve({ kind: 'offline' }) },
    });
    const { services, calendar, routes } = engine;
    putUsersInForce(services, users);
    begin(services, {}, calendar, clock.now(), silentLog);
    const routers = new Map<string, Router>();
    const transactionIds = new Map<string, number>();
    for (const [index, message] of messages.entries()) {
      const { chargePointId, connectorId, atMs, action, payload } = message;
      clock.advance(Math.max(0, atMs - clock.now()));
      const router =
        routers.get(chargePointId) ?? createRouter(chargePointId, routes, clock, silentLog, ignore);
      routers.set(chargePointId, router);
      services.chargePoints.heard(chargePointId, clock.now());
      const place = `${chargePointId} ${connectorId}`;
      const call: CallFrame = {
        kind: 'call',
        id: String(index),
        action,
        payload: payload(transactionIds.get(place) ?? 0),
      };
      const { text } = router.answer(call, clock.now());
      const transactionId = startedBy(text);
      if (transactionId !== null) transactionIds.set(place, transactionId);
    }
    await services.journal.durable();
    return services.durable.usedInMonth(calendar.monthAt(nowMs));
  } finally {
    await store.close(STORE_CLOSE_MS);
    lock.release();
  }
}

function startedBy(answer: string): number | null {
  const [frame] = readFrames(answer);
  const payload = frame?.kind === 'result' ? frame.payload : null;
  if (typeof payload !== 'object' || payload === null || !('transactionId' in payload)) return null;
  return typeof payload.transactionId === 'number' ? payload.transactionId : null;
}

/** The past is what it was: nothing odd is noted about it. */
function ignore(): void {
  return undefined;
}
