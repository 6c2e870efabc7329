// What one charge comes to by the words of its charger: the arithmetic that the engine is held to, on a page and without its code.

/** A register as a message told it, and the moment that the message said. */
export interface ToldReading {
  readonly wh: number;
  readonly atMs: number;
}

export interface ModelSession {
  readonly chargePointId: string;
  readonly connectorId: number;
  readonly idTag: string;
  /** Samples count from 0 with each session, meterStart and meterStop go on for ever (Grizzl-E). */
  readonly isMixed: boolean;
  readonly start: ToldReading;
  readonly samples: ToldReading[];
  /** Its meterStop, else the meterStart of the next session on the connector. */
  end: ToldReading | null;
  /** As the charger was answered; 0 before. */
  transactionId: number;
}

/** Wh before `turnMs` and after it, of what flowed evenly; all of it at the first moment when no time is in between. */
function halves(wh: number, fromMs: number, toMs: number, turnMs: number): readonly [number, number] {
  if (toMs <= fromMs) return fromMs < turnMs ? [wh, 0] : [0, wh];
  if (toMs <= turnMs) return [wh, 0];
  const before = fromMs >= turnMs ? 0 : Math.round((wh * (turnMs - fromMs)) / (toMs - fromMs));
  return [before, wh - before];
}

/** Wh in each of the two months; the second begins at `turnMs`. */
export function energyOf(session: ModelSession, turnMs: number): readonly [number, number] {
  const { start, samples, end, isMixed } = session;
  const total: [number, number] = [0, 0];
  const book = (wh: number, fromMs: number, toMs: number) => {
    const [before, after] = halves(wh, fromMs, toMs, turnMs);
    total[0] += before;
    total[1] += after;
  };
  let known = isMixed ? { wh: 0, atMs: start.atMs } : start;
  let sampledWh = 0;
  for (const sample of samples) {
    // Less than before: the register began anew.
    const wh = sample.wh < known.wh ? sample.wh : sample.wh - known.wh;
    book(wh, known.atMs, sample.atMs);
    sampledWh += wh;
    known = sample;
  }
  if (!end) return total;
  const tailWh = isMixed ? end.wh - start.wh - sampledWh : end.wh - known.wh;
  // The next session of a register that starts at 0 tells nothing of this one.
  if (tailWh > 0) book(tailWh, known.atMs, end.atMs);
  return total;
}
