// The form of the requests that contract.test.ts makes of a route. Not part of the program.
import type { ProblemCode } from './contract.ts';
import type { ApiParts } from './server.ts';

export interface ContractRequest {
  /** In the place of the path's parameters, as they stand in a URL. */
  readonly params?: Readonly<Record<string, string>>;
  /** With its question mark. */
  readonly query?: string;
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  /** Null: it succeeds. */
  readonly problem: ProblemCode | null;
}

/** Requests of one resource, in their order, to a server with ports of its own. */
export interface ContractGroup {
  readonly parts: () => Partial<ApiParts>;
  /** By `GET /api/chargers/{id}`. */
  readonly requests: Readonly<Record<string, readonly ContractRequest[]>>;
}
