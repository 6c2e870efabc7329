// Events that are said at once, whatever screen is seen: quotas that near their end, alarms, stops that meet resistance.
import type { LiveEvent } from '../../src/api/contract/events.ts';
import type { User } from '../../src/api/contract/users.ts';
import { kwh } from '../text/figures.ts';
import { personName } from './accounts.ts';

export interface News {
  readonly kind: 'info' | 'warning' | 'failed';
  readonly text: string;
}

/** null: nothing to say. `users`: for their names. */
export function newsOf(event: LiveEvent, users: readonly User[]): News | null {
  switch (event.kind) {
    case 'warning': {
      const { account, idTag, percent, usedWh, limitWh } = event;
      const user = users.find((one) => one.idTag === idTag);
      const who = account ?? (user ? personName(user) : idTag);
      return { kind: 'warning', text: `${who} ${percent} % used, ${kwh(limitWh - usedWh)} left` };
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
