// Users, sessions and record versions for tests of what is above the domain. Not part of the program.
import { openAccount } from './energy-account.ts';
import type { Entry } from './entry.ts';
import type { RecordKind, RecordVersion } from './record.ts';
import type { Session } from './session.ts';
import type { User } from './user.ts';

export function sampleUser(idTag: string, changed: Partial<User> = {}): User {
  return {
    idTag,
    name: 'Ada',
    surname: 'Example',
    quotaWh: 10_000,
    isUnlimited: false,
    account: null,
    isBlocked: false,
    expires: null,
    ...changed,
  };
}

/** A running session of tag A on connector 1 of CP1. */
export function sampleSession(transactionId: number, changed: Partial<Session> = {}): Session {
  const startedMs = Date.UTC(2026, 10, 30, 12);
  return {
    transactionId,
    chargePointId: 'CP1',
    connectorId: 1,
    idTag: 'A',
    origin: 'start',
    authorization: 'Accepted',
    user: null,
    startedMs,
    meterStartWh: 1000,
    startKey: null,
    account: openAccount({ wh: 1000, atMs: startedMs }),
    energyByDay: {},
    flags: [],
    unitWatch: null,
    suspectedUnit: null,
    stop: null,
    end: null,
    ...changed,
  };
}

/** The same session with this energy booked on it. */
export function withEnergy(session: Session, energyByDay: Readonly<Record<string, number>>): Session {
  return { ...session, energyByDay };
}

export function sampleEntry(id: string, changed: Partial<Entry> = {}): Entry {
  return {
    id,
    type: 'adjustment',
    idTag: 'A',
    month: '2026-11',
    wh: 100,
    atMs: 0,
    source: 'test',
    ...changed,
  };
}

export function sampleRecord(kind: RecordKind, id: string, value: object, rev = 1): RecordVersion {
  return { kind, id, chargePointId: null, account: null, node: 'n', epoch: 0, rev, value };
}
