// What happened, as /api/events tells it.
import type { ChargePoint } from '../domain/charge-point.ts';
import type { NumberedEvent, SiteEvent } from '../domain/site-event.ts';
import type { Charger } from './contract/chargers.ts';
import type { LiveEvent } from './contract/events.ts';
import { iso } from './route/iso.ts';
import { rungView, sessionView, type SessionFacts } from './route/session-view.ts';

export interface EventFacts extends SessionFacts {
  chargerView(chargePoint: ChargePoint): Charger;
}

export function eventView({ atMs, event }: NumberedEvent, facts: EventFacts): LiveEvent {
  return { at: iso(atMs), ...contentOf(event, facts) };
}

type Content<E> = E extends unknown ? Omit<E, 'at'> : never;

function contentOf(event: SiteEvent, facts: EventFacts): Content<LiveEvent> {
  const { kind } = event;
  switch (kind) {
    case 'session':
      return { kind, session: sessionView(event.session, facts) };
    case 'charger':
      return { kind, charger: facts.chargerView(event.chargePoint) };
    case 'forgotten':
      return { kind, chargerId: event.chargePointId };
    case 'connection':
      return { kind, chargerId: event.chargePointId, isConnected: event.isConnected };
    case 'entry': {
      const { id, type, idTag, month, wh, source } = event.entry;
      return { kind, entry: { id, type, idTag, month, energyWh: wh, source } };
    }
    case 'alarm': {
      const { id, message, sinceMs, isActive } = event;
      return { kind, isActive, alarm: { id, message, since: iso(sinceMs) } };
    }
    case 'rung': {
      const { chargePointId, transactionId, rung } = event;
      return { kind, chargerId: chargePointId, transactionId, rung: rungView(rung) };
    }
    case 'unknownTag':
      return { kind, chargerId: event.chargePointId, idTag: event.idTag };
    case 'usage':
    case 'warning':
      return event;
  }
}
