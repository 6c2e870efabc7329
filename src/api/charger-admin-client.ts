// The client's part for letting chargers in and forgetting them. It knows URLs, and nothing of the server's code.
import { chargerPath, requestJson, type ApiAccess } from './client.ts';

/** Every call rejects with an ApiClientError. */
export interface ChargerAdminClient {
  /** `inAdvance`: also one that has never connected. */
  approve(id: string, inAdvance: boolean): Promise<void>;
  forget(id: string): Promise<void>;
}

export function createChargerAdminClient(access: ApiAccess): ChargerAdminClient {
  return {
    async approve(id, inAdvance) {
      await requestJson(access, `${chargerPath(id)}/approve`, { method: 'POST', body: { inAdvance } });
    },
    async forget(id) {
      await requestJson(access, chargerPath(id), { method: 'DELETE' });
    },
  };
}
