// How the status of a connector is shown: a sign, a word, a meaning, and how soon somebody should look.
import type { GlyphName } from './glyphs.ts';
import type { Role } from './role.ts';

export interface StatusLook {
  readonly glyph: GlyphName;
  readonly role: Role;
  /** The lower, the sooner it is read. */
  readonly order: number;
}

/** Statuses of OCPP 1.6 (§7.7), and those of ours: a charger that is away or waits to be let in. */
const LOOKS: Readonly<Record<string, StatusLook>> = {
  Faulted: { glyph: 'danger', role: 'danger', order: 0 },
  Pending: { glyph: 'unknown', role: 'warning', order: 1 },
  Offline: { glyph: 'offline', role: 'offline', order: 2 },
  Charging: { glyph: 'charging', role: 'active', order: 3 },
  SuspendedEVSE: { glyph: 'suspended', role: 'waiting', order: 4 },
  SuspendedEV: { glyph: 'suspended', role: 'waiting', order: 4 },
  Preparing: { glyph: 'preparing', role: 'waiting', order: 5 },
  Finishing: { glyph: 'finishing', role: 'waiting', order: 6 },
  Reserved: { glyph: 'reserved', role: 'reserved', order: 7 },
  Unavailable: { glyph: 'unavailable', role: 'unavailable', order: 8 },
  Connected: { glyph: 'live', role: 'ok', order: 9 },
  Available: { glyph: 'available', role: 'ok', order: 10 },
};

const UNKNOWN: StatusLook = { glyph: 'unknown', role: 'secondary', order: 9 };

export function statusLook(status: string): StatusLook {
  return LOOKS[status] ?? UNKNOWN;
}
