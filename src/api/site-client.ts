// The client's part for sessions, readings, alarms, tokens and the server itself. It knows URLs, and nothing of the server's code.
import { requestJson, requestText, type ApiAccess } from './client.ts';
import type { Alarm } from './contract/alarms.ts';
import type { Reading } from './contract/readings.ts';
import type { CloseRequest, Session, SessionDetails, StopResult } from './contract/sessions.ts';
import type { AddedToken, ApiToken, NewToken } from './contract/tokens.ts';

export interface SessionFilter {
  readonly status?: 'running' | 'ended' | undefined;
  readonly charger?: string | undefined;
  readonly idTag?: string | undefined;
  /** ISO 8601: started then or later, and before then. */
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  /** `2026-11` */
  readonly month?: string | undefined;
  readonly limit?: number | undefined;
  readonly after?: string | undefined;
}

export interface ReadingFilter {
  readonly charger?: string | undefined;
  readonly idTag?: string | undefined;
  readonly transactionId?: number | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly limit?: number | undefined;
  readonly after?: string | undefined;
}

/** Where several chargers have a session with the id, the charger says which is meant. */
export interface WhichSession {
  readonly transactionId: number;
  readonly charger?: string | undefined;
}

export interface Page<T> {
  readonly items: readonly T[];
  /** Sent as `after` it gives the next page; null: this is the last. */
  readonly next: string | null;
}

/** Every call rejects with an ApiClientError. */
export interface SiteClient {
  sessions(filter?: SessionFilter): Promise<Page<Session>>;
  /** All of them on one page, whatever `limit` says. */
  sessionsCsv(filter?: SessionFilter): Promise<string>;
  session(which: WhichSession): Promise<SessionDetails>;
  stopSession(which: WhichSession): Promise<StopResult>;
  closeSession(which: WhichSession, request: CloseRequest): Promise<SessionDetails>;
  readings(filter?: ReadingFilter): Promise<Page<Reading>>;
  alarms(): Promise<readonly Alarm[]>;
  tokens(): Promise<readonly ApiToken[]>;
  addToken(token: NewToken): Promise<AddedToken>;
  removeToken(name: string): Promise<void>;
  /** Resolves when it is about to end. */
  stopServer(): Promise<void>;
}

export function createSiteClient(access: ApiAccess): SiteClient {
  const page = async <T>(path: string, query: object) =>
    (await requestJson(access, withQuery(path, query))) as Page<T>;
  const all = async <T>(path: string) => {
    const items: T[] = [];
    for (let after: string | null | undefined; after !== null;) {
      const { items: some, next }: Page<T> = await page<T>(path, { after });
      items.push(...some);
      after = next;
    }
    return items;
  };
  return {
    sessions: (filter = {}) => page('sessions', filter),
    sessionsCsv: (filter = {}) => requestText(access, withQuery('sessions', filter), 'text/csv'),
    session: async (which) => (await requestJson(access, sessionPath(which, ''))) as SessionDetails,
    stopSession: async (which) =>
      (await requestJson(access, sessionPath(which, '/stop'), { method: 'POST' })) as StopResult,
    closeSession: async (which, body) =>
      (await requestJson(access, sessionPath(which, '/close'), { method: 'POST', body })) as SessionDetails,
    readings: (filter = {}) => page('readings', filter),
    alarms: () => all('alarms'),
    tokens: () => all('tokens'),
    addToken: async (body) => (await requestJson(access, 'tokens', { method: 'POST', body })) as AddedToken,
    async removeToken(name) {
      await requestJson(access, `tokens/${encodeURIComponent(name)}`, { method: 'DELETE' });
    },
    async stopServer() {
      await requestJson(access, 'server/stop', { method: 'POST' });
    },
  };
}

function sessionPath({ transactionId, charger }: WhichSession, action: string): string {
  return withQuery(`sessions/${transactionId}${action}`, { charger });
}

/** Members that are undefined are left out. */
export function withQuery(path: string, query: object): string {
  const params = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) if (value !== undefined) params.set(name, String(value));
  return params.size === 0 ? path : `${path}?${params.toString()}`;
}
