// Chargers as rows, one a connector: what stands at each plug, who charges there, and since when it is so. Pure.
import type { Charger, Connector } from '../../src/api/contract/chargers.ts';
import type { Session } from '../../src/api/contract/sessions.ts';
import { msOf } from '../text/times.ts';
import { statusLook } from '../theme/status.ts';
import { byText } from '../widget/table.ts';
import { remembered } from './memo.ts';
import type { Snapshot } from './snapshot.ts';

export interface ConnectorRow {
  readonly id: string;
  readonly charger: Charger;
  /** null: the charger as a whole. */
  readonly connectorId: number | null;
  /** `Offline` overrides whatever the charger said last. */
  readonly status: string;
  /** What it said of a fault; empty: nothing. */
  readonly errorCode: string;
  readonly sinceMs: number | null;
  readonly session: Session | null;
}

/** All connectors, those first that need somebody. */
export function connectorRows({ chargers, sessions }: Snapshot): readonly ConnectorRow[] {
  return rowsOf(chargers, sessions);
}

const rowsOf = remembered((chargers: Snapshot['chargers'], sessions: Snapshot['sessions']) => {
  const running = runningByCharger(sessions);
  const rows = (chargers ?? []).flatMap((charger) => rowsOfCharger(charger, running.get(charger.id) ?? []));
  return rows.sort(
    (a, b) =>
      statusLook(a.status).order - statusLook(b.status).order ||
      byText(a.charger.id, b.charger.id) ||
      (a.connectorId ?? 0) - (b.connectorId ?? 0),
  );
});

/** Sessions that have not ended. */
export function runningSessions({ sessions }: Snapshot): readonly Session[] {
  return runningOf(sessions);
}

const runningOf = remembered((sessions: Snapshot['sessions']) =>
  (sessions ?? []).filter(({ status }) => status === 'running'),
);

/** Sessions that have not ended, by their card. */
export function runningByCard(snapshot: Snapshot): ReadonlyMap<string, readonly Session[]> {
  return byCard(runningSessions(snapshot));
}

const byCard = remembered((running: readonly Session[]) => Map.groupBy(running, ({ idTag }) => idTag));

function runningByCharger(sessions: Snapshot['sessions']): ReadonlyMap<string, readonly Session[]> {
  const byCharger = new Map<string, Session[]>();
  for (const session of runningOf(sessions)) {
    const those = byCharger.get(session.chargerId);
    if (those) those.push(session);
    else byCharger.set(session.chargerId, [session]);
  }
  return byCharger;
}

/** The rows of one charger, by connector. */
export function rowsOfCharger(charger: Charger, sessions: readonly Session[]): ConnectorRow[] {
  const shown = charger.connectors.filter(isShown);
  const rows = shown.map((connector) => rowOf(charger, connector, sessions));
  // A session on a connector that the charger never spoke of.
  const told = new Set(shown.map(({ connectorId }) => connectorId));
  for (const session of sessions)
    if (!told.has(session.connectorId)) rows.push(wholeCharger(charger, session));
  if (charger.isConnected) return rows.length > 0 ? rows : [wholeCharger(charger, null)];
  const withSession = rows.filter(({ session }) => session !== null);
  return withSession.length > 0 ? withSession : [wholeCharger(charger, null)];
}

/** Connector 0 is the charger itself: it is worth a row when it is not well. */
function isShown({ connectorId, status }: Connector): boolean {
  return connectorId > 0 || (status !== 'Available' && status !== '');
}

function rowOf(charger: Charger, connector: Connector, sessions: readonly Session[]): ConnectorRow {
  const { connectorId, status, errorCode, since } = connector;
  return {
    id: rowId(charger.id, connectorId),
    charger,
    connectorId: connectorId === 0 ? null : connectorId,
    status: charger.isConnected ? status : 'Offline',
    errorCode: errorCode === 'NoError' ? '' : errorCode,
    sinceMs: charger.isConnected ? msOf(since) : msOf(charger.lastHeardAt),
    session: sessions.find((session) => session.connectorId === connectorId) ?? null,
  };
}

function wholeCharger(charger: Charger, session: Session | null): ConnectorRow {
  return {
    id: session === null ? charger.id : rowId(charger.id, session.connectorId),
    charger,
    connectorId: session === null || session.connectorId === 0 ? null : session.connectorId,
    status: charger.isConnected ? (session === null ? 'Connected' : 'Charging') : 'Offline',
    errorCode: '',
    sinceMs: msOf(charger.isConnected ? charger.connectedSince : charger.lastHeardAt),
    session,
  };
}

/** Of the row of a connector. */
export function rowId(chargerId: string, connectorId: number): string {
  return `${chargerId}#${connectorId}`;
}

/** `CP-GARAGE-03 #2`; the charger alone where it is about all of it. */
export function connectorName({ charger, connectorId }: Pick<ConnectorRow, 'charger' | 'connectorId'>): string {
  return plugName(charger.id, connectorId);
}

export function plugName(chargerId: string, connectorId: number | null): string {
  return connectorId === null || connectorId === 0 ? chargerId : `${chargerId} #${connectorId}`;
}

/** Who charges: the name, else the card. */
export function sessionUser({ userName, idTag }: Pick<Session, 'userName' | 'idTag'>): string {
  return userName === '' ? idTag : userName;
}
