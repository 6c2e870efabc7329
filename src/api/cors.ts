// Which pages of other origins may ask (CORS): none, unless api.cors names them. Programs that are no browser do not care.
const PREFLIGHT_MAX_AGE_S = 600;
const REQUEST_HEADERS = 'authorization, content-type, if-match, idempotency-key, last-event-id';
const ANSWER_HEADERS = 'etag, location, retry-after, allow';

/** Headers of an answer to a page of `origin`. */
export function corsHeaders(
  origins: readonly string[],
  origin: string | undefined,
): readonly (readonly [string, string])[] {
  if (origins.length === 0) return [];
  const vary = ['vary', 'Origin'] as const;
  if (origin === undefined || !origins.includes(origin)) return [vary];
  return [vary, ['access-control-allow-origin', origin], ['access-control-expose-headers', ANSWER_HEADERS]];
}

/** What a preflight request is told besides; whether the origin may ask stands in corsHeaders. */
export function preflightHeaders(methods: string): Record<string, string> {
  return {
    'access-control-allow-methods': methods,
    'access-control-allow-headers': REQUEST_HEADERS,
    'access-control-max-age': String(PREFLIGHT_MAX_AGE_S),
  };
}
