// A key and what it does, as data: what is pressed, the hints, the help and the README come from the same table.
import type { Action, World } from '../desk/desk.ts';

export type Role = 'operator' | 'admin';

export interface Binding {
  /** Names of presses: the first is the one that is shown. */
  readonly keys: readonly string[];
  /** For the help: `stop the session`. */
  readonly label: string;
  /** For the last line of the screen, where there is room: `stop`. */
  readonly hint?: string;
  /** The least role that may; a viewer may all that has none. */
  readonly role?: Role;
  /** Why it cannot be done now, as a sentence; null: it can. */
  readonly blocked?: (world: World) => string | null;
  readonly run: Action;
}

const RANKS: readonly string[] = ['viewer', 'operator', 'admin'];

/** Why this key does nothing now; null: it works. */
export function blockedBy(binding: Pick<Binding, 'role' | 'blocked'>, world: World): string | null {
  const { role, blocked } = binding;
  if (role !== undefined) {
    const reason = notAllowed(world, role);
    if (reason !== null) return reason;
  }
  return blocked?.(world) ?? null;
}

/** Why nobody may command anything from here now. */
export function notAllowed({ facts, snapshot }: World, role: Role): string | null {
  if (facts.isReadOnly) return 'read-only: the dashboard was opened with --read-only';
  if (snapshot.link.state !== 'live') return 'there is no connection to the server: commands are off';
  const has = snapshot.overview?.role ?? 'viewer';
  if (RANKS.indexOf(has) >= RANKS.indexOf(role)) return null;
  return `this needs ${role === 'admin' ? 'an admin' : 'an operator'}; the token of this dashboard has the role ${has}`;
}

/** Keys as they are written for people: `Space`, `Ctrl-L`, `↑`. */
export function keyText(key: string, arrows: boolean): string {
  const [plain, arrow = plain] = SHOWN[key] ?? [key];
  if (key.startsWith('ctrl-')) return `Ctrl-${key.slice(5).toUpperCase()}`;
  return arrows ? arrow : plain;
}

const SHOWN: Readonly<Record<string, readonly [string, string?]>> = {
  up: ['Up', '↑'],
  down: ['Down', '↓'],
  left: ['Left', '←'],
  right: ['Right', '→'],
  enter: ['Enter'],
  esc: ['Esc'],
  tab: ['Tab'],
  'shift-tab': ['Shift-Tab'],
  space: ['Space'],
  pageUp: ['PgUp'],
  pageDown: ['PgDn'],
  home: ['Home'],
  end: ['End'],
};
