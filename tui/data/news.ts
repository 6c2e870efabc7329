// Events that are said at once, whatever screen is seen: quotas that near their end, alarms, stops that meet resistance.
import type { LiveEvent } from '../../src/api/contract/events.ts';
import { kwh } from '../text/figures.ts';

export interface News {
  readonly kind: 'info' | 'warning' | 'failed';
  readonly text: string;
}

/** null: nothing to say. */
export function newsOf(event: LiveEvent): News | null {
  switch (event.kind) {
    case 'warning': {
      const { account, idTag, percent, usedWh, limitWh } = event;
      return { kind: 'warning', text: `${account ?? idTag} ${percent} % used, ${kwh(limitWh - usedWh)} left` };
    }
    case 'alarm':
      return event.isActive
        ? { kind: 'failed', text: event.alarm.message }
        : { kind: 'info', text: `over: ${event.alarm.message}` };
    case 'unknownTag':
      return { kind: 'info', text: `unknown card ${event.idTag} at ${event.chargerId}` };
    default:
      return null;
  }
}
