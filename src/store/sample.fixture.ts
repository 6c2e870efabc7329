// Records, readings and a clock moved by hand, for the tests of the store. Not part of the program.
import type { Reading } from '../domain/reading.ts';
import type { RecordVersion } from '../domain/record.ts';
import type { TraceBlock } from '../domain/trace.ts';
import type { Clock } from '../runtime/clock.ts';

/** A charger as the tests of the store need it: what is in it does not matter to a store. */
export function sampleCharger(id: string, version: Partial<RecordVersion> = {}): RecordVersion {
  const { rev = 1 } = version;
  const value = { vendor: 'Acme', meter: { '2026-11-30': 1000 * rev } };
  return {
    kind: 'charger',
    id,
    chargePointId: 'CP1',
    account: 'RFID001',
    node: 'a',
    epoch: 1,
    rev,
    value,
    ...version,
  };
}

/** A reading of ten seconds after the one before it. */
export function sampleReading(seq: number, changed: Partial<Reading> = {}): Reading {
  return {
    seq,
    id: seq,
    at: Date.UTC(2026, 10, 30) + seq * 10_000,
    chargePointId: 'CP1',
    connectorId: 1,
    transactionId: 17,
    userName: 'Jane Doe',
    registerWh: 88_200 + seq,
    powerW: 7200,
    frequencyMilliHz: 50_012,
    ...changed,
  };
}

/** A block of ten lines, the `n`-th of its charger, ten seconds after the one before it. */
export function sampleTrace(n: number, changed: Partial<TraceBlock> = {}): TraceBlock {
  const lastMs = Date.UTC(2026, 10, 30) + n * 10_000;
  return {
    chargePointId: 'CP1',
    firstSeq: n * 10 - 9,
    lastSeq: n * 10,
    firstMs: lastMs - 9_000,
    lastMs,
    lines: new Uint8Array(10_000).fill(n),
    ...changed,
  };
}

export interface HandClock extends Clock {
  /** Moves the time, and fires what was due on the way, in order. */
  advance(ms: number): void;
}

/** A clock that stands still until it is advanced. */
export function createHandClock(): HandClock {
  let time = 0;
  let timers: { at: number; fire: () => void }[] = [];
  const nextDue = (until: number) =>
    timers.filter((timer) => timer.at <= until).sort((a, b) => a.at - b.at)[0];
  return {
    now: () => time,
    monotonicMs: () => time,
    after(delayMs, fire) {
      const timer = { at: time + delayMs, fire };
      timers.push(timer);
      return () => {
        timers = timers.filter((other) => other !== timer);
      };
    },
    advance(ms) {
      const until = time + ms;
      for (let due = nextDue(until); due !== undefined; due = nextDue(until)) {
        const { at, fire } = due;
        timers = timers.filter((other) => other !== due);
        time = at;
        fire();
      }
      time = until;
    },
  };
}
