// /api/chargers and /api/chargers/{id}: what is known of the charge points, and what they are doing.
import type { Hono } from 'hono';
import type { ChargePoint } from '../../domain/charge-point.ts';
import { totalWh } from '../../domain/energy.ts';
import type { Session } from '../../domain/session.ts';
import type { RegisterGap as DomainGap } from '../../domain/register-gaps.ts';
import {
  GAPS_MAX,
  type Charger,
  type ChargerDetails,
  type ChargerQuirk,
  type Connector,
  type List,
  type RegisterGap,
  type RunningSession,
} from '../contract.ts';
import type { ChargerPorts, SeenQuirk } from '../ports.ts';
import { knownChargePoint } from './known-charge-point.ts';
import { get } from './get.ts';

export function addChargerRoutes(app: Hono, ports: ChargerPorts): void {
  get(app, '/api/chargers', (c) => {
    const items = [...ports.state.chargePoints()].map((chargePoint) => chargerOf(chargePoint, ports));
    items.sort((a, b) => (a.id < b.id ? -1 : 1));
    return c.json({ items } satisfies List<Charger>);
  });
  get(app, '/api/chargers/:id', (c) => {
    const chargePoint = knownChargePoint(ports, c.req.param('id'));
    const quirks = ports.quirksOf(chargePoint.chargePointId).map(quirkOf);
    const gaps = ports.gapsOf(chargePoint.chargePointId).slice(-GAPS_MAX).map(gapOf);
    return c.json({ ...chargerOf(chargePoint, ports), quirks, gaps } satisfies ChargerDetails);
  });
}

function chargerOf(chargePoint: ChargePoint, { state, presence, quotaEndsAtMs }: ChargerPorts): Charger {
  const { chargePointId, vendor, model, serialNumber, firmwareVersion } = chargePoint;
  return {
    id: chargePointId,
    vendor,
    model,
    serialNumber,
    firmwareVersion,
    isConnected: presence.isConnected(chargePointId),
    lastHeardAt: isoOrNull(presence.lastHeardMs(chargePoint)),
    connectors: connectorsOf(chargePoint),
    sessions: state
      .runningOfChargePoint(chargePointId)
      .map((session) => sessionOf(session, quotaEndsAtMs(session))),
  };
}

function connectorsOf({ connectors }: ChargePoint): Connector[] {
  return Object.entries(connectors).map(([id, { status, errorCode, sinceMs }]) => ({
    connectorId: Number(id),
    status,
    errorCode,
    since: iso(sinceMs),
  }));
}

function sessionOf(
  { transactionId, connectorId, idTag, startedMs, energyByDay }: Session,
  endsAtMs: number | null,
): RunningSession {
  const [startedAt, quotaEndsAt] = [iso(startedMs), isoOrNull(endsAtMs)];
  return { transactionId, connectorId, idTag, startedAt, energyWh: totalWh(energyByDay), quotaEndsAt };
}

function quirkOf({ quirk, count, firstSeenMs, lastSeenMs, what, handling }: SeenQuirk): ChargerQuirk {
  return { quirk, count, firstSeenAt: iso(firstSeenMs), lastSeenAt: iso(lastSeenMs), what, handling };
}

function gapOf({ connectorId, fromMs, toMs, wh }: DomainGap): RegisterGap {
  return { connectorId, from: iso(fromMs), to: iso(toMs), energyWh: wh };
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}

function isoOrNull(atMs: number | null): string | null {
  return atMs === null ? null : iso(atMs);
}
