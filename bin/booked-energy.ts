// What a server has booked for simulated chargers, beside what their registers told. Asks the API; simulates nothing.
import type { ApiAccess } from '../src/api/client.ts';
import type { Session } from '../src/api/contract/sessions.ts';
import { createSiteClient } from '../src/api/site-client.ts';

/** Sessions that are older are none of this simulation's; clocks of chargers may be off by hours. */
const LOOK_BACK_MS = 2 * 86_400_000;
const PAGE_LIMIT = 1_000;

export interface BookedEnergy {
  /** Wh by charger, of the sessions that began since. */
  booked(): Promise<ReadonlyMap<string, number>>;
}

/** From here on sessions count. Rejects with an ApiClientError. */
export async function watchBookedEnergy(access: ApiAccess, nowMs: number): Promise<BookedEnergy> {
  const client = createSiteClient(access);
  const from = new Date(nowMs - LOOK_BACK_MS).toISOString();
  const all = async () => {
    const sessions: Session[] = [];
    let after: string | undefined;
    do {
      const page = await client.sessions({ from, limit: PAGE_LIMIT, after });
      sessions.push(...page.items);
      after = page.next ?? undefined;
    } while (after !== undefined);
    return sessions;
  };
  const before = new Set((await all()).map(keyOf));
  return {
    async booked() {
      const byCharger = new Map<string, number>();
      for (const session of await all()) {
        const { chargerId, energyWh } = session;
        if (!before.has(keyOf(session))) byCharger.set(chargerId, (byCharger.get(chargerId) ?? 0) + energyWh);
      }
      return byCharger;
    },
  };
}

function keyOf({ chargerId, transactionId }: Session): string {
  return `${transactionId} ${chargerId}`;
}
