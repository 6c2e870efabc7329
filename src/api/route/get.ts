// Registers a path that is only read: any other method on it is a problem that says so.
import type { Context, Hono } from 'hono';
import { HttpProblem } from '../problem.ts';

const READING = 'GET, HEAD';

/** `path` as hono writes it; its parameters reach `answer` decoded. HEAD is answered from GET. */
export function get<Path extends string>(
  app: Hono,
  path: Path,
  answer: (c: Context<object, Path>) => Response | Promise<Response>,
): void {
  app.get(path, (c) => answer(c));
  app.all(path, (c) => {
    const detail = `${c.req.method} is not possible here, only ${READING}`;
    throw new HttpProblem('methodNotAllowed', { detail, headers: { allow: READING } });
  });
}
