// Catalogue of chargers: how they dial, what they call themselves, how they keep or lose the line. Over real sockets.
import { connect } from 'node:net';
import { once } from 'node:events';
import t from 'tap';
import { startServer } from '../../src/ocpp/server.test-kit.ts';
import { KEEP_OLDER_MS, MAX_SWAPS_PER_MINUTE, QUIET_MS } from '../../src/ocpp/rivals.ts';
import { createManualClock } from '../../src/runtime/manual-clock.ts';
import { readHealth } from '../kit/health.ts';
import { Site } from '../kit/services.ts';
import { until } from '../kit/until.ts';
import { Charger } from './charger.ts';
import { startLiveSite, type Dial } from './live-site.ts';

const HERE: Dial = { localAddress: '127.0.0.1' };
const ELSEWHERE: Dial = { localAddress: '127.0.0.2' };

void t.test('1: a charger that offers no subprotocol charges, and none is confirmed to it', async (t) => {
  const site = await startLiveSite(t);
  const line = await site.dial('/CP1', { protocols: [] });
  t.equal(line.socket.protocol, '');
  const id = await line.start();
  await line.stop(id, 3000, '11:30');
  t.equal(site.usedWh('A'), 2000);
});

void t.test('2: of a list of versions 1.6 is taken, whatever stands first', async (t) => {
  const site = await startLiveSite(t);
  for (const protocols of [
    ['ocpp1.6', 'ocpp1.5'],
    ['ocpp2.0.1', 'ocpp1.6'],
  ]) {
    const line = await site.dial('/CP1', { protocols });
    t.equal(line.socket.protocol, 'ocpp1.6');
    t.match(await line.boot(), { status: 'Accepted' });
  }
});

void t.test('3: a misspelt subprotocol is confirmed as it was written', async (t) => {
  const site = await startLiveSite(t);
  for (const name of ['OCPP1.6', 'ocpp1.6J', 'socpp1.6']) {
    const line = await site.dial('/CP1', { protocols: [name] });
    t.equal(line.socket.protocol, name);
    t.match(await line.boot(), { status: 'Accepted' });
  }
});

/** What comes back for the bytes of a request, up to the end of its head. */
async function headFor(ocppUrl: string, request: string | Buffer): Promise<string> {
  const socket = connect(Number(new URL(ocppUrl).port), '127.0.0.1');
  const answer = new Promise<string>((resolve) => {
    let said = '';
    socket.on('data', (data) => {
      said += data.toString('latin1');
      if (said.includes('\r\n\r\n')) resolve(said);
    });
    // A reset is as good as an end.
    socket.on('error', () => resolve(said));
    socket.on('close', () => resolve(said));
  });
  await once(socket, 'connect');
  socket.write(request);
  const said = await answer;
  socket.destroy();
  return said;
}

