// A typed client of the REST API, for commands and the dashboard. It knows URLs and problems, and nothing of the server's code.
import { PAGE_LIMIT_MAX, PROBLEM_TYPE_PREFIX, PROBLEMS, type ProblemCode } from './contract.ts';
import type { Charger, ChargerDetails, TracedLine } from './contract/chargers.ts';
import type { Problem } from './contract/problem.ts';

/** A server that takes longer for an answer is as good as none. */
const ANSWER_WITHIN_MS = 30_000;

/** What a header can carry. */
const SENDABLE_TOKEN = /^[\x21-\x7e]+$/;

/** `noServer`: nobody answers. `otherServer`: what answers is no kwota, or one of another version. */
export type ApiClientErrorCode = 'noServer' | 'otherServer' | ProblemCode;

/** A request that was not answered as asked. `hint` says what to do about it. */
export class ApiClientError extends Error {
  readonly code: ApiClientErrorCode;
  readonly hint: string;

  constructor(code: ApiClientErrorCode, message: string, hint: string, options?: ErrorOptions) {
    super(message, options);
    this.name = 'ApiClientError';
    this.code = code;
    this.hint = hint;
  }
}

export interface TraceRange {
  /** Only lines after this one, the oldest first; without it the newest lines. */
  readonly afterSeq?: number;
  readonly limit?: number;
}

/** Every call rejects with an ApiClientError. */
export interface ApiClient {
  chargers(): Promise<readonly Charger[]>;
  charger(id: string): Promise<ChargerDetails>;
  trace(id: string, range?: TraceRange): Promise<readonly TracedLine[]>;
  /** JSON lines. */
  recording(id: string): Promise<string>;
}

export interface ApiAccess {
  /** `http://127.0.0.1:8001`; a path is kept, for a server behind a proxy. */
  readonly url: string;
  readonly token: string;
}

export function createApiClient(access: ApiAccess): ApiClient {
  return {
    chargers: async () => (await allItems(access, 'chargers')) as Charger[],
    async charger(id) {
      const found = await getJson(access, chargerPath(id));
      if (!isObject(found) || !Array.isArray(found['connectors'])) throw otherServer(access.url);
      return found as unknown as ChargerDetails;
    },
    async trace(id, { afterSeq, limit } = {}) {
      const query = new URLSearchParams();
      if (afterSeq !== undefined) query.set('after', String(afterSeq));
      if (limit !== undefined) query.set('limit', String(limit));
      const list = await getJson(access, `${chargerPath(id)}/trace?${query.toString()}`);
      return itemsOf(access, list) as TracedLine[];
    },
    recording: async (id) => (await request(access, `${chargerPath(id)}/recording`)).text,
  };
}

export function chargerPath(id: string): string {
  // These are no segments of a URL, also when encoded: the request would go elsewhere.
  if (id === '.' || id === '..' || id === '') {
    throw new ApiClientError('chargerUnknown', `there is no charger ${JSON.stringify(id)}`, LIST_HINT);
  }
  return `chargers/${encodeURIComponent(id.toWellFormed())}`;
}

const LIST_HINT = 'kwota chargers list shows all';

/** Every page of a list. */
async function allItems(access: ApiAccess, path: string): Promise<unknown[]> {
  const all: unknown[] = [];
  for (let after: unknown = undefined; after !== null;) {
    const query = new URLSearchParams({ limit: String(PAGE_LIMIT_MAX) });
    if (typeof after === 'string') query.set('after', after);
    const list = await getJson(access, `${path}?${query.toString()}`);
    const items = itemsOf(access, list);
    all.push(...items);
    after = items.length > 0 && isObject(list) && typeof list['next'] === 'string' ? list['next'] : null;
  }
  return all;
}

function itemsOf({ url }: ApiAccess, list: unknown): unknown[] {
  if (!isObject(list) || !Array.isArray(list['items'])) throw otherServer(url);
  return list['items'];
}

async function getJson(access: ApiAccess, path: string): Promise<unknown> {
  const { text } = await request(access, path);
  return parsed(text);
}

/** What goes with a request that is more than a plain GET. */
export interface Sending {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Sent as JSON. */
  readonly body?: object;
  readonly headers?: Readonly<Record<string, string>>;
  /** 30 s unless said otherwise. */
  readonly withinMs?: number;
  /** Ends the request before its answer: it then rejects as `noServer`. */
  readonly signal?: AbortSignal | undefined;
}

