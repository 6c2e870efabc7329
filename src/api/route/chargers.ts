// /api/chargers and /api/chargers/{id}: what is known of the charge points, and what they are doing.
import Type from 'typebox';
import type { ChargePoint } from '../../domain/charge-point.ts';
import { totalWh } from '../../domain/energy.ts';
import type { RegisterGap as DomainGap } from '../../domain/register-gaps.ts';
import type { Session } from '../../domain/session.ts';
import { GAPS_MAX } from '../contract.ts';
import {
  ChargerDetails,
  ChargersPage,
  type Charger,
  type ChargerQuirk,
  type Connector,
  type RegisterGap,
  type RunningSession,
} from '../contract/chargers.ts';
import { pageQuery } from '../contract/schema.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { byText, pageOf } from '../page.ts';
import type { ChargerPorts, SeenQuirk } from '../ports.ts';
import { iso, isoOrNull } from './iso.ts';
import { chargerParams, knownChargePoint } from './known-charge-point.ts';

const chargersQuery = Type.Object({
  ...pageQuery,
  connected: Type.Optional(Type.Boolean({ description: 'Only those that are connected, or are not.' })),
});

export function chargerRoutes(ports: ChargerPorts): readonly Route[] {
  return [
    defineRoute({
      method: 'GET',
      path: '/api/chargers',
      role: 'viewer',
      group: 'Chargers',
      summary: 'The chargers, by id',
      query: chargersQuery,
      answer: { description: 'Chargers with their connectors and running sessions.', json: ChargersPage },
      handle({ query }) {
        const { items, next } = pageOf(
          chargePointsOf(ports, query.connected),
          query,
          (one) => one.chargePointId,
        );
        return { json: { items: items.map((chargePoint) => chargerOf(chargePoint, ports)), next } };
      },
    }),
    defineRoute({
      method: 'GET',
      path: '/api/chargers/{id}',
      role: 'viewer',
      group: 'Chargers',
      summary: 'One charger, with its quirks and gaps',
      params: chargerParams,
      answer: { description: 'All that is known of it.', json: ChargerDetails },
      problems: ['chargerUnknown'],
      handle({ params }) {
        const chargePoint = knownChargePoint(ports, params.id);
        const quirks = ports.quirksOf(chargePoint.chargePointId).map(quirkOf);
        const gaps = ports.gapsOf(chargePoint.chargePointId).slice(-GAPS_MAX).map(gapOf);
        const password = ports.passwordStateOf(chargePoint.chargePointId);
        return { json: { ...chargerOf(chargePoint, ports), password, quirks, gaps } };
      },
    }),
  ];
}

/** By id. */
function chargePointsOf({ state, presence }: ChargerPorts, isConnected?: boolean): ChargePoint[] {
  const all = [...state.chargePoints()].filter(
    ({ chargePointId }) => isConnected === undefined || presence.isConnected(chargePointId) === isConnected,
  );
  return all.sort((a, b) => byText(a.chargePointId, b.chargePointId));
}

export function chargerOf(
  chargePoint: ChargePoint,
  { state, presence, quotaEndsAtMs, powerOf }: ChargerPorts,
): Charger {
  const { chargePointId, vendor, model, serialNumber, firmwareVersion, lastBootMs } = chargePoint;
  return {
    id: chargePointId,
    vendor,
    model,
    serialNumber,
    firmwareVersion,
    admission: presence.admissionOf(chargePoint),
    isConnected: presence.isConnected(chargePointId),
    connectedSince: isoOrNull(presence.connectedSinceMs(chargePointId)),
    bootedAt: isoOrNull(lastBootMs),
    security: presence.securityOf(chargePointId),
    lastHeardAt: isoOrNull(presence.lastHeardMs(chargePoint)),
    powerW: powerOf(chargePointId),
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
