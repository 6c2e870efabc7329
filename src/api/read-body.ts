// The body of a request as it came, up to a limit. What it means is read by request-check.ts.
import { HttpProblem } from './problem.ts';

export const BODY_MAX_BYTES = 1_048_576;

/** Throws a 413 as soon as there is more than BODY_MAX_BYTES, without reading the rest. */
export async function readBody(request: Request): Promise<Uint8Array> {
  if (Number(request.headers.get('content-length') ?? 0) > BODY_MAX_BYTES) throw bodyTooLarge();
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of request.body ?? []) {
    const part = chunk as Uint8Array;
    bytes += part.length;
    if (bytes > BODY_MAX_BYTES) throw bodyTooLarge();
    chunks.push(part);
  }
  return Buffer.concat(chunks);
}

function bodyTooLarge(): HttpProblem {
  return new HttpProblem('bodyTooLarge', {
    detail: `a body has at most ${BODY_MAX_BYTES} bytes`,
    // The rest of it is not read: the next request needs another connection.
    headers: { connection: 'close' },
  });
}
