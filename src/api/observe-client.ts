// The client's part for what is watched: overview, log, measures. It knows URLs, and nothing of the server's code.
import { requestJson, type ApiAccess } from './client.ts';
import type { LogLine } from './contract/logs.ts';
import type { Overview } from './contract/overview.ts';
import type { Performance } from './contract/performance.ts';
import { withQuery, type Page } from './site-client.ts';

export interface LogFilter {
  /** As grave as this, or graver. */
  readonly level?: LogLine['level'] | undefined;
  readonly tag?: LogLine['tag'] | undefined;
  readonly charger?: string | undefined;
  /** ISO 8601: written then or later. */
  readonly from?: string | undefined;
  /** Only lines after this `seq`, the oldest first; without it the newest. */
  readonly after?: number | undefined;
  readonly limit?: number | undefined;
}

/** Every call rejects with an ApiClientError. */
export interface ObserveClient {
  overview(): Promise<Overview>;
  logs(filter?: LogFilter): Promise<Page<LogLine>>;
  performance(): Promise<Performance>;
}

export function createObserveClient(access: ApiAccess): ObserveClient {
  return {
    overview: async () => (await requestJson(access, 'overview')) as Overview,
    logs: async (filter = {}) => (await requestJson(access, withQuery('logs', filter))) as Page<LogLine>,
    performance: async () => (await requestJson(access, 'performance')) as Performance,
  };
}
