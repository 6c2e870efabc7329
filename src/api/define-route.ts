// A route of the API as data: what it takes, answers and refuses, and the function behind it. Serving is serve-routes.ts.
//
// How to add a route
//
// 1. Schemas: src/api/contract/RESOURCE.ts, made with contract/schema.ts (`named`, `isoTime`, `energyWh`, `nullable`,
//    `words`, `page`). One TypeBox schema gives the type (`Static`), the check and the document. Whatever stands in more
//    than one place is `named`: it becomes a component of the OpenAPI document. Clients import types of these files only.
// 2. Ports: what the routes need of the program is an interface in ports.ts (or ports/RESOURCE.ts), joined in src/kwota.ts.
// 3. Routes: src/api/route/RESOURCE.ts exports one function, `RESOURCERoutes(ports): readonly Route[]`, which returns
//    `[defineRoute({ … }), …]`. It is called in routes.ts, the one table of all routes.
// 4. Problems: codes that are new go into PROBLEMS (contract.ts), a route names those of its own in `problems` and throws
//    `new HttpProblem(code, { detail, hint })`. Those of the frame are added by themselves: 400 of parameters and bodies,
//    401, 403, 406, 413, 415, 422 of a reused Idempotency-Key, 412 and 428 with `ifMatch`, 503 with `isKept`, 429, 500.
// 5. Tests: route/RESOURCE.test.ts, and route/RESOURCE.contract.test-kit.ts, listed in contract-requests.test-kit.ts: one
//    request that succeeds for each route, one for each problem of its own. contract.test.ts fails for a documented route
//    or problem without one. In a test `listening(t, { users: madeUp })` has all other ports fail when they are asked.
//
//     defineRoute({
//       method: 'PUT', path: '/api/users/{idTag}', role: 'admin', group: 'Users', summary: 'Changes a user',
//       params: Type.Object({ idTag: Type.String({ description: 'As in users1.csv.' }) }),
//       body: UserChange, answer: { description: 'The user as it is now.', json: User },
//       ifMatch: true, problems: ['userUnknown'],
//       async handle({ params, body, ifMatch, caller }) {
//         const user = knownUser(ports, params.idTag);
//         requireMatch(ifMatch, etagOf(user));
//         const changed = await ports.change(params.idTag, body, caller.name);
//         return { json: changed, etag: etagOf(changed) };
//       },
//     })
//
// `handle` gets params, query and body checked and typed: numbers and booleans of a path or query are numbers and booleans.
// What a schema does not name is refused, in a query as in a body. An empty body counts as {}. Lists take `...pageQuery`
// in their query and return `pageOf(…)` (page.ts). Where a route offers several media types, `mediaType` is the one to
// answer with: `answer: { json: Report, text: ['text/csv'] }` and `return mediaType === 'text/csv' ? { text } : { json }`.
import type { Static, TObject, TSchema } from 'typebox';
import type { Caller, Role } from './auth.ts';
import type { ProblemCode } from './contract.ts';

export type Method = 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';

type NoMembers = TObject<Record<string, never>>;

/** What a route answers when all goes well: JSON, text of the media types named, or with neither nothing. */
export interface Success<A extends TSchema = TSchema> {
  /** 200 unless said otherwise. */
  readonly status?: 200 | 201 | 202 | 204;
  readonly description: string;
  readonly json?: A;
  /** Media types of texts and streams, without parameters. */
  readonly text?: readonly string[];
}

export interface RouteRequest<P = unknown, Q = unknown, B = unknown> {
  readonly params: P;
  readonly query: Q;
  readonly body: B;
  /** Who asks; NOBODY on a route that is open. */
  readonly caller: Caller;
  /** Whether the token that the request came with is good still: for what goes on long after it was looked at. */
  isStillAllowed(): boolean;
  /** The media type to answer with, one of those that the route offers; empty where it offers none. */
  readonly mediaType: string;
  /** The text of the header If-Match; null where there is none, which only a route without `ifMatch` meets. */
  readonly ifMatch: string | null;
  /** Any other header, by its lower-case name. */
  header(name: string): string | undefined;
  /** Aborted when the client goes away: for streams and what is waited for. */
  readonly signal: AbortSignal;
}

type Content<T> =
  | { readonly json: T }
  | { readonly text: string }
  | { readonly stream: ReadableStream<Uint8Array> }
  | { readonly empty: true };

export type Reply<T = unknown> = Content<T> & {
  /** As etagOf gives it. */
  readonly etag?: string;
  readonly headers?: Readonly<Record<string, string>>;
};

interface RouteFacts {
  readonly method: Method;
  /** Starts with /; parameters as OpenAPI writes them: `/api/users/{idTag}`. */
  readonly path: string;
  /** The least role that may; null: anybody, without a token. */
  readonly role: Role | null;
  /** The heading that it stands under in the documentation. */
  readonly group: string;
  /** Some words, without a full stop. */
  readonly summary: string;
  /** Sentences, where the summary does not say it all. */
  readonly description?: string;
  /** Problems of its own; those of the frame are added. */
  readonly problems?: readonly ProblemCode[];
  /** Refuses a request without If-Match: for what two people may edit. */
  readonly ifMatch?: boolean;
  /** Its answer waits for the store: refused at once, with nothing done, while that takes nothing. */
  readonly isKept?: boolean;
}

/** A route whose types have been checked where it was defined: what serves and documents it needs no more. */
export interface Route extends RouteFacts {
  readonly params?: TObject;
  readonly query?: TObject;
  readonly body?: TSchema;
  readonly answer: Success;
  handle(request: RouteRequest): Reply | Promise<Reply>;
}

interface RouteDefinition<
  P extends TObject,
  Q extends TObject,
  B extends TSchema,
  A extends TSchema,
> extends RouteFacts {
  readonly params?: P;
  readonly query?: Q;
  readonly body?: B;
  readonly answer: Success<A>;
  handle(
    request: RouteRequest<Static<P>, Static<Q>, Static<B>>,
  ): Reply<Static<A>> | Promise<Reply<Static<A>>>;
}

export function defineRoute<
  A extends TSchema,
  P extends TObject = NoMembers,
  Q extends TObject = NoMembers,
  B extends TSchema = NoMembers,
>(definition: RouteDefinition<P, Q, B, A>): Route {
  // The frame calls `handle` only with what these schemas have let through.
  return definition;
}
