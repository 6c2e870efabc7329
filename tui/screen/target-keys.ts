// Keys for a charger and its connector, the same on every screen that has one selected.
import {
  askApprove,
  askAvailability,
  askForget,
  askReset,
  askTrigger,
  askUnlock,
  type Target,
} from '../action/charger-actions.ts';
import { askConfiguration } from '../action/configuration.ts';
import { askPowerLimit } from '../action/power-limit.ts';
import { askStart, askStop } from '../action/session-actions.ts';
import type { Desk, World } from '../desk/desk.ts';
import { goToLog } from '../action/go-to-log.ts';
import { goTo } from '../desk/ui-state.ts';
import type { Binding } from '../keys/binding.ts';

type TargetOf = (world: World) => Target | null;

/** `targetOf` finds what is selected. */
export function targetKeys(targetOf: TargetOf): readonly Binding[] {
  const on = (run: (desk: Desk, target: Target) => void) => (desk: Desk) => {
    const target = targetOf(desk.world());
    if (target) run(desk, target);
  };
  const offline = (world: World) => offlineReason(targetOf(world));
  const session = (world: World) => targetOf(world)?.session ?? null;
  const command = { role: 'operator', blocked: offline } as const;
  return [
    {
      ...{ keys: ['x'], label: 'stop the session', hint: 'stop', role: 'operator' },
      blocked: (world) => (session(world) === null ? 'no session runs here' : null),
      run: on((desk, target) => target.session && askStop(desk, target.session)),
    },
    {
      ...{ keys: ['b'], label: 'start a session', hint: 'start', role: 'operator' },
      blocked: (world) => offline(world) ?? (session(world) === null ? null : 'a session runs here already'),
      run: on((desk, { charger, connectorId }) => askStart(desk, charger.id, connectorId)),
    },
    { ...command, keys: ['u'], label: 'unlock the connector', hint: 'unlock', run: on(askUnlock) },
    { ...command, keys: ['r'], label: 'reset: soft, hard', hint: 'reset', run: on(askReset) },
    { ...command, keys: ['a'], label: 'availability', hint: 'availability', run: on(askAvailability) },
    { ...command, keys: ['p'], label: 'power limit', run: on(askPowerLimit) },
    { ...command, keys: ['t'], label: 'trigger a message', run: on(askTrigger) },
    { ...command, keys: ['c'], label: 'configuration keys', run: on(askConfiguration) },
    {
      ...{ keys: ['A'], label: 'approve the charger', role: 'operator' },
      blocked: (world) => {
        const target = targetOf(world);
        if (target === null) return 'no charger is selected';
        return target.charger.admission === 'accepted' ? `${target.charger.id} is approved already` : null;
      },
      run: on(askApprove),
    },
    {
      ...{ keys: ['F'], label: 'forget the charger', role: 'admin' },
      blocked: notForgotten(targetOf),
      run: on(askForget),
    },
    {
      ...{ keys: ['T'], label: 'raw messages', blocked: noCharger(targetOf) },
      run: on((desk, { charger }) => goTo(desk, { screen: 'trace', subject: charger.id })),
    },
    {
      ...{ keys: ['l'], label: 'its lines of the log', blocked: noCharger(targetOf) },
      run: on((desk, { charger }) => goToLog(desk, charger.id)),
    },
  ];
}

function noCharger(targetOf: TargetOf): (world: World) => string | null {
  return (world) => (targetOf(world) === null ? 'no charger is selected' : null);
}

function notForgotten(targetOf: TargetOf): (world: World) => string | null {
  return (world) => {
    const target = targetOf(world);
    if (target === null) return 'no charger is selected';
    const { id, isConnected, sessions } = target.charger;
    if (isConnected) return `${id} is connected: only one that is gone can be forgotten`;
    return sessions.length > 0 ? `a session runs at ${id}` : null;
  };
}

function offlineReason(target: Target | null): string | null {
  if (target === null) return 'no charger is selected';
  return target.charger.isConnected ? null : `${target.charger.id} is offline`;
}
