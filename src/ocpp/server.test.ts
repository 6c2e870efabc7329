// The server with real sockets: handshake, identity, who counts as connected, limits and hostile bytes.
import { connect as connectTcp, type Socket } from 'node:net';
import { once } from 'node:events';
import t, { type Test } from 'tap';
import { systemClock, type Clock } from '../runtime/clock.ts';
import { OcppServerError } from './errors.ts';
import { startServer, type TestServer } from './server.test-kit.ts';

const heartbeat = '[2,"1","Heartbeat",{}]';

t.test('a charger is connected, answered, and gone when it closes', async (t) => {
  const s = await startServer(t);
  const charger = await s.connect('/ocpp/CP1?x=1');
  t.strictSame(s.presence, ['connected CP1']);
  t.ok(s.server.isConnected('CP1'));
  t.strictSame(s.server.connectedIds(), ['CP1']);
  charger.send(heartbeat);
  t.match(await charger.next(), [3, '1', { currentTime: /Z$/ }]);
  t.strictSame(s.heard, ['CP1']);
  charger.socket.close();
  await s.until(() => s.presence.includes('disconnected CP1 closed'));
  t.notOk(s.server.isConnected('CP1'));
  t.strictSame(await s.server.call('CP1', 'ClearCache', {}), { kind: 'offline' });
});

for (const [offer, answer] of [
  [['ocpp1.6'], 'ocpp1.6'],
  [['OCPP1.6'], 'OCPP1.6'],
  [['ocpp2.0.1', 'ocpp1.6'], 'ocpp1.6'],
  [['socpp1.6'], 'socpp1.6'],
  [[], ''],
] as const) {
  t.test(`a charger that offers ${JSON.stringify(offer)} is taken with '${answer}'`, async (t) => {
    const s = await startServer(t);
    const charger = await s.connect('/CP1', [...offer]);
    t.equal(charger.socket.protocol, answer);
    charger.send(heartbeat);
    t.match(await charger.next(), [3, '1', {}]);
  });
}

for (const offer of ['ocpp1.6,', 'ocpp1.6, ocpp1.6', '"ocpp1.6"', '', 'ocpp/1.6']) {
  t.test(`a charger whose header '${offer}' is illegal is taken all the same`, async (t) => {
    const s = await startServer(t);
    const answer = await exchange(t, s, upgradeRequest('/CP1', `Sec-WebSocket-Protocol: ${offer}\r\n`));
    t.match(answer, /^HTTP\/1.1 101 /);
    t.equal(/sec-websocket-protocol/i.test(answer), offer.includes('ocpp1.6'));
  });
}

t.test('an id is known under its canonical spelling', async (t) => {
  const s = await startServer(t, { canonicalId: (id) => id.toUpperCase() });
  await s.connect('/cp1');
  t.strictSame(s.server.connectedIds(), ['CP1']);
});

t.test('the newest connection of an id wins, and the end of the old one does not remove it', async (t) => {
  const s = await startServer(t);
  const old = await s.connect('/CP1');
  const pending = s.server.call('CP1', 'ClearCache', {});
  await old.next();
  const newer = await s.connect('/CP1');
  t.strictSame(await pending, { kind: 'offline' });
  t.equal((await old.closed).code, 1006);
  t.strictSame(s.presence, ['connected CP1', 'disconnected CP1 replaced', 'connected CP1']);
  t.ok(s.server.isConnected('CP1'));
  newer.send(heartbeat);
  t.match(await newer.next(), [3, '1', {}]);
  const call = s.server.call('CP1', 'ClearCache', {});
  const [, id] = (await newer.next()) as [number, string];
  newer.send(JSON.stringify([3, id, { status: 'Accepted' }]));
  t.match(await call, { kind: 'result' });
});

t.test('a path without an id is refused with 404', async (t) => {
  const s = await startServer(t);
  t.match(await exchange(t, s, upgradeRequest('/')), /^HTTP\/1.1 404 /);
  t.strictSame(s.presence, []);
});

t.test('a handshake without a key is refused and its socket closed', async (t) => {
  const s = await startServer(t);
  const request = upgradeRequest('/CP1').replace(/Sec-WebSocket-Key[^\n]*\n/, '');
  t.match(await exchange(t, s, request), /^HTTP\/1.1 400 /);
});

t.test('connections above the limit are refused, a known charger may still reconnect', async (t) => {
  const s = await startServer(t, { options: { maxConnections: 1 } });
  await s.connect('/CP1');
  t.match(await exchange(t, s, upgradeRequest('/CP2')), /^HTTP\/1.1 503 /);
  await s.connect('/CP1');
  t.strictSame(s.server.connectedIds(), ['CP1']);
});

t.test('a browser is told what the port is for', async (t) => {
  const s = await startServer(t);
  const response = await fetch(`http://${s.host}:${s.port}/CP1`);
  t.equal(response.status, 426);
  t.match(await response.text(), /OCPP 1.6-J/);
  t.equal((await fetch(`http://${s.host}:${s.port}/`, { method: 'POST' })).status, 404);
});

