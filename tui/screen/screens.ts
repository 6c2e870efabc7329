// All screens, in the order of their tabs; a new one is a row here.
import type { World } from '../desk/desk.ts';
import { placeOf } from '../desk/ui-state.ts';
import { alarms } from './alarms.ts';
import { charger } from './charger.ts';
import { chargers } from './chargers.ts';
import { log } from './log.ts';
import { overview } from './overview.ts';
import { performance } from './performance.ts';
import type { Screen } from './screen.ts';
import { session } from './session.ts';
import { sessions } from './sessions.ts';
import { trace } from './trace.ts';
import { user } from './user.ts';
import { users } from './users.ts';

export const screens: readonly Screen[] = [
  overview,
  chargers,
  charger,
  trace,
  sessions,
  session,
  users,
  user,
  log,
  alarms,
  performance,
];

/** The screen that the person is on. */
export function screenOf(all: readonly Screen[], { ui }: World): Screen {
  const { screen } = placeOf(ui);
  return all.find(({ id }) => id === screen) ?? overview;
}
