// A server that says yes, and remembers what it was asked: for keys that command chargers.
import { ApiClientError } from '../../src/api/client.ts';
import type { SiteApi } from '../../tui/data/site-api.ts';

export interface FakeSite {
  readonly api: SiteApi;
  /** `Reset CP-1 {"type":"Soft"}` */
  readonly asked: string[];
  /** The answer to commands from now on; an error is thrown. */
  answer: object | ApiClientError;
}

export function fakeSite(): FakeSite {
  const asked: string[] = [];
  const site: FakeSite = { api: {} as SiteApi, asked, answer: { status: 'Accepted' } };
  const answered = (what: string): Promise<unknown> => {
    asked.push(what);
    return site.answer instanceof ApiClientError ? Promise.reject(site.answer) : Promise.resolve(site.answer);
  };
  const api: Partial<SiteApi> = {
    commands: {
      call: (id: string, action: string, payload: object) =>
        answered(`${action} ${id} ${JSON.stringify(payload)}`),
    } as Partial<SiteApi['commands']> as SiteApi['commands'],
    chargerAdmin: {
      async approve(id: string) {
        await answered(`approve ${id}`);
      },
      async forget(id: string) {
        await answered(`forget ${id}`);
      },
    } as Partial<SiteApi['chargerAdmin']> as SiteApi['chargerAdmin'],
    site: {
      stopSession: ({ transactionId, charger = '' }: { transactionId: number; charger?: string }) =>
        answered(`stop ${charger} ${transactionId}`),
    } as unknown as SiteApi['site'],
  };
  return Object.assign(site, { api: api as SiteApi });
}

/** What was asked has been answered, and told. */
export async function settled(): Promise<void> {
  for (let i = 0; i < 3; i += 1) await new Promise((resolve) => setImmediate(resolve));
}