/** The JSON that is answered; undefined where there is none. */
export async function requestJson(access: ApiAccess, path: string, sending?: Sending): Promise<unknown> {
  const { text } = await request(access, path, sending);
  return text === '' ? undefined : parsed(text);
}

/** What is answered as text of this media type, `text/csv`. */
export async function requestText(access: ApiAccess, path: string, accept: string): Promise<string> {
  const { text } = await request(access, path, { method: 'GET', headers: { accept } });
  return text;
}

async function request(
  { url, token }: ApiAccess,
  path: string,
  sending?: Sending,
): Promise<{ text: string }> {
  if (!SENDABLE_TOKEN.test(token)) throw tokenRefused(url);
  const base = url.endsWith('/') ? url : `${url}/`;
  let response: Response;
  let text: string;
  try {
    response = await fetch(new URL(`api/${path}`, base), {
      ...(sending === undefined ? {} : { method: sending.method }),
      ...(sending?.body === undefined ? {} : { body: JSON.stringify(sending.body) }),
      headers: {
        authorization: `Bearer ${token}`,
        ...(sending?.body === undefined ? {} : { 'content-type': 'application/json' }),
        ...sending?.headers,
      },
      // A token is for the server that was named.
      redirect: 'manual',
      signal: endOf(sending),
    });
    text = await response.text();
  } catch (cause) {
    throw noServer(url, cause);
  }
  if (response.ok) return { text };
  throw problemError(url, parsed(text));
}

function endOf({ withinMs = ANSWER_WITHIN_MS, signal }: Partial<Sending> = {}): AbortSignal {
  const late = AbortSignal.timeout(withinMs);
  return signal === undefined ? late : AbortSignal.any([late, signal]);
}

/** The body of an answer that does not end by itself; `signal` ends it. */
export async function openStream(
  { url, token }: ApiAccess,
  path: string,
  headers: Readonly<Record<string, string>>,
  signal: AbortSignal,
): Promise<ReadableStream<Uint8Array>> {
  if (!SENDABLE_TOKEN.test(token)) throw tokenRefused(url);
  let response: Response;
  try {
    response = await fetch(new URL(`api/${path}`, url.endsWith('/') ? url : `${url}/`), {
      headers: { authorization: `Bearer ${token}`, ...headers },
      redirect: 'manual',
      signal,
    });
  } catch (cause) {
    throw noServer(url, cause);
  }
  if (!response.ok) throw problemError(url, parsed(await response.text().catch(() => '')));
  if (!response.body) throw otherServer(url);
  return response.body;
}

function problemError(url: string, body: unknown): ApiClientError {
  const code = problemCodeOf(body);
  switch (code) {
    case null:
    case 'nothingHere':
    case 'methodNotAllowed':
      return otherServer(url);
    case 'tokenMissing':
    case 'tokenRefused':
      return tokenRefused(url);
    default: {
      const { detail, hint } = body as Problem;
      return new ApiClientError(code, detail ?? PROBLEMS[code].title, hint ?? `${url}/api/docs says more`);
    }
  }
}

/** null: no problem of ours. */
function problemCodeOf(body: unknown): ProblemCode | null {
  const type = isObject(body) ? body['type'] : undefined;
  if (typeof type !== 'string' || !type.startsWith(PROBLEM_TYPE_PREFIX)) return null;
  const code = type.slice(PROBLEM_TYPE_PREFIX.length);
  return Object.hasOwn(PROBLEMS, code) ? (code as ProblemCode) : null;
}

function tokenRefused(url: string): ApiClientError {
  return new ApiClientError(
    'tokenRefused',
    `the server at ${url} does not know this token`,
    'check --token; the token of a server is in .kwota/admin-token of its data folder',
  );
}

function noServer(url: string, cause: unknown): ApiClientError {
  const isLate = cause instanceof Error && cause.name === 'TimeoutError';
  const message = isLate ? `the server at ${url} does not answer in time` : `no server answers at ${url}`;
  return new ApiClientError('noServer', message, 'is it running, and is the address right?', { cause });
}

function otherServer(url: string): ApiClientError {
  return new ApiClientError(
    'otherServer',
    `what answers at ${url} is not the API of this version of kwota`,
    `compare kwota --version with the version in ${url.replace(/\/$/, '')}/api/health`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
