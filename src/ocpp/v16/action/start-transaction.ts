// StartTransaction: always a transaction id and a record, also for a refused tag, for energy may flow all the same.
import type { EpochMs } from '../../../runtime/clock.ts';
import type { ResponseOf } from '../messages.ts';
import type { Route } from '../route.ts';
import type { ConnectorIds } from './connector-id.ts';
import { idTagInfoOf, type ParentIdTags } from './id-tag-info.ts';

type Answer = ResponseOf<'StartTransaction'>;

export interface SessionStarter {
  start(message: {
    chargePointId: string;
    receivedAtMs: EpochMs;
    connectorId: number;
    idTag: string;
    meterStart: number | null;
    timestamp?: string | undefined;
    reservationId?: number | undefined;
  }): { transactionId: number; status: Answer['idTagInfo']['status'] };
}

export function createStartTransaction(
  sessions: SessionStarter,
  connectorIds: ConnectorIds,
  parents: ParentIdTags,
): Route<'StartTransaction'> {
  return {
    action: 'StartTransaction',
    waitsForDisk: true,
    forgives: 'everything',
    handle: ({ chargePointId, request, receivedAt }) => {
      const { idTag = '' } = request;
      const { transactionId, status } = sessions.start({
        chargePointId,
        receivedAtMs: receivedAt,
        connectorId: connectorIds.ofStart(chargePointId, request.connectorId),
        idTag,
        meterStart: request.meterStart ?? null,
        timestamp: request.timestamp,
        reservationId: request.reservationId,
      });
      return { idTagInfo: idTagInfoOf(status, idTag, parents), transactionId };
    },
  };
}
