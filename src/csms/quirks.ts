// How often each charger was seen doing what, by the firmware it has now. In memory; on disk about once a minute.
import type { MeterFlag } from '../domain/energy-account.ts';
import { daysOf } from '../domain/energy.ts';
import { isQuirkId, quirks, type QuirkId } from '../domain/quirk.ts';
import type { Session } from '../domain/session.ts';
import { EARLIEST_PLAUSIBLE_MS, parseTimestamp } from '../domain/timestamp.ts';
import type { EpochMs } from '../runtime/clock.ts';
import type { Journal } from './journal.ts';

export interface QuirkCount {
  readonly quirk: QuirkId;
  /** Moments at which it was seen. */
  readonly count: number;
  readonly firstSeenMs: EpochMs;
  readonly lastSeenMs: EpochMs;
}

interface Counter {
  count: number;
  readonly firstSeenMs: EpochMs;
  lastSeenMs: EpochMs;
}

interface Seen {
  /** The firmware that did it; '' until the charger has told. */
  firmwareVersion: string;
  readonly counters: Map<QuirkId, Counter>;
}

/** As stored, one record for each charger. */
interface StoredQuirks {
  readonly firmwareVersion: string;
  readonly counts: readonly (Omit<QuirkCount, 'quirk'> & { readonly quirk: string })[];
}

const QUIRK_OF_FLAG: Readonly<Record<MeterFlag, QuirkId>> = {
  baselineFromSample: 'baseline-from-sample',
  implausibleJump: 'implausible-jump',
  registerRestarted: 'register-restarted',
  registerWentBack: 'register-went-back',
  valueTakenBack: 'value-taken-back',
  stopContradicts: 'stop-contradicts',
  unitsDiffer: 'units-differ',
  intervalsSummed: 'intervals-summed',
  aboveMaxPower: 'above-max-power',
};

const WEIGHT = { high: 0, medium: 1, low: 2 } as const;

/** Bounded: for each charger one counter for each quirk of the table, and nothing for each message. */
export class Quirks {
  readonly #journal: Journal;
  readonly #seen = new Map<string, Seen>();
  readonly #changed = new Set<string>();

  constructor(journal: Journal) {
    this.#journal = journal;
    for (const { chargePointId } of journal.live.chargePoints()) {
      const stored = journal.live.other('quirks', chargePointId);
      if (stored) this.#seen.set(chargePointId, unpack(stored as StoredQuirks));
    }
  }

  /** `atMs` is when the message came: what is seen at one moment is one evidence, and counts once. */
  seen(chargePointId: string, quirk: QuirkId, atMs: EpochMs): void {
    const { counters } = this.#of(chargePointId);
    const counter = counters.get(quirk);
    if (counter?.lastSeenMs === atMs) return;
    if (counter) {
      counter.count += 1;
      counter.lastSeenMs = atMs;
    } else counters.set(quirk, { count: 1, firstSeenMs: atMs, lastSeenMs: atMs });
    this.#changed.add(chargePointId);
  }

  /** What became of a session with a message: flags that it did not have, energy that it was refused. */
  seenOn(before: Session | null, after: Session, atMs: EpochMs): void {
    const { chargePointId } = after;
    if (after.flags !== before?.flags) {
      for (const flag of after.flags) {
        // Without a meterStart it is no wonder.
        const isNone = flag === 'baselineFromSample' && after.meterStartWh === null;
        if (!isNone && before?.flags.includes(flag) !== true)
          this.seen(chargePointId, QUIRK_OF_FLAG[flag], atMs);
      }
    }
    const isRefused = after.origin === 'start' && after.authorization !== 'Accepted';
    if (isRefused && hasEnergy(after) && !(before && hasEnergy(before)))
      this.seen(chargePointId, 'charges-though-refused', atMs);
  }

  /** A timestamp that was not believed. */
  seenInTime(chargePointId: string, timestamp: string | undefined, atMs: EpochMs): void {
    const saidMs = timestamp === undefined ? null : parseTimestamp(timestamp);
    if (timestamp === undefined) this.seen(chargePointId, 'no-timestamp', atMs);
    else if (saidMs === null) this.seen(chargePointId, 'unreadable-timestamp', atMs);
    else this.seen(chargePointId, saidMs < EARLIEST_PLAUSIBLE_MS ? 'clock-not-set' : 'clock-ahead', atMs);
  }

  /** A charger has booted: with another firmware than before its quirks are counted anew. */
  booted(chargePointId: string): void {
    const known = this.#seen.get(chargePointId);
    const firmwareVersion = this.#firmwareOf(chargePointId);
    if (!known || known.firmwareVersion === firmwareVersion) return;
    if (known.firmwareVersion !== '') known.counters.clear();
    known.firmwareVersion = firmwareVersion;
    this.#changed.add(chargePointId);
  }

  /** Whatever comes under this id later is counted anew. */
  forget(chargePointId: string): void {
    if (this.#seen.delete(chargePointId)) this.#changed.add(chargePointId);
  }

  /** What the charger's firmware was seen doing: what matters most for billing first, then the latest. */
  of(chargePointId: string): QuirkCount[] {
    const counters = this.#seen.get(chargePointId)?.counters ?? new Map<QuirkId, Counter>();
    const counts = [...counters].map(([quirk, counter]) => ({ quirk, ...counter }));
    const weight = ({ quirk }: QuirkCount) => WEIGHT[quirks[quirk].billing];
    return counts.sort((a, b) => weight(a) - weight(b) || b.lastSeenMs - a.lastSeenMs);
  }

  /** Hands to the journal what was counted since the last time. */
  flush(): void {
    for (const chargePointId of this.#changed) {
      const { firmwareVersion } = this.#of(chargePointId);
      const stored: StoredQuirks = { firmwareVersion, counts: this.of(chargePointId) };
      this.#journal.put('quirks', chargePointId, stored, chargePointId, null);
    }
    this.#changed.clear();
  }

  #of(chargePointId: string): Seen {
    let known = this.#seen.get(chargePointId);
    if (!known) {
      known = { firmwareVersion: this.#firmwareOf(chargePointId), counters: new Map() };
      this.#seen.set(chargePointId, known);
    }
    return known;
  }

  #firmwareOf(chargePointId: string): string {
    return this.#journal.live.chargePoint(chargePointId)?.firmwareVersion ?? '';
  }
}

function hasEnergy({ energyByDay }: Session): boolean {
  return daysOf(energyByDay).some((day) => (energyByDay[day] ?? 0) > 0);
}

function unpack({ firmwareVersion, counts }: StoredQuirks): Seen {
  const counters = new Map<QuirkId, Counter>();
  for (const { quirk, ...counter } of counts) if (isQuirkId(quirk)) counters.set(quirk, counter);
  return { firmwareVersion, counters };
}
