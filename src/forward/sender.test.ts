// One request to a real HTTP server: what is sent, and what each kind of answer means.
import { once } from 'node:events';
import { createServer, type IncomingMessage, type RequestListener, type Server } from 'node:http';
import { connect, type AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import t, { type Test } from 'tap';
import { systemClock } from '../runtime/clock.ts';
import { Sender, type SenderOptions } from './sender.ts';

async function listen(t: Test, listener: RequestListener): Promise<{ url: string; server: Server }> {
  const server = createServer(listener).listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/readings` };
}

function senderTo(t: Test, url: string, options: Partial<SenderOptions> = {}): Sender {
  const sender = new Sender({
    url,
    headers: {},
    timeoutMs: 60_000,
    proxy: {},
    clock: systemClock,
    ...options,
  });
  t.teardown(() => sender.close());
  return sender;
}

void t.test('a reading goes as JSON, with its key and the key of the API', async (t) => {
  const seen: { request: IncomingMessage; body: string }[] = [];
  const { url } = await listen(t, (request, response) => {
    void text(request).then((body) => {
      seen.push({ request, body });
      response.writeHead(201).end('{"ok":true}');
    });
  });
  const sender = senderTo(t, url, { headers: { 'X-API-Key': 'secret', 'X-Site': 'north' } });
  t.strictSame(await sender.send('{"ID":"abc"}', 'abc'), { kind: 'delivered' });
  t.match(seen, [
    {
      body: '{"ID":"abc"}',
      request: {
        method: 'POST',
        url: '/readings',
        headers: {
          'content-type': 'application/json',
          'idempotency-key': 'abc',
          'x-api-key': 'secret',
          'x-site': 'north',
        },
      },
    },
  ]);
});

void t.test('what an answer means depends on whom it is about', async (t) => {
  let status = 0;
  const { url } = await listen(t, (_, response) =>
    response.writeHead(status, { 'retry-after': '7' }).end('no\nway'),
  );
  const sender = senderTo(t, url);
  for (const [given, expected] of [
    [200, { kind: 'delivered' }],
    [204, { kind: 'delivered' }],
    [400, { kind: 'refused', status: 400, reason: '400 no way' }],
    [413, { kind: 'refused' }],
    [415, { kind: 'refused' }],
    [422, { kind: 'refused' }],
    [401, { kind: 'failed', isOurFault: true }],
    [403, { kind: 'failed', isOurFault: true }],
    [404, { kind: 'failed', isOurFault: true, reason: '404 no way' }],
    [408, { kind: 'failed', isOurFault: false }],
    [409, { kind: 'failed', isOurFault: false }],
    [429, { kind: 'failed', isOurFault: false, retryAfterMs: 7000 }],
    [500, { kind: 'failed', isOurFault: false, retryAfterMs: 7000 }],
    [503, { kind: 'failed', isOurFault: false, retryAfterMs: 7000 }],
  ] as const) {
    status = given;
    t.match(await sender.send('{}', 'k'), expected, String(given));
  }
});

void t.test('a redirect is not followed: the key of the API stays where it belongs', async (t) => {
  let elsewhere = 0;
  const other = await listen(t, (_, response) => {
    elsewhere += 1;
    response.end();
  });
  for (const status of [301, 302, 303, 307, 308]) {
    const { url } = await listen(t, (_, response) =>
      response.writeHead(status, { location: other.url }).end(),
    );
    t.match(await senderTo(t, url).send('{}', 'k'), { kind: 'failed', isOurFault: true, reason: other.url });
  }
  t.equal(elsewhere, 0);
});

void t.test(
  'no answer, half an answer and no server are failures that do not name the address',
  async (t) => {
    const silent = await listen(t, () => undefined);
    const late = await senderTo(t, silent.url, { timeoutMs: 100 }).send('{}', 'k');
    t.match(late, { kind: 'failed', reason: 'no answer within 0.1 s' });

    const half = await listen(t, (_, response) => {
      response.writeHead(200, { 'content-length': '100' });
      response.write('half of it');
      setTimeout(() => response.destroy(), 20);
    });
    t.match(await senderTo(t, half.url).send('{}', 'k'), { kind: 'failed', isOurFault: false });

    const dropping = await listen(t, (request) => request.socket.destroy());
    t.match(await senderTo(t, dropping.url).send('{}', 'k'), { kind: 'failed' });

    const { server, url } = await listen(t, () => undefined);
    server.close();
    const gone = await senderTo(t, url.replace('/readings', '/in?token=secret')).send('{}', 'k');
    t.match(gone, { kind: 'failed', reason: /ECONNREFUSED/ });
    t.notMatch(JSON.stringify(gone), 'secret');
  },
);

void t.test('an endless answer is not read to its end', async (t) => {
  const { url } = await listen(t, (_, response) => {
    response.writeHead(500);
    const more = () => {
      while (response.write('x'.repeat(65_536)));
      response.once('drain', more);
    };
    more();
  });
  const outcome = await senderTo(t, url).send('{}', 'k');
  t.match(outcome, { kind: 'failed' });
  t.ok(JSON.stringify(outcome).length < 400);
});

void t.test('a proxy is gone through, but not for hosts that are left out', async (t) => {
  const asked: string[] = [];
  const target = await listen(t, (_, response) => response.end());
  const proxy = await listen(t, (request, response) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    response.end();
  });
  // Where an agent tunnels plain HTTP as well.
  proxy.server.on('connect', (request, socket) => {
    asked.push(`${request.method ?? ''} ${request.url ?? ''}`);
    const upstream = connect(Number(new URL(target.url).port), '127.0.0.1', () => {
      socket.write('HTTP/1.1 200 OK\r\n\r\n');
      upstream.pipe(socket).pipe(upstream);
    });
  });
  const HTTP_PROXY = new URL(proxy.url).origin;
  t.match(await senderTo(t, target.url, { proxy: { HTTP_PROXY } }).send('{}', 'k'), { kind: 'delivered' });
  t.equal(asked.length, 1);
  t.match(asked[0], new URL(target.url).host);
  const direct = senderTo(t, target.url, { proxy: { HTTP_PROXY, NO_PROXY: '127.0.0.1' } });
  t.match(await direct.send('{}', 'k'), { kind: 'delivered' });
  t.equal(asked.length, 1);
});
