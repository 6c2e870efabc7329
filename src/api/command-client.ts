// Commands to chargers over the REST API, for the command line and the dashboard.
import { chargerPath, requestJson, type ApiAccess } from './client.ts';
import type { LocalListSent } from './contract/commands.ts';

/** A command waits for its turn, and then for the charger: callTimeout twice, and some. */
const COMMAND_WITHIN_MS = 15 * 60_000;

/** Every call rejects with an ApiClientError. */
export interface CommandClient {
  /** The payload of the charger's answer. */
  call(id: string, action: string, payload: object): Promise<unknown>;
  /** The users, as the charger's local authorization list. */
  sendLocalList(id: string): Promise<LocalListSent>;
}

export function createCommandClient(access: ApiAccess): CommandClient {
  return {
    call: (id, action, payload) =>
      requestJson(access, `${chargerPath(id)}/commands/${encodeURIComponent(action)}`, {
        method: 'POST',
        body: payload,
        withinMs: COMMAND_WITHIN_MS,
      }),
    async sendLocalList(id) {
      const sending = { method: 'POST', withinMs: COMMAND_WITHIN_MS } as const;
      return (await requestJson(access, `${chargerPath(id)}/local-list`, sending)) as LocalListSent;
    },
  };
}
