// Serves routes: everything that is the same for all of them is done here, once. It knows no resource.
import type { HttpBindings } from '@hono/node-server';
import type { Context, Hono } from 'hono';
import type { Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import { createAuthenticator, isKnownToken, requireRole, type Caller, type TokenPort } from './auth.ts';
import { preflightHeaders } from './cors.ts';
import type { Reply, Route, RouteRequest } from './define-route.ts';
import { createHostCheck, type HostHeaders } from './host-check.ts';
import { createIdempotency } from './idempotency.ts';
import { preferred } from './negotiate.ts';
import { HttpProblem } from './problem.ts';
import { createRateLimiter, type RateLimits } from './rate-limit.ts';
import { readBody } from './read-body.ts';
import { createRequestCheck, type RequestCheck } from './request-check.ts';
import { mediaTypesOf } from './route-problems.ts';

export type ApiContext = Context<{ Bindings: HttpBindings }>;
export type ApiApp = Hono<{ Bindings: HttpBindings }>;

export interface FrameParts {
  readonly tokens: TokenPort;
  readonly rateLimits: RateLimits;
  /** Names under which browsers may ask what is open, beside addresses and local names. */
  readonly hosts?: readonly string[];
  readonly clock: Clock;
  readonly log: Log;
  /** Told how long each request took until its answer was there; `route` is `GET /api/users/{idTag}`, or `other`. */
  readonly requestTook: (route: string, ms: number) => void;
  /** Why nothing can be stored at present; null: it can. Without it, it always can. */
  readonly storeFault?: () => string | null;
  /** Told each answer before it is sent: tests hold it against the document. */
  readonly onAnswer?: (route: Route, answer: Reply | HttpProblem) => void;
}

/** The caller of a route that is open. */
const NOBODY: Caller = { name: '-', role: 'viewer' };

/** What is nowhere is measured together: anybody may make up any number of paths. */
const OTHER_ROUTE = 'other';

interface Served {
  readonly route: Route;
  readonly check: RequestCheck;
}

/** Registers the routes; whatever they do not match is answered by `app` as nothing that exists, to those who may know. */
export function serveRoutes(app: ApiApp, routes: readonly Route[], parts: FrameParts): void {
  const frame = createFrame(parts);
  for (const [path, here] of Map.groupBy(routes, (route) => route.path)) {
    const served = here.map((route) => ({ route, check: createRequestCheck(route) }));
    app.all(path.replaceAll(/\{(\w+)\}/g, ':$1'), (c) => frame.answer(c, served));
  }
  app.all('*', (c) => frame.answer(c, []));
}

function createFrame(parts: FrameParts) {
  const { clock, log, requestTook } = parts;
  const callerOf = createCallerOf(parts);
  const once = createIdempotency(clock);

  async function respond(c: ApiContext, { route, check }: Served, caller: Caller): Promise<Response> {
    if (route.role !== null) requireRole(caller, route.role);
    if (route.isKept === true) requireStore(parts);
    const mediaType = mediaTypeFor(c, route);
    const ifMatch = ifMatchOf(c, route);
    const body = route.body === undefined ? new Uint8Array() : await readBody(c.req.raw);
    const run = async () => {
      const query = new URL(c.req.url).searchParams;
      const contentType = c.req.header('content-type');
      const checked = await check({ params: c.req.param(), query, contentType, body });
      const header = (name: string) => c.req.header(name);
      const { signal } = c.req.raw;
      const isStillAllowed = () =>
        route.role === null || isKnownToken(parts.tokens, c.req.header('authorization'));
      const request: RouteRequest = {
        ...checked,
        ...{ caller, isStillAllowed, mediaType, ifMatch, header, signal },
      };
      const reply = await route.handle(request);
      parts.onAnswer?.(route, reply);
      // Nobody will read it, so nobody would end it.
      if (c.req.method === 'HEAD' && 'stream' in reply) {
        await reply.stream.cancel();
        return responseOf({ ...reply, text: '' }, route, mediaType);
      }
      return responseOf(reply, route, mediaType);
    };
    const key = route.method === 'POST' ? c.req.header('idempotency-key') : undefined;
    if (key === undefined) return run();
    const { pathname, search } = new URL(c.req.url);
    return once({ key, scope: `${caller.name}\n${pathname}${search}`, body }, run);
  }

  async function answer(c: ApiContext, served: readonly Served[]): Promise<Response> {
    const beganMs = clock.monotonicMs();
    const method = c.req.method === 'HEAD' ? 'GET' : c.req.method;
    const found = served.find(({ route }) => route.method === method);
    let who: Caller | null = null;
    let response: Response;
    try {
      if (method === 'OPTIONS' && served.length > 0) return optionsOf(served);
      who = callerOf(c, found === undefined ? served : [found]);
      if (found === undefined) throw served.length === 0 ? nothingHere(c) : methodNotAllowed(c, served);
      response = await respond(c, found, who);
    } catch (error) {
      const problem = problemOf(error, c, log);
      if (found) parts.onAnswer?.(found.route, problem);
      response = problem.toResponse();
    }
    requestTook(found ? `${method} ${found.route.path}` : OTHER_ROUTE, clock.monotonicMs() - beganMs);
    if (method !== 'GET') {
      const { pathname } = new URL(c.req.url);
      log.info('API', 'request', { who: who?.name, method, path: pathname, status: response.status });
    }
    return response;
  }

  return { answer };
}

/** Who asks, once the number of requests and the token are found good; a route that is open asks for no token. */
function createCallerOf({ tokens, rateLimits, hosts = [], clock }: FrameParts) {
  const authenticate = createAuthenticator(tokens);
  const limit = createRateLimiter(rateLimits, clock);
  const checkHost = createHostCheck(hosts);
  return (c: ApiContext, served: readonly Served[]): Caller => {
    const isOpen = served.some(({ route }) => route.role === null);
    const address = `address ${c.env.incoming.socket.remoteAddress ?? ''}`;
    if (isOpen) {
      limit(address);
      checkHost(hostHeadersOf(c));
      return NOBODY;
    }
    try {
      const caller = authenticate(c.req.header('authorization'));
      limit(`token ${caller.name}`);
      return caller;
    } catch (problem) {
      // Whoever tries tokens is slowed down, and whoever has one is not slowed down by them.
      if (problem instanceof HttpProblem && problem.code !== 'tooManyRequests') limit(address);
      throw problem;
    }
  };
}

function requireStore({ storeFault }: FrameParts): void {
  const fault = storeFault?.() ?? null;
  if (fault === null) return;
  throw new HttpProblem('notStored', {
    detail: `nothing can be stored at present: ${fault}`,
    hint: 'nothing was changed; see that the disk has room, then ask again',
  });
}

function hostHeadersOf(c: ApiContext): HostHeaders {
  return {
    host: c.req.header('host'),
    origin: c.req.header('origin'),
    userAgent: c.req.header('user-agent'),
    fetchMode: c.req.header('sec-fetch-mode'),
  };
}

function mediaTypeFor(c: ApiContext, { answer }: Route): string {
  const offered = mediaTypesOf(answer);
  if (offered.length === 0) return '';
  const mediaType = preferred(c.req.header('accept'), offered);
  if (mediaType !== null) return mediaType;
  throw new HttpProblem('notAcceptable', { detail: `there is ${offered.join(' or ')}` });
}

function ifMatchOf(c: ApiContext, { ifMatch }: Route): string | null {
  const header = c.req.header('if-match') ?? null;
  if (ifMatch !== true || header !== null) return header;
  const hint = 'send If-Match with the ETag that the GET answered, or * for whatever it is now';
  throw new HttpProblem('ifMatchMissing', { hint });
}

function responseOf(reply: Reply, { answer: { status = 200 } }: Route, mediaType: string): Response {
  const etag = reply.etag === undefined ? {} : { etag: reply.etag };
  const headers = { ...etag, ...reply.headers };
  if ('json' in reply) return Response.json(reply.json, { status, headers });
  if ('empty' in reply) return new Response(null, { status, headers });
  const body = 'text' in reply ? reply.text : reply.stream;
  return new Response(body, {
    status,
    headers: { 'content-type': `${mediaType}; charset=utf-8`, ...headers },
  });
}

function methodsOf(served: readonly Served[]): string {
  const methods = served.flatMap(({ route: { method } }) => (method === 'GET' ? ['GET', 'HEAD'] : [method]));
  return [...methods, 'OPTIONS'].join(', ');
}

function optionsOf(served: readonly Served[]): Response {
  const allow = methodsOf(served);
  return new Response(null, { status: 204, headers: { allow, ...preflightHeaders(allow) } });
}

function methodNotAllowed(c: ApiContext, served: readonly Served[]): HttpProblem {
  const allow = methodsOf(served);
  const detail = `${c.req.method} is not possible here, only ${allow}`;
  return new HttpProblem('methodNotAllowed', { detail, headers: { allow } });
}

function nothingHere(c: ApiContext): HttpProblem {
  const hint =
    'GET /api/openapi.json lists all paths, GET /api/docs shows them to people; GET /api/health tells how the server is';
  return new HttpProblem('nothingHere', { detail: `there is nothing at ${c.req.path}`, hint });
}

function problemOf(error: unknown, c: ApiContext, log: Log): HttpProblem {
  if (error instanceof HttpProblem) return error;
  log.error('API', 'request failed', { path: c.req.path, cause: String(error) });
  return new HttpProblem('serverFailed', { hint: 'the log says why' });
}
