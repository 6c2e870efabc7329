// The client's part for webhooks. It knows URLs, and nothing of the server's code.
import { requestJson, type ApiAccess } from './client.ts';
import type { Webhook, WebhookCount, WebhookTest } from './contract/webhooks.ts';

/** Every call rejects with an ApiClientError. */
export interface WebhookClient {
  /** All of them; they stand in a configuration file. */
  list(): Promise<readonly Webhook[]>;
  test(name: string): Promise<WebhookTest>;
  /** Returns how many. */
  retry(name: string): Promise<number>;
  drop(name: string): Promise<number>;
}

const PAGE_LIMIT = 1000;

export function createWebhookClient(access: ApiAccess): WebhookClient {
  const post = (name: string, action: string) =>
    requestJson(access, `webhooks/${encodeURIComponent(name)}/${action}`, { method: 'POST' });
  return {
    async list() {
      const page = await requestJson(access, `webhooks?limit=${PAGE_LIMIT}`);
      return (page as { items: readonly Webhook[] }).items;
    },
    test: async (name) => (await post(name, 'test')) as WebhookTest,
    retry: async (name) => ((await post(name, 'retry')) as WebhookCount).count,
    drop: async (name) => ((await post(name, 'drop')) as WebhookCount).count,
  };
}
