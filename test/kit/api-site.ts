// A real server on a folder of its own, asked over HTTP as its admin does.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Test } from 'tap';
import { makeDataDir } from './data-dir.ts';
import { startKwota, type KwotaProcess } from './kwota-process.ts';

type Json = Readonly<Record<string, unknown>>;

export interface ApiAnswer {
  readonly status: number;
  readonly headers: Headers;
  /** The body where it is JSON, else {}. */
  readonly json: Json;
  readonly text: string;
}

export interface ApiSite {
  readonly dataDir: string;
  readonly kwota: KwotaProcess;
  readonly token: string;
  /** `at` is the path after /api/. */
  readonly ask: (
    method: string,
    at: string,
    body?: unknown,
    headers?: Readonly<Record<string, string>>,
  ) => Promise<ApiAnswer>;
  /** A command to a charger. */
  readonly command: (id: string, action: string, payload?: object) => Promise<ApiAnswer>;
}

export interface ApiSiteOptions {
  /** users1.csv, without its header. */
  readonly users?: string;
  readonly yaml?: string;
}

const HEADER = 'id_tag,header name,surname,quota_kwh,unlimited';

/** Ends with the test. */
export async function startApiSite(t: Test, { users = '', yaml }: ApiSiteOptions = {}): Promise<ApiSite> {
  const dataDir = makeDataDir(t, {
    'users1.csv': `${HEADER}\n${users}`,
    ...(yaml === undefined ? {} : { 'config.yaml': yaml }),
  });
  const kwota = await startKwota({ dataDir });
  t.teardown(() => kwota.kill());
  const token = readFileSync(join(dataDir, '.kwota', 'admin-token'), 'utf8').trim();
  const ask: ApiSite['ask'] = async (method, at, body, headers = {}) => {
    const response = await fetch(`${kwota.apiUrl}/api/${at}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const isJson = response.headers.get('content-type')?.includes('json') === true;
    return {
      status: response.status,
      headers: response.headers,
      json: (isJson && text !== '' ? JSON.parse(text) : {}) as Json,
      text,
    };
  };
  return {
    ...{ dataDir, kwota, token, ask },
    command: (id, action, payload = {}) =>
      ask('POST', `chargers/${encodeURIComponent(id)}/commands/${action}`, payload),
  };
}
