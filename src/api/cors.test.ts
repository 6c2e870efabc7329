// Pages of other origins: none may ask unless it is named.
import t from 'tap';
import { listening, TOKEN } from './server.test-kit.ts';

const PAGE = 'https://dashboard.example';

void t.test('a page that is named may ask, also with what a browser asks about first', async (t) => {
  const url = await listening(t, { cors: [PAGE] });
  const preflight = await fetch(`${url}/api/chargers`, {
    method: 'OPTIONS',
    headers: { origin: PAGE, 'access-control-request-method': 'GET' },
  });
  t.equal(preflight.status, 204);
  t.equal(preflight.headers.get('access-control-allow-origin'), PAGE);
  t.match(preflight.headers.get('access-control-allow-methods'), 'GET');
  t.match(preflight.headers.get('access-control-allow-headers'), /authorization.*if-match.*idempotency-key/);
  const headers = { origin: PAGE, authorization: `Bearer ${TOKEN}` };
  for (const path of ['/api/chargers', '/api/nothing']) {
    const response = await fetch(`${url}${path}`, { headers });
    t.equal(response.headers.get('access-control-allow-origin'), PAGE, path);
    t.match(response.headers.get('access-control-expose-headers'), 'etag');
    t.equal(response.headers.get('vary'), 'Origin');
    t.equal(response.headers.get('access-control-allow-credentials'), null, 'no cookies');
  }
});

void t.test(
  'any other page is told nothing, and without any in the configuration nothing is said at all',
  async (t) => {
    for (const cors of [[PAGE], []]) {
      const url = await listening(t, { cors });
      for (const origin of ['https://other.example', 'http://dashboard.example', 'null']) {
        for (const method of ['GET', 'OPTIONS']) {
          const response = await fetch(`${url}/api/health`, { method, headers: { origin } });
          t.equal(response.headers.get('access-control-allow-origin'), null, `${method} of ${origin}`);
          t.equal(response.headers.get('vary'), cors.length > 0 ? 'Origin' : null);
        }
      }
    }
  },
);
