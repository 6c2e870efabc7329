// The client's part for forwarding. It knows URLs, and nothing of the server's code.
import { requestJson, type ApiAccess } from './client.ts';
import type { ForwardStatus, ParkedChoice, ParkedCount, ParkedReading } from './contract/forward.ts';

/** Every call rejects with an ApiClientError. */
export interface ForwardClient {
  status(): Promise<ForwardStatus>;
  /** All of them; they are bounded in number. */
  parked(): Promise<readonly ParkedReading[]>;
  pause(): Promise<ForwardStatus>;
  resume(): Promise<ForwardStatus>;
  /** Returns how many. */
  retry(choice: ParkedChoice): Promise<number>;
  drop(choice: ParkedChoice): Promise<number>;
}

const PAGE_LIMIT = 1000;

export function createForwardClient(access: ApiAccess): ForwardClient {
  const post = (path: string, body?: object) =>
    requestJson(access, path, { method: 'POST', ...(body === undefined ? {} : { body }) });
  const chosen = async (action: string, choice: ParkedChoice) =>
    ((await post(`forward/parked/${action}`, choice)) as ParkedCount).count;
  return {
    status: async () => (await requestJson(access, 'forward')) as ForwardStatus,
    async parked() {
      const page = await requestJson(access, `forward/parked?limit=${PAGE_LIMIT}`);
      return (page as { items: readonly ParkedReading[] }).items;
    },
    pause: async () => (await post('forward/pause')) as ForwardStatus,
    resume: async () => (await post('forward/resume')) as ForwardStatus,
    retry: (choice) => chosen('retry', choice),
    drop: (choice) => chosen('drop', choice),
  };
}
