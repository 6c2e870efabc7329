// What registers gained between two sessions: charged past kwota (local cards, free vending) or drawn idle. Shown for audit, billed to nobody.
import { lastReading } from './energy-account.ts';
import type { Session } from './session.ts';

/** Less than this is the charger's own consumption. */
const LEAST_GAP_WH = 100;

export interface RegisterGap {
  readonly connectorId: number;
  readonly fromMs: number;
  readonly toMs: number;
  readonly wh: number;
}

/**
 * Derived, never stored: what a queue tells late fills the gap by itself. Registers that begin at 0 with each session
 * show none. `sessions` are those of one charge point, in any order; the gaps are in the order of time.
 */
export function registerGaps(sessions: readonly Session[]): RegisterGap[] {
  const inOrder = sessions.toSorted((a, b) => a.startedMs - b.startedMs);
  const gaps: RegisterGap[] = [];
  const before = new Map<number, Session>();
  for (const session of inOrder) {
    const gap = gapBetween(before.get(session.connectorId), session);
    if (gap) gaps.push(gap);
    before.set(session.connectorId, session);
  }
  return gaps;
}

function gapBetween(before: Session | undefined, session: Session): RegisterGap | null {
  const { connectorId, meterStartWh, startedMs } = session;
  // A session that the next start had to end was given what the register gained until then.
  if (!before?.end || before.end.evidence === 'nextStart' || meterStartWh === null) return null;
  const left = before.end.register ?? lastReading(before.account);
  const wh = left === null ? 0 : meterStartWh - left.wh;
  return left && wh >= LEAST_GAP_WH ? { connectorId, fromMs: left.atMs, toMs: startedMs, wh } : null;
}