function upgradeRequest(path: string, headers: string): string {
  return (
    `GET ${path} HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
    `Sec-WebSocket-Key: ${Buffer.alloc(16).toString('base64')}\r\n${headers}\r\n\r\n`
  );
}

void t.test('4: a subprotocol header that is no legal list is no reason to refuse', async (t) => {
  const { ocppUrl } = await startLiveSite(t);
  for (const offer of ['', 'ocpp1.6,', 'ocpp1.6, ocpp1.6', 'ocpp1.6 ocpp1.5', '"ocpp1.6"', 'ocpp/1.6']) {
    const headers = `Connection: Upgrade\r\nSec-WebSocket-Protocol: ${offer}`;
    t.match(await headFor(ocppUrl, upgradeRequest('/CP1', headers)), /^HTTP\/1\.1 101 /, offer);
  }
});

void t.test('6: without Connection: Upgrade it is told that this is a port for WebSocket', async (t) => {
  const { ocppUrl } = await startLiveSite(t);
  for (const headers of ['Connection: keep-alive', 'Connection: websocket']) {
    const said = await headFor(ocppUrl, upgradeRequest('/CP1', headers));
    t.match(said, /^HTTP\/1\.1 426 [^]*upgrade: websocket/i, headers);
  }
});

void t.test('8: TLS on the plain port is closed, and said in the log with what to set', async (t) => {
  const site = await startLiveSite(t);
  t.equal(await headFor(site.ocppUrl, Buffer.from('16030100a5010000a1', 'hex')), '');
  t.match(site.log(), /a charger tries TLS on the plain port.*ws:\/\//);
});

void t.test('9: slashes before, behind and within the path are one charger', async (t) => {
  const site = await startLiveSite(t);
  const id = await (await site.dial('///CP1')).start();
  await (await site.dial('/CP1/')).stop(id, 3000, '11:30');
  t.match(site.sessions(), [{ chargePointId: 'CP1', end: { evidence: 'meterStop' } }]);
  t.equal(site.sessions().length, 1);
});

void t.test('10: the paths of other central systems are dropped', async (t) => {
  const s = await startServer(t);
  for (const prefix of ['/ocpp', '/steve/websocket/CentralSystemService']) {
    await s.connect(`${prefix}/CP1`);
    t.same(s.server.connectedIds(), ['CP1'], prefix);
  }
});

void t.test('11: a query is no part of the id', async (t) => {
  const s = await startServer(t);
  await s.connect('/CP1?token=secret');
  t.same(s.server.connectedIds(), ['CP1']);
});

void t.test('12: blanks, dots, other letters and broken escapes are taken', async (t) => {
  const s = await startServer(t);
  const paths = ['/TACW1142021G1020.1', '/My%20Box', '/%C5%9Earj', '/a%zzb', '/GaroCS-4133AAAA46980'];
  for (const path of paths) await s.connect(path);
  t.same(s.server.connectedIds(), ['TACW1142021G1020.1', 'My Box', 'Şarj', 'a%zzb', 'GaroCS-4133AAAA46980']);
});

void t.test('13: an id in another case is the charger that is known', async (t) => {
  const site = await startLiveSite(t);
  const id = await (await site.dial('/Garage')).start();
  await (await site.dial('/GARAGE')).stop(id, 3000, '11:30');
  t.match(site.sessions(), [{ chargePointId: 'Garage', end: { evidence: 'meterStop' } }]);
  t.equal(site.sessions().length, 1);
});

void t.test('E1: the station id behind the configured path belongs to the id', async (t) => {
  const site = await startLiveSite(t);
  await (await site.dial('/SCHNEIDER/EVlinkProAC')).start();
  await (await site.dial('/SCHNEIDER/EVlinkProAC2')).start({ idTag: 'B' });
  t.match(
    site.sessions().map(({ chargePointId, end }) => [chargePointId, end]),
    [
      ['SCHNEIDER/EVlinkProAC', null],
      ['SCHNEIDER/EVlinkProAC2', null],
    ],
  );
});

void t.test('E1: with the path as prefix, the station id alone is the id', async (t) => {
  const site = await startLiveSite(t, 'ocpp:\n  pathPrefix: SCHNEIDER\n');
  await (await site.dial('/SCHNEIDER/EVlinkProAC')).start();
  t.match(site.sessions(), [{ chargePointId: 'EVlinkProAC' }]);
});

void t.test(
  'L1: two chargers with one id raise an alarm and do not throw each other out for ever',
  async (t) => {
    const site = await startLiveSite(t);
    let connected = await site.dial('/LIVOLTEK', HERE);
    for (let swap = 1; swap <= MAX_SWAPS_PER_MINUTE; swap += 1) {
      connected = await site.dial('/LIVOLTEK', swap % 2 === 1 ? ELSEWHERE : HERE);
    }
    await t.rejects(site.dial('/LIVOLTEK', HERE), { message: /503/ });
    t.match(await connected.boot(), { status: 'Accepted' }, 'who was there last is served');
    const { problems } = await readHealth(site.apiUrl);
    t.match(problems, [/^duplicate identity: .*LIVOLTEK, at 127\.0\.0\.1 and 127\.0\.0\.2;/]);
    t.ok(await site.dial('/LIVOLTEK', ELSEWHERE), 'it may redial itself');
  },
);

void t.test('24: after a power cut the charger dials again, and its session goes on', async (t) => {
  const site = await startLiveSite(t);
  const before = await site.dial('/CP1');
  const id = await before.start();
  await before.register(id, 2000, '11:10');
  const after = await site.dial('/CP1');
  t.equal(await before.closed, 1006, 'the line that only looked alive is cut');
  await after.register(id, 2000, '11:10');
  await after.register(id, 3000, '11:20');
  await after.stop(id, 3100, '11:21');
  t.equal(site.usedWh('A'), 2100, 'a sample that is sent again counts once');
  t.equal(site.sessions().length, 1);
});

void t.test('24: of two chargers with one id the connected one keeps it for a minute', async (t) => {
  const clock = createManualClock();
  const s = await startServer(t, { clock });
  const swaps = async () => {
    for (let swap = 1; swap <= MAX_SWAPS_PER_MINUTE; swap += 1) {
      await s.connect('/CP1', 'ocpp1.6', swap % 2 === 1 ? ELSEWHERE : HERE);
    }
    await t.rejects(s.connect('/CP1', 'ocpp1.6', HERE), { message: /503/ });
  };
  const contested = () => s.presence.filter((line) => line.startsWith('contested'));
  await s.connect('/CP1', 'ocpp1.6', HERE);
  await swaps();
  t.same(contested(), ['contested CP1 127.0.0.2 127.0.0.1']);
  clock.advance(KEEP_OLDER_MS - 1);
  await t.rejects(s.connect('/CP1', 'ocpp1.6', HERE), { message: /503/ });
  clock.advance(1);
  await s.connect('/CP1', 'ocpp1.6', HERE);
  t.equal(contested().length, 1);
  clock.advance(QUIET_MS);
  t.same(contested().slice(1), ['contested CP1'], 'over when nobody has contested it for long');
});

void t.test('24: a charger that changes its network now and then is always taken', async (t) => {
  const clock = createManualClock();
  const s = await startServer(t, { clock });
  for (let dial = 0; dial < 3 * MAX_SWAPS_PER_MINUTE; dial += 1) {
    await s.connect('/CP1', 'ocpp1.6', dial % 2 === 1 ? ELSEWHERE : HERE);
    clock.advance(15_000);
  }
  t.same(s.server.connectedIds(), ['CP1']);
  t.notOk(s.presence.some((line) => line.startsWith('contested')));
});

void t.test('25: the late end of the old line does not take the new one away', async (t) => {
  const site = await startLiveSite(t);
  const before = await site.dial('/CP1');
  const after = await site.dial('/CP1');
  await before.closed;
  await until('the old one is gone', () => site.log().includes('reason=replaced'));
  await after.boot();
  const id = await after.start();
  await after.register(id, 22_000, '11:50');
  const [, , , payload] = await after.nextCall('RemoteStopTransaction');
  t.same(payload, { transactionId: id }, 'CALLs go to the new one');
});

void t.test('21: a charger that only pings is alive', async (t) => {
  const clock = createManualClock();
  const s = await startServer(t, { clock, options: { pingIntervalMs: 0 } });
  const charger = await s.connect('/CP1');
  for (let minute = 0; minute < 10; minute += 2) {
    clock.advance(120_000);
    const answered = once(charger.socket, 'pong');
    charger.socket.ping();
    await answered;
  }
  t.same(s.server.connectedIds(), ['CP1']);
  clock.advance(200_000);
  t.same(s.server.connectedIds(), [], 'one that says nothing at all is not');
});

void t.test('22: a charger that answers no ping but talks is alive', async (t) => {
  const clock = createManualClock();
  const s = await startServer(t, { clock });
  const charger = await s.connect('/CP1', 'ocpp1.6', { autoPong: false });
  for (let minute = 0; minute < 10; minute += 2) {
    clock.advance(120_000);
    charger.send('[2,"1","Heartbeat",{}]');
    await charger.next();
  }
  t.same(s.server.connectedIds(), ['CP1']);
  clock.advance(200_000);
  t.same(s.server.connectedIds(), [], 'one that says nothing at all is not');
});

void t.test('L11: without pings the samples are sign of life enough', async (t) => {
  const clock = createManualClock();
  const s = await startServer(t, { clock, options: { pingIntervalMs: 0 } });
  const charger = await s.connect('/LIVOLTEK', 'ocpp1.6', { autoPong: false });
  for (let sample = 0; sample < 20; sample += 1) {
    clock.advance(33_000);
    charger.send('[2,"1","MeterValues",{"connectorId":1,"meterValue":[]}]');
    await charger.next();
  }
  t.same(s.server.connectedIds(), ['LIVOLTEK']);
});

void t.test('23: silence is borne for three heartbeats, not for one', async (t) => {
  const clock = createManualClock();
  const heartbeatIntervalMs = 100_000;
  const s = await startServer(t, { clock, options: { heartbeatIntervalMs, pingIntervalMs: 0 } });
  await s.connect('/CP1');
  clock.advance(2.9 * heartbeatIntervalMs);
  t.same(s.server.connectedIds(), ['CP1']);
  clock.advance(0.2 * heartbeatIntervalMs);
  t.same(s.server.connectedIds(), []);
});

void t.test('26: a charger that stays away for hours keeps its session', (t) => {
  const site = new Site();
  const charger = new Charger(site);
  const { transactionId } = charger.start();
  charger.wait(10);
  charger.register('1000', { transactionId });
  site.services.chargePoints.disconnected('CP1');
  for (let quarter = 0; quarter < 24; quarter += 1) {
    charger.wait(15);
    site.services.sessions.endAbandoned(site.clock.now());
  }
  site.services.chargePoints.connected('CP1');
  t.equal(charger.session(transactionId).end, null);
  charger.register('9000', { transactionId });
  t.equal(site.used('A'), 9000, 'with what flowed in between');
  t.end();
});

void t.test('27: an empty text or the word pong is a sign of life and gets no answer', async (t) => {
  const site = await startLiveSite(t);
  const line = await site.dial('/CP1');
  for (const text of ['', ' ', 'pong', 'PING', '"pong"']) line.send(text);
  t.match(await line.boot(), { status: 'Accepted' }, 'the first answer is that of the boot');
  t.notMatch(site.log(), /cannot be read/);
});