t.test('TLS on the plain port is logged with a hint, once for many, and closed', async (t) => {
  const s = await startServer(t);
  for (let count = 0; count < 3; count++) await exchange(t, s, Buffer.from('16030100a50100', 'hex'));
  const lines = s.lines.filter(({ message }) => message.includes('TLS'));
  t.match(lines, [{ level: 'warn', fields: { hint: /ws:\/\// } }]);
  t.equal(lines.length, 1);
});

t.test('garbage bytes are closed and the server lives', async (t) => {
  const s = await startServer(t);
  for (const bytes of [
    Buffer.from([0, 255, 1, 2]),
    Buffer.from('hello\r\n\r\n'),
    Buffer.alloc(100_000, 65),
  ]) {
    await exchange(t, s, bytes);
  }
  const reset = await open(t, s);
  reset.resetAndDestroy();
  const charger = await s.connect('/CP1');
  charger.send(heartbeat);
  t.match(await charger.next(), [3, '1', {}]);
});

t.test('a frame of 2 MiB closes its connection with 1009 and no other', async (t) => {
  const s = await startServer(t);
  const good = await s.connect('/CP1');
  const bad = await s.connect('/CP2');
  bad.send(`[2,"1","DataTransfer",{"data":"${'x'.repeat(2 * 1024 * 1024)}"}]`);
  t.equal((await bad.closed).code, 1009);
  t.ok(s.presence.includes('disconnected CP2 error'));
  t.strictSame(s.server.connectedIds(), ['CP1']);
  good.send(heartbeat);
  t.match(await good.next(), [3, '1', {}]);
});

t.test(
  'an idle charger is pinged, a silent one is cut after the limit, one that only pongs is not',
  async (t) => {
    const { clock, advance } = steppedClock();
    const s = await startServer(t, { clock, options: { heartbeatIntervalMs: 100_000 } });
    const living = await s.connect('/CP1');
    const silent = await s.connect('/CP2', 'ocpp1.6', { autoPong: false });
    for (let seconds = 0; seconds < 290; seconds += 29) {
      const pinged = [once(living.socket, 'ping'), once(silent.socket, 'ping')];
      advance(30_000);
      await Promise.all(pinged);
      // Its pong must have arrived before the clock goes on: a later message on the same socket proves it.
      living.send(heartbeat);
      await living.next();
    }
    t.strictSame(s.server.connectedIds(), ['CP1', 'CP2']);
    advance(2_000);
    t.strictSame(s.server.connectedIds(), ['CP1']);
    t.ok(s.presence.includes('disconnected CP2 silent'));
    t.equal((await silent.closed).code, 1006);
  },
);

t.test('closing says 1001 to everybody and frees the port', async (t) => {
  const s = await startServer(t);
  const charger = await s.connect('/CP1');
  const pending = s.server.call('CP1', 'ClearCache', {});
  await s.server.close();
  t.equal((await charger.closed).code, 1001);
  t.strictSame(await pending, { kind: 'offline' });
  t.ok(s.presence.includes('disconnected CP1 shutdown'));
  await startServer(t, { options: { port: s.port } });
});

t.test('closing does not wait for a charger that does not answer', async (t) => {
  const s = await startServer(t);
  const charger = await s.connect('/CP1');
  charger.socket.pause();
  await s.server.close();
  t.strictSame(s.server.connectedIds(), []);
});

t.test('a port in use, a foreign address and a forbidden port are told apart', async (t) => {
  const s = await startServer(t);
  await t.rejects(startServer(t, { options: { port: s.port } }), {
    code: 'portInUse',
    hint: /--ocpp-port/,
    message: new RegExp(String(s.port)),
  });
  const error: unknown = await startServer(t, { options: { host: '192.0.2.1' } }).catch((e: unknown) => e);
  t.ok(error instanceof OcppServerError && error.code === 'badHost');
});

function upgradeRequest(path: string, headers = ''): string {
  return (
    `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n` +
    `Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\n${headers}\r\n`
  );
}

async function open(t: Test, { host, port }: TestServer): Promise<Socket> {
  const socket = connectTcp(port, host);
  t.teardown(() => socket.destroy());
  await once(socket, 'connect');
  return socket;
}

/** Sends bytes; resolves with what came back until the server closed or the head of an accepted upgrade was there. */
async function exchange(t: Test, s: TestServer, bytes: string | Buffer): Promise<string> {
  const socket = await open(t, s);
  return new Promise((resolve) => {
    let answer = '';
    socket.on('data', (chunk) => {
      answer += chunk.toString('latin1');
      if (answer.startsWith('HTTP/1.1 101') && answer.endsWith('\r\n\r\n')) resolve(answer);
    });
    // The server may close before it has read everything: a reset is as good as an end.
    socket.on('error', () => resolve(answer));
    socket.on('close', () => resolve(answer));
    socket.write(bytes);
  });
}

/** The system's clock for short timers, with a monotonic time and a checking timer that the test moves. */
function steppedClock(): { clock: Clock; advance: (ms: number) => void } {
  let nowMs = 0;
  const timers = new Set<{ atMs: number; fire: () => void }>();
  return {
    clock: {
      now: () => systemClock.now(),
      monotonicMs: () => nowMs,
      after(delayMs, fire) {
        const timer = { atMs: nowMs + delayMs, fire };
        timers.add(timer);
        return () => timers.delete(timer);
      },
    },
    advance(ms) {
      nowMs += ms;
      for (const timer of [...timers]) if (timer.atMs <= nowMs && timers.delete(timer)) timer.fire();
    },
  };
}
