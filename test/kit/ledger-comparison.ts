// Holds what is stored against the ledgers of the charge points: nothing acknowledged is missing, nothing is there twice.
import { totalWh } from '../../src/domain/energy.ts';
import type { Session } from '../../src/domain/session.ts';
import { acknowledgedWh, loggedRegistersWh, outstandingWh, type LedgerSession } from './charge-ledger.ts';
import type { StoredReading, StoredTruth } from './stored-truth.ts';

export interface LedgerComparison {
  /** In words, each with the session it is about; empty when all is well. */
  readonly problems: readonly string[];
  /** Transaction messages without an answer, and how many of them had been stored all the same. */
  readonly outstanding: { readonly messages: number; readonly stored: number };
}

export function compareWithLedgers(
  ledger: readonly LedgerSession[],
  { sessions, readings, entries }: StoredTruth,
): LedgerComparison {
  const problems = [...doubledIds(sessions), ...doubledAnswers(ledger)];
  if (entries.length > 0) problems.push(`usage was corrected by nobody: ${JSON.stringify(entries)}`);
  const outstanding = { messages: 0, stored: 0 };
  const stored = new Map<string, Session>();
  for (const session of sessions) {
    const start = startOf(session.chargePointId, session.connectorId, session.meterStartWh);
    if (stored.has(start)) problems.push(`${start}: there are two sessions of one StartTransaction`);
    stored.set(start, session);
  }
  for (const charged of ledger) {
    const start = startOf(charged.chargePointId, charged.connectorId, charged.meterStartWh);
    const found = stored.get(start);
    stored.delete(start);
    if (found) problems.push(...differences(charged, found).map((difference) => `${start}: ${difference}`));
    else if (charged.transactionId !== null) problems.push(`${start}: acknowledged and gone`);
    if (charged.transactionId !== null && outstandingWh(charged) === null) continue;
    outstanding.messages += 1;
    if (found && isOutstandingStored(charged, found)) outstanding.stored += 1;
  }
  for (const start of stored.keys()) problems.push(`${start}: no charge point started this session`);
  problems.push(...readingProblems(ledger, readings));
  return { problems, outstanding };
}

/** Registers only rise, so charge point, connector and meterStart name a StartTransaction. */
function startOf(chargePointId: string, connectorId: number, meterStartWh: number | null): string {
  return `${chargePointId}/${connectorId} from ${meterStartWh ?? 'nowhere'} Wh`;
}

function doubledIds(sessions: readonly Session[]): string[] {
  const owners = Map.groupBy(sessions, (session) => session.transactionId);
  return [...owners]
    .filter(([, several]) => several.length > 1)
    .map(([id, several]) => `transaction id ${id} was given to ${several.length} sessions`);
}

function doubledAnswers(ledger: readonly LedgerSession[]): string[] {
  const answered = ledger.filter((session) => session.transactionId !== null);
  return [...Map.groupBy(answered, (session) => session.transactionId)]
    .filter(([, several]) => several.length > 1)
    .map(([id, several]) => `transaction id ${id ?? ''} was answered to ${several.length} StartTransactions`);
}

function differences(charged: LedgerSession, stored: Session): string[] {
  const found: string[] = [];
  const expect = (what: string, actual: unknown, ...allowed: readonly unknown[]) => {
    if (!allowed.includes(actual))
      found.push(`${what} is ${String(actual)}, not ${allowed.map(String).join(' or ')}`);
  };
  expect('transactionId', stored.transactionId, charged.transactionId ?? stored.transactionId);
  expect('idTag', stored.idTag, charged.idTag);
  expect('origin', stored.origin, 'start');
  expect('authorization', stored.authorization, 'Accepted');
  expect('startedMs', stored.startedMs, charged.startedMs);
  expect('flags', stored.flags.join(), '');
  expect('stop request', stored.stop?.reason ?? 'none', 'none');
  const energyWh = totalWh(stored.energyByDay);
  expect(
    'energy in Wh',
    energyWh,
    acknowledgedWh(charged),
    outstandingWh(charged) ?? acknowledgedWh(charged),
  );
  const stop = `meterStop ${charged.meterStopWh ?? 'never'}`;
  const end = stored.end ? `${stored.end.evidence} ${stored.end.register?.wh ?? 'never'}` : 'running';
  if (charged.meterStopWh === null) expect('end', end, 'running');
  else if (charged.isStopAcknowledged) expect('end', end, stop);
  // Unanswered it has happened whole or not at all.
  else
    expect(
      'end',
      `${end}, ${energyWh}`,
      `running, ${acknowledgedWh(charged)}`,
      `${stop}, ${outstandingWh(charged) ?? ''}`,
    );
  return found;
}

function isOutstandingStored(charged: LedgerSession, stored: Session): boolean {
  return charged.transactionId === null || totalWh(stored.energyByDay) === outstandingWh(charged);
}

function readingProblems(ledger: readonly LedgerSession[], readings: readonly StoredReading[]): string[] {
  const problems: string[] = [];
  const keyOf = (chargePointId: string, transactionId: number | null, registerWh: number | null) =>
    `${chargePointId}/${transactionId ?? 'none'} at ${registerWh ?? 'nowhere'} Wh`;
  const logged = new Set<string>();
  for (const { chargePointId, transactionId, registerWh } of readings) {
    const key = keyOf(chargePointId, transactionId, registerWh);
    if (logged.has(key)) problems.push(`${key}: the reading is there twice`);
    logged.add(key);
  }
  for (const session of ledger) {
    const { must, may } = loggedRegistersWh(session);
    for (const registerWh of must) {
      const key = keyOf(session.chargePointId, session.transactionId, registerWh);
      if (!logged.delete(key)) problems.push(`${key}: the reading was acknowledged and is gone`);
    }
    if (may !== null) logged.delete(keyOf(session.chargePointId, session.transactionId, may));
  }
  for (const key of logged) problems.push(`${key}: no charge point sent this reading`);
  return problems;
}
