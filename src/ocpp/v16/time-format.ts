// In which form each charger is told the time: as config.yaml has it, or the other once it has hung up on it twice in a row.
import type { Clock } from '../../runtime/clock.ts';
import type { Log } from '../../runtime/log.ts';
import { formatDateTime, type TimeFormat } from './date-time.ts';

/** A connection that ends this soon after the time was told may have ended because of it (Webasto NEXT wants a fraction). */
const HANGS_UP_WITHIN_MS = 5_000;

/** Once may be the line. */
const HANG_UPS_IN_A_ROW = 2;

interface Listener {
  /** Monotonic, of this connection; undefined before the time was told on it. */
  toldAtMs: number | undefined;
  hangUps: number;
  format: TimeFormat;
  /** Both forms were tried: it is not the time that it hangs up on. */
  hasTriedBoth: boolean;
}

export interface TimeTeller {
  /** The current time for an answer to this charger. */
  currentTime(chargePointId: string): string;
}

export interface TimeFormatParts {
  readonly configuredFor: (chargePointId: string) => TimeFormat;
  readonly clock: Clock;
  readonly log: Log;
}

export class TimeFormats implements TimeTeller {
  readonly #parts: TimeFormatParts;
  readonly #listeners = new Map<string, Listener>();

  constructor(parts: TimeFormatParts) {
    this.#parts = parts;
  }

  currentTime(chargePointId: string): string {
    const { clock } = this.#parts;
    const listener = this.#listenerOf(chargePointId);
    listener.toldAtMs = clock.monotonicMs();
    return formatDateTime(clock.now(), listener.format);
  }

  /** To be told when a charger ends its connection or the connection breaks. */
  hungUp(chargePointId: string): void {
    const listener = this.#listenerOf(chargePointId);
    if (listener.toldAtMs === undefined || listener.hasTriedBoth) return;
    const sinceMs = this.#parts.clock.monotonicMs() - listener.toldAtMs;
    listener.toldAtMs = undefined;
    listener.hangUps = sinceMs <= HANGS_UP_WITHIN_MS ? listener.hangUps + 1 : 0;
    if (listener.hangUps === HANG_UPS_IN_A_ROW) this.#change(chargePointId, listener);
  }

  #change(chargePointId: string, listener: Listener): void {
    const configured = this.#parts.configuredFor(chargePointId);
    listener.hasTriedBoth = listener.format !== configured;
    listener.format = listener.format === 's' ? 'ms' : 's';
    listener.hangUps = 0;
    this.#parts.log.warn('CONNECT', 'a charger hangs up when it is told the time: another form is used', {
      charger: chargePointId,
      timeFormat: listener.format,
      hint: listener.hasTriedBoth ? 'no form helps' : 'set timeFormat of this charger if it stays connected',
    });
  }

  #listenerOf(chargePointId: string): Listener {
    const known = this.#listeners.get(chargePointId);
    if (known !== undefined) return known;
    const format = this.#parts.configuredFor(chargePointId);
    const listener = { toldAtMs: undefined, hangUps: 0, format, hasTriedBoth: false };
    this.#listeners.set(chargePointId, listener);
    return listener;
  }
}
