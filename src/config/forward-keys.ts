// The keys of the section forward: the external API that readings are sent to.
import { key, optionalKey, type Keys } from './key.ts';
import { boolean, headerName, httpUrl, integer, number, orNone, pairs, secret } from './kind.ts';

const MAX_HEADERS = 20;
const MAX_KEY_LENGTH = 1_000;

export const forwardKeys = {
  enabled: key(boolean(), false, 'Whether readings are sent to an external API; needs url.'),
  url: optionalKey(
    httpUrl(),
    'https://api.example.com/readings',
    'Where they are sent to, with POST, as they stand in meter_data_log.json. No redirect is followed.',
  ),
  apiKey: optionalKey(
    secret(1, MAX_KEY_LENGTH),
    '${FORWARD_API_KEY}',
    'The key of the external API, or the variable that holds it.',
  ),
  apiKeyHeader: key(headerName(), 'X-API-Key', 'The header that apiKey is sent in.'),
  headers: key(pairs(MAX_HEADERS), {}, 'Further headers of each request.'),
  timeout: key(number(0.1, 300), 10, 'How long to wait for an answer.', 'seconds'),
  batch: key(
    integer(1, 500),
    1,
    'The most readings of one charger in one request: with 1 each goes as an object, else they go as a list.',
  ),
  retry: key(
    integer(1, 3600),
    60,
    'The longest pause between two attempts; the first is a second, each further one twice as long.',
    'seconds',
  ),
  proxy: optionalKey(
    orNone(httpUrl()),
    'http://proxy.example.com:3128',
    'A proxy to go through, or none; when unset, what HTTP_PROXY, HTTPS_PROXY and NO_PROXY of the environment say.',
  ),
} satisfies Keys;
