// [METER] lines: a session's first reading and then one a minute at info, every reading at debug.
import { lastReading } from '../domain/energy-account.ts';
import { totalWh } from '../domain/energy.ts';
import { sessionId, type Session } from '../domain/session.ts';
import type { Log } from '../runtime/log.ts';

const EVERY_MS = 60_000;

/** Late samples of ended sessions are told as well: beyond so many sessions the one told longest ago is forgotten. */
const MAX_REMEMBERED = 5_000;

export class MeterLog {
  readonly #log: Log;
  readonly #lastMs = new Map<string, number>();

  constructor(log: Log) {
    this.#log = log;
  }

  reading(session: Session, nowMs: number): void {
    const id = sessionId(session);
    const lastMs = this.#lastMs.get(id);
    const isDue = lastMs === undefined || nowMs - lastMs >= EVERY_MS || nowMs < lastMs;
    if (!isDue && !this.#log.isEnabled('debug')) return;
    const energyWh = totalWh(session.energyByDay);
    const fields = { ...fieldsOf(session), registerWh: lastReading(session.account)?.wh, energyWh };
    if (isDue) {
      this.#remember(id, nowMs);
      this.#log.info('METER', 'reading', fields);
    } else this.#log.debug('METER', 'reading', fields);
  }

  ended(session: Session): void {
    this.#lastMs.delete(sessionId(session));
  }

  #remember(id: string, nowMs: number): void {
    this.#lastMs.delete(id);
    this.#lastMs.set(id, nowMs);
    if (this.#lastMs.size <= MAX_REMEMBERED) return;
    for (const oldest of this.#lastMs.keys()) {
      this.#lastMs.delete(oldest);
      return;
    }
  }
}

/** How a session is named in the log. */
export function fieldsOf(session: Session): Record<string, string | number> {
  return {
    charger: session.chargePointId,
    connector: session.connectorId,
    transaction: session.transactionId,
    user: session.idTag,
  };
}
