// How many sessions have begun and ended since the server started, and how. Counted from what is on disk.
import type { RecordVersion } from '../domain/record.ts';
import { isRunning, sessionId, type Evidence, type Session } from '../domain/session.ts';
import type { Journal } from './journal.ts';

export class SessionCounts {
  #started = 0;
  readonly #ended: Record<Evidence, number> = { meterStop: 0, nextStart: 0, lastSample: 0, byHand: 0 };
  readonly #running = new Set<string>();

  constructor(journal: Journal) {
    for (const session of journal.durableState.runningSessions()) this.#running.add(sessionId(session));
    journal.onDurable(({ records }) => {
      for (const record of records) if (record.kind === 'session') this.#changed(record);
    });
  }

  get started(): number {
    return this.#started;
  }

  /** By what says so. One that went on after its end and ended again counts again. */
  ended(): Readonly<Record<Evidence, number>> {
    return this.#ended;
  }

  #changed({ id, rev, value }: RecordVersion): void {
    const session = value as Session;
    const isNew = rev === 1;
    if (isNew) this.#started += 1;
    if (isRunning(session)) this.#running.add(id);
    else if ((this.#running.delete(id) || isNew) && session.end) this.#ended[session.end.evidence] += 1;
  }
}
