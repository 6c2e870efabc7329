// A POST that is sent again with the same Idempotency-Key is done once: the answer is kept and given again.
// It is kept in memory: after a restart of the server a repeated request is a new one.
import { createHash } from 'node:crypto';
import type { Clock, EpochMs } from '../runtime/clock.ts';
import { HttpProblem } from './problem.ts';

const KEPT_MS = 24 * 3_600_000;
/** Above it the oldest go. */
const ANSWERS_MAX = 1000;
const KEY = /^[\x21-\x7e]{1,255}$/;

interface Answer {
  readonly status: number;
  readonly headers: readonly (readonly [string, string])[];
  readonly body: string | null;
}

interface Entry {
  readonly digest: string;
  readonly untilMs: EpochMs;
  /** Null when it was refused, or failed with nothing done: then it may be tried again. */
  readonly answer: Promise<Answer | null>;
}

export interface KeyedRequest {
  /** The text of the header. */
  readonly key: string;
  /** Who asks, and for what: keys of others are none of ours. */
  readonly scope: string;
  readonly body: Uint8Array;
}

/** Returns what runs `respond` once for each key, and gives the same answer again; what it refuses, it throws. */
export function createIdempotency(
  clock: Clock,
): (request: KeyedRequest, respond: () => Promise<Response>) => Promise<Response> {
  const entries = new Map<string, Entry>();

  function keep(id: string, digest: string, answer: Promise<Answer | null>): void {
    entries.set(id, { digest, untilMs: clock.now() + KEPT_MS, answer });
    const [oldest] = entries.keys();
    if (entries.size > ANSWERS_MAX && oldest !== undefined) entries.delete(oldest);
  }

  return async ({ key, scope, body }, respond) => {
    if (!KEY.test(key)) {
      const detail = 'Idempotency-Key is 1 to 255 printable ASCII characters without blanks';
      throw new HttpProblem('badParameter', { detail });
    }
    const id = `${scope}\n${key}`;
    const digest = createHash('sha256').update(body).digest('base64');
    for (let known = entries.get(id); known; known = entries.get(id)) {
      if (known.untilMs <= clock.now()) entries.delete(id);
      else if (known.digest !== digest) throw keyReused(key);
      else {
        const answer = await known.answer;
        if (answer) return responseOf(answer);
      }
    }
    const { promise, resolve } = Promise.withResolvers<Answer | null>();
    keep(id, digest, promise);
    let answer: Answer | null = null;
    try {
      answer = await answerOf(await respond());
      return responseOf(answer);
    } catch (problem) {
      if (problem instanceof HttpProblem && problem.mayHaveActed)
        answer = await answerOf(problem.toResponse());
      throw problem;
    } finally {
      // Whoever waits looks again, and must not find this one.
      if (answer === null) entries.delete(id);
      resolve(answer);
    }
  };
}

async function answerOf(response: Response): Promise<Answer> {
  const text = await response.text();
  return { status: response.status, headers: [...response.headers], body: text === '' ? null : text };
}

function responseOf({ status, headers, body }: Answer): Response {
  return new Response(body, { status, headers: headers.map(([name, value]) => [name, value]) });
}

function keyReused(key: string): HttpProblem {
  return new HttpProblem('keyReused', {
    detail: `the Idempotency-Key ${JSON.stringify(key)} came with another body before`,
    hint: 'use a new key for each new request',
  });
}
