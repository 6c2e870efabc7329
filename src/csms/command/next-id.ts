// The id of the next thing that a charger is asked for: reservations, and requests for logs and firmware.

/** Some chargers keep it in a signed int32. */
const MAX_ID = 2 ** 31 - 1;

/** One more than the highest, so that late messages about an old one meet no new one; after the last there is, the lowest that is free. */
export function nextId(used: Iterable<number>): number {
  const taken = new Set(used);
  const last = Math.max(0, ...taken);
  if (last < MAX_ID) return last + 1;
  for (let id = 1; ; id += 1) if (!taken.has(id)) return id;
}
