// Floods on real sockets: too many messages of one charger, too many connections, a page instead of a charger.
import { once } from 'node:events';
import { connect } from 'node:net';
import t from 'tap';
import { WebSocket } from 'ws';
import { until } from '../../test/kit/until.ts';
import { systemClock } from '../runtime/clock.ts';
import { silentLog } from '../runtime/log.ts';
import { createManualClock } from '../runtime/manual-clock.ts';
import { Listeners } from './listeners.ts';
import { MESSAGES_PER_SECOND } from './message-rate.ts';
import { createRefusals } from './refusal.ts';
import { startServer } from './server.test-kit.ts';

/** So that one read of the socket holds only some of it. */
const PADDING = ' '.repeat(500);

void t.test(
  'what a charger sends too fast is read later and answered in full, and others are served',
  async (t) => {
    const s = await startServer(t);
    const flood = await s.connect('/FLOOD');
    const other = await s.connect('/OTHER');
    const count = 3 * MESSAGES_PER_SECOND;
    const begunMs = performance.now();
    for (let n = 0; n < count; n += 1) flood.send(`[2,"${n}","Heartbeat",{}]${PADDING}`);
    await s.until(() => flood.pending() >= MESSAGES_PER_SECOND);
    other.send('[2,"x","Heartbeat",{}]');
    t.match(await other.next(), [3, 'x', {}]);
    t.ok(flood.pending() < count, 'long before the flood is through');
    await s.until(() => flood.pending() === count);
    const seconds = (performance.now() - begunMs) / 1000;
    t.ok(seconds > 1.5, `${count} messages in ${seconds} s`);
    const ids = await Promise.all(
      Array.from({ length: count }, async () => ((await flood.next()) as string[])[1]),
    );
    t.strictSame(
      ids,
      Array.from({ length: count }, (_, n) => String(n)),
      'each once, in order',
    );
    t.strictSame(s.presence, ['connected FLOOD', 'connected OTHER'], 'nobody was disconnected');
  },
);

void t.test(
  'a connection that comes too fast waits for its turn, or is closed before it costs anything',
  async (t) => {
    const waits: (number | null)[] = [0, 300, null];
    const upgrades: number[] = [];
    const begunMs = performance.now();
    const listeners = new Listeners({
      ...{ host: '127.0.0.1', port: 0, clock: systemClock, log: silentLog },
      refusals: createRefusals(systemClock, silentLog),
      rate: { waitOf: () => waits.shift() ?? null },
      onRequest: () => undefined,
      onUpgrade(_, stream) {
        upgrades.push(performance.now() - begunMs);
        stream.destroy();
      },
    });
    const { port } = await listeners.listen();
    t.teardown(async () => {
      listeners.closeAllConnections();
      await listeners.close();
    });
    for (let n = 0; n < 3; n += 1) {
      const socket = connect(port, '127.0.0.1');
      socket.on('error', () => undefined);
      socket.write('GET /CP1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
      await once(socket, 'close');
    }
    t.equal(upgrades.length, 2, 'the third was none');
    t.ok((upgrades[1] ?? 0) >= 290, `the second came after ${upgrades[1]} ms`);
  },
);

void t.test('who goes away while he waits for his turn harms nobody', async (t) => {
  const clock = createManualClock();
  const listeners = new Listeners({
    ...{ host: '127.0.0.1', port: 0, clock, log: silentLog },
    refusals: createRefusals(clock, silentLog),
    rate: { waitOf: () => 100 },
    onRequest: () => undefined,
    onUpgrade: () => t.fail('nobody is there'),
  });
  const { port } = await listeners.listen();
  const socket = connect(port, '127.0.0.1');
  socket.write('GET /CP1 HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n');
  await until('he waits for his turn', () => clock.pending() === 1);
  socket.resetAndDestroy();
  // Once nothing is connected any more, the server has seen that he is gone.
  await listeners.close();
  clock.advance(100);
  t.equal(clock.pending(), 0, 'his turn came');
});

const BROWSER =
  'Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36';

void t.test('a web page cannot act as a charger; a charger that names an origin can', async (t) => {
  const s = await startServer(t, { options: { webOrigins: ['http://simulator.example'] } });
  const outcomeOf = async (headers: Record<string, string>) => {
    const socket = new WebSocket(`ws://${s.host}:${s.port}/CP1`, 'ocpp1.6', { headers });
    t.teardown(() => socket.terminate());
    return new Promise((resolve) => {
      socket.on('open', () => resolve('open'));
      socket.on('unexpected-response', (_, response) => resolve(response.statusCode));
      socket.on('error', (error) => resolve(error.message));
    });
  };
  t.equal(await outcomeOf({ origin: 'http://evil.example', 'user-agent': BROWSER }), 403);
  t.equal(await outcomeOf({ origin: 'null', 'user-agent': BROWSER }), 403, 'a page from a file');
  t.equal(await outcomeOf({ origin: 'http://evil.example', 'sec-fetch-mode': 'websocket' }), 403);
  t.strictSame(s.presence, []);
  t.equal(await outcomeOf({ origin: 'http://simulator.example', 'user-agent': BROWSER }), 'open');
  const library = {
    origin: 'https://github.com/gilmaimon/TinyWebsockets',
    'user-agent': 'TinyWebsockets Client',
  };
  t.equal(await outcomeOf(library), 'open', 'Grizzl-E');
});
