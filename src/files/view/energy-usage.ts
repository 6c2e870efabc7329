// energy_usage.json: kWh of each user in the current month, running sessions included.
import { kWhOf } from '../../domain/energy.ts';
import type { SiteState } from '../../domain/site-state.ts';
import type { User } from '../../domain/user.ts';

/** What the file is about to say, in whole Wh: users in the order of users1.csv, then whoever else used energy. */
export function usageByTag(state: SiteState, users: Iterable<User>, month: string): Map<string, number> {
  const shown = new Map<string, number>();
  const used = state.usedInMonth(month);
  for (const { idTag } of users) shown.set(idTag, Math.max(0, used.get(idTag) ?? 0));
  for (const [idTag, wh] of used) if (!shown.has(idTag)) shown.set(idTag, Math.max(0, wh));
  return shown;
}

export function renderEnergyUsage(whByTag: ReadonlyMap<string, number>): string {
  // Written by hand: as keys of an object, tags like "12" would change their place and "__proto__" would vanish.
  const lines = [...whByTag].map(([idTag, wh]) => `  ${JSON.stringify(idTag)}: ${kWhOf(wh)}`);
  return lines.length === 0 ? '{}\n' : `{\n${lines.join(',\n')}\n}\n`;
}
