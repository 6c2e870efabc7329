// The client's part for letting chargers in, forgetting them, and their passwords. It knows URLs, and nothing of the server's code.
import { chargerPath, requestJson, type ApiAccess } from './client.ts';
import type { ApprovedCharger, PasswordRotation } from './contract/charger-access.ts';

/** A command waits for its turn, and then for the charger. */
const ROTATED_WITHIN_MS = 120_000;

/** Every call rejects with an ApiClientError. */
export interface ChargerAdminClient {
  /** `inAdvance`: also one that has never connected. */
  approve(id: string, inAdvance: boolean): Promise<ApprovedCharger>;
  forget(id: string): Promise<void>;
  setPassword(id: string, password: string): Promise<void>;
  clearPassword(id: string): Promise<void>;
  rotatePassword(id: string): Promise<PasswordRotation>;
}

export function createChargerAdminClient(access: ApiAccess): ChargerAdminClient {
  return {
    approve: async (id, inAdvance) =>
      (await requestJson(access, `${chargerPath(id)}/approve`, {
        method: 'POST',
        body: { inAdvance },
      })) as ApprovedCharger,
    async forget(id) {
      await requestJson(access, chargerPath(id), { method: 'DELETE' });
    },
    async setPassword(id, password) {
      await requestJson(access, `${chargerPath(id)}/password`, { method: 'PUT', body: { password } });
    },
    async clearPassword(id) {
      await requestJson(access, `${chargerPath(id)}/password`, { method: 'DELETE' });
    },
    rotatePassword: async (id) =>
      (await requestJson(access, `${chargerPath(id)}/password/rotate`, {
        method: 'POST',
        withinMs: ROTATED_WITHIN_MS,
      })) as PasswordRotation,
  };
}
