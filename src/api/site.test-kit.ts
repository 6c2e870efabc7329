// Sessions, readings, alarms, events and tokens that a test makes up, as the API's ports. Not part of the program.
import { sampleSession } from '../domain/sample.fixture.ts';
import type { Reading } from '../domain/reading.ts';
import { endSession, isRunning, sessionId, type Session } from '../domain/session.ts';
import { MAX_POWER_W } from '../domain/energy-account.ts';
import { createSiteCalendar } from '../domain/site-calendar.ts';
import type { NumberedEvent, SiteEvent } from '../domain/site-event.ts';
import { systemClock, type Clock } from '../runtime/clock.ts';
import type { EventPorts } from './ports/events.ts';
import type { ReadingPorts } from './ports/readings.ts';
import type { CloseAnswer, SessionPorts, StopAnswer } from './ports/sessions.ts';
import type { KeptTokens, KnownToken } from './ports/tokens.ts';
import { NOON_MS } from './server.test-kit.ts';

const meter = { calendar: createSiteCalendar('UTC', 1), maxPowerW: MAX_POWER_W };

export function endedSession(transactionId: number, changed: Partial<Session> = {}): Session {
  const session = sampleSession(transactionId, changed);
  const atMs = session.startedMs + 60_000;
  const register = { wh: 1500, atMs };
  return endSession(session, { atMs, evidence: 'meterStop', register, reason: 'Local' }, meter);
}

/** Notes what it is asked to do. */
export function madeUpSessions(
  sessions: readonly Session[],
  answers: { readonly stop?: StopAnswer; readonly close?: CloseAnswer } = {},
): SessionPorts & { readonly asked: string[] } {
  const asked: string[] = [];
  return {
    asked,
    sessions: () => sessions,
    session: (chargePointId, transactionId) =>
      sessions.find((one) => sessionId(one) === sessionId({ chargePointId, transactionId })),
    isOfMonth: ({ energyByDay }, month) => Object.keys(energyByDay).some((day) => day.startsWith(month)),
    userNameOf: () => 'Ada Example',
    quotaEndsAtMs: (session) => (isRunning(session) ? NOON_MS + 1000 : null),
    powerOf: () => 7200,
    connectorStatusOf: () => 'Charging',
    leftWhOf: () => 8500,
    stop(session, by) {
      asked.push(`stop ${sessionId(session)} by ${by}`);
      return Promise.resolve(answers.stop ?? { kind: 'asked', step: 'remoteStop', answer: 'Accepted' });
    },
    close(session, meterStopWh, by) {
      asked.push(`close ${sessionId(session)} at ${String(meterStopWh)} by ${by}`);
      return Promise.resolve(answers.close ?? { kind: 'closed' });
    },
  };
}

/** A minute after the one before it. */
export function madeUpReading(seq: number, changed: Partial<Reading> = {}): Reading {
  return {
    seq,
    id: seq,
    at: NOON_MS + seq * 60_000,
    chargePointId: 'CP1',
    connectorId: 1,
    transactionId: 17,
    userName: 'Ada Example',
    registerWh: 1000 + seq,
    powerW: 7200,
    frequencyMilliHz: 50_012,
    ...changed,
  };
}

/** Looks at `scanned` readings at once, however few of them fit. */
export function madeUpReadings(readings: readonly Reading[], scanned = 1000): ReadingPorts {
  return {
    find({ chargePointId, transactionId, fromMs = -Infinity, toMs = Infinity, beforeSeq, limit }) {
      const older = readings.filter(({ seq }) => seq < (beforeSeq ?? Infinity)).toReversed();
      const fitting = older
        .slice(0, scanned)
        .filter((one) => chargePointId === undefined || one.chargePointId === chargePointId)
        .filter((one) => transactionId === undefined || one.transactionId === transactionId)
        .filter(({ at }) => at >= fromMs && at < toMs)
        .slice(0, limit);
      const lastSeq = (fitting.length === limit ? fitting : older.slice(0, scanned)).at(-1)?.seq ?? 0;
      return { readings: fitting, beforeSeq: readings.some(({ seq }) => seq < lastSeq) ? lastSeq : null };
    },
    idTagOf: ({ transactionId }) => (transactionId === null ? null : `TAG${transactionId}`),
  };
}

export function madeUpTokens(...names: readonly string[]): KeptTokens {
  let kept: KnownToken[] = names.map((name) => ({ name, role: 'viewer', createdMs: NOON_MS, by: 'admin' }));
  return {
    list: () => kept,
    add(name, role, by) {
      if (kept.some((one) => one.name === name)) return Promise.resolve({ kind: 'nameTaken' });
      if (kept.length >= 2) return Promise.resolve({ kind: 'tooMany' });
      kept = [...kept, { name, role, createdMs: NOON_MS, by }];
      return Promise.resolve({ kind: 'added', token: 'told-once' });
    },
    remove(name) {
      const before = kept.length;
      kept = kept.filter((one) => one.name !== name);
      return Promise.resolve(kept.length < before);
    },
  };
}

export interface MadeUpEvents extends EventPorts {
  emit(event: SiteEvent): void;
  listeners(): number;
  /** Forgets what was told so far. */
  forget(): void;
}

export function madeUpEvents(
  changed: { readonly clock?: Clock; readonly maxStreams?: number } = {},
): MadeUpEvents {
  const listeners = new Set<(event: NumberedEvent) => void>();
  let told: NumberedEvent[] = [];
  let lastSeq = 0;
  return {
    clock: changed.clock ?? systemClock,
    maxStreams: changed.maxStreams ?? 100,
    source: {
      run: 'r1',
      lastSeq: () => lastSeq,
      since: (seq) =>
        seq > lastSeq || seq < lastSeq - told.length ? null : told.filter((event) => event.seq > seq),
      subscribe(listener) {
        listeners.add(listener);
        return () => listeners.delete(listener);
      },
    },
    emit(event) {
      lastSeq += 1;
      const numbered = { seq: lastSeq, atMs: NOON_MS, event };
      told.push(numbered);
      for (const listener of [...listeners]) listener(numbered);
    },
    listeners: () => listeners.size,
    forget: () => (told = []),
  };
}
