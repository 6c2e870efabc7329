// /api/chargers/{id}/configuration, /reservations, /firmware: what is known of a charger from what it was told to do.
import Type from 'typebox';
import {
  ConfigurationPage,
  ReservationsPage,
  TransfersPage,
  type ConfigurationKey,
  type Reservation,
  type Transfer,
} from '../contract/commands.ts';
import { pageQuery } from '../contract/schema.ts';
import { defineRoute, type Route } from '../define-route.ts';
import { byText, pageOf } from '../page.ts';
import type { ChargerPorts } from '../ports.ts';
import type { CommandPorts, KnownKey, ShownReservation, ShownTransfer } from '../ports/commands.ts';
import { chargerParams, knownChargePoint } from './known-charge-point.ts';

const group = 'Commands';
const shared = {
  params: chargerParams,
  query: Type.Object(pageQuery),
  problems: ['chargerUnknown'],
} as const;

export function commandRecordRoutes(ports: CommandPorts, chargers: ChargerPorts): readonly Route[] {
  return [
    defineRoute({
      ...{ method: 'GET', path: '/api/chargers/{id}/configuration', role: 'viewer', group },
      summary: 'What the charger last told of its configuration, by key',
      description: 'Nothing is asked: send GetConfiguration for what it is now.',
      ...shared,
      answer: { description: 'Keys, as far as they are known.', json: ConfigurationPage },
      handle({ params, query }) {
        const { chargePointId } = knownChargePoint(chargers, params.id);
        const keys = [...ports.configuration(chargePointId)].sort((a, b) => byText(a.key, b.key));
        const { items, next } = pageOf(keys, query, (one) => one.key);
        return { json: { items: items.map(keyOf), next } };
      },
    }),
    defineRoute({
      ...{ method: 'GET', path: '/api/chargers/{id}/reservations', role: 'viewer', group },
      summary: 'Reservations, by their id',
      ...shared,
      answer: { description: 'The newest 100, whatever became of them.', json: ReservationsPage },
      handle({ params, query }) {
        const { chargePointId } = knownChargePoint(chargers, params.id);
        const all = [...ports.reservations(chargePointId)].sort((a, b) => a.reservationId - b.reservationId);
        const { items, next } = pageOf(all, query, (one) => String(one.reservationId), byNumber);
        return { json: { items: items.map(reservationOf), next } };
      },
    }),
    defineRoute({
      ...{ method: 'GET', path: '/api/chargers/{id}/firmware', role: 'viewer', group },
      summary: 'Firmware updates, and uploads of diagnostics and logs, by their id',
      ...shared,
      answer: { description: 'The newest 20, with what the charger said of each.', json: TransfersPage },
      handle({ params, query }) {
        const { chargePointId } = knownChargePoint(chargers, params.id);
        const all = [...ports.transfers(chargePointId)].sort((a, b) => a.requestId - b.requestId);
        const { items, next } = pageOf(all, query, (one) => String(one.requestId), byNumber);
        return { json: { items: items.map(transferOf), next } };
      },
    }),
  ];
}

function keyOf({ key, value, isReadonly, atMs, isAfterRestart }: KnownKey): ConfigurationKey {
  return { key, value, isReadonly, at: iso(atMs), isAfterRestart: isAfterRestart === true };
}

function reservationOf({ askedMs, expiresMs, who, ...reservation }: ShownReservation): Reservation {
  return { ...reservation, at: iso(askedMs), expiresAt: iso(expiresMs), by: who };
}

function transferOf({ askedMs, who, uploaded, statuses, ...transfer }: ShownTransfer): Transfer {
  return {
    ...{ ...transfer, at: iso(askedMs), by: who, uploaded: [...uploaded] },
    statuses: statuses.map(({ status, atMs }) => ({ status, at: iso(atMs) })),
  };
}

function byNumber(a: string, b: string): number {
  return Number(a) - Number(b);
}

function iso(atMs: number): string {
  return new Date(atMs).toISOString();
}
