// What the API cannot or will not do, as RFC 9457 tells it. Every refusal of every route is one of these.
import { PROBLEM_TYPE_PREFIX, PROBLEMS, type ProblemCode } from './contract.ts';
import type { Fault, Problem } from './contract/problem.ts';

export interface ProblemDetails {
  readonly detail?: string;
  readonly hint?: string;
  readonly errors?: readonly Fault[];
  readonly headers?: Readonly<Record<string, string>>;
  /** What was asked for may have been done all the same: under the same Idempotency-Key it is not done again. */
  readonly mayHaveActed?: boolean;
}

/** Thrown by a route, answered by the server. `detail` and `hint` are read by strangers: nothing of the inside. */
export class HttpProblem extends Error {
  readonly code: ProblemCode;
  readonly mayHaveActed: boolean;
  readonly #details: ProblemDetails;

  constructor(code: ProblemCode, details: ProblemDetails = {}) {
    super(details.detail ?? PROBLEMS[code].title);
    this.name = 'HttpProblem';
    this.code = code;
    this.mayHaveActed = details.mayHaveActed ?? false;
    this.#details = details;
  }

  toResponse(): Response {
    const { detail, hint, errors, headers } = this.#details;
    const { status, title } = PROBLEMS[this.code];
    const problem: Problem = {
      type: `${PROBLEM_TYPE_PREFIX}${this.code}`,
      title,
      status,
      ...(detail === undefined ? {} : { detail }),
      ...(hint === undefined ? {} : { hint }),
      ...(errors === undefined ? {} : { errors: [...errors] }),
    };
    return new Response(JSON.stringify(problem), {
      status,
      headers: { 'content-type': PROBLEM_MEDIA_TYPE, ...headers },
    });
  }
}

export const PROBLEM_MEDIA_TYPE = 'application/problem+json';
