// A connection that is dead on one side only, as a mobile link or a pulled cable leaves it: the charger comes back on a new one and goes
// on, nobody waits for the dead one, and what it left half said is not taken.
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import t, { type Test } from 'tap';
import { ChargePoint, registerSample } from '../kit/charge-point.ts';
import { makeDataDir } from '../kit/data-dir.ts';
import { readUsage } from '../kit/data-folder.ts';
import { DAYTIME_ZONE } from '../kit/daytime-zone.ts';
import { startKwota } from '../kit/kwota-process.ts';
import { until } from '../kit/until.ts';

const HANDSHAKE =
  'GET /CP1 HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n' +
  'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: ocpp1.6\r\n\r\n';

const site = async (t: Test) => {
  const dataDir = makeDataDir(t, { 'users1.csv': 'id_tag,quota_kwh\nTAG1,1000\n' });
  const kwota = await startKwota({ dataDir, env: { TZ: DAYTIME_ZONE } });
  t.teardown(() => kwota.kill());
  return { dataDir, kwota };
};

/** A client that has sent these bytes after its handshake, and from then on neither reads nor closes. */
async function deadLink(t: Test, ocppUrl: string, bytes: Buffer): Promise<Socket> {
  const socket = connect(Number(new URL(ocppUrl).port), '127.0.0.1');
  t.teardown(() => socket.destroy());
  socket.on('error', () => undefined);
  await once(socket, 'connect');
  socket.write(HANDSHAKE);
  await once(socket, 'data');
  socket.pause();
  socket.write(bytes);
  return socket;
}

function masked(text: string): Buffer {
  const payload = Buffer.from(text);
  const head = Buffer.from([0x81, 0x80 | 126, payload.length >>> 8, payload.length & 255, 0, 0, 0, 0]);
  return Buffer.concat([head, payload]);
}

const start = { connectorId: 1, idTag: 'TAG1', meterStart: 0, timestamp: '2026-11-30T10:00:00Z' };

void t.test(
  'a charger whose link died in the middle of a message comes back and is served at once',
  async (t) => {
    const { dataDir, kwota } = await site(t);
    const half = masked(JSON.stringify([2, '1', 'StartTransaction', start])).subarray(0, 60);
    await deadLink(t, kwota.ocppUrl, half);
    await until('it is connected', () => kwota.log().includes('charger connected charger=CP1'));
    const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
    const { transactionId } = await charger.call('StartTransaction', {
      ...start,
      timestamp: new Date().toISOString(),
    });
    const meterValue = [registerSample(700, new Date())];
    await charger.call('MeterValues', { connectorId: 1, transactionId, meterValue });
    t.equal(await kwota.stop(), 0, 'and the dead one does not hold up the stop');
    t.same(readUsage(dataDir), { TAG1: 0.7 });
  },
);

void t.test('an answer that a dead link swallowed is given again on the next, and counts once', async (t) => {
  const { dataDir, kwota } = await site(t);
  const message = { ...start, timestamp: new Date().toISOString() };
  const link = await deadLink(
    t,
    kwota.ocppUrl,
    masked(JSON.stringify([2, '1', 'StartTransaction', message])),
  );
  // The server ends it by itself when that takes long, by a reset or in order.
  const cut = new Promise((resolve) => link.once('close', resolve));
  await until('it was handled', () => kwota.log().includes('[TRANSACTION] started charger=CP1'));
  const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
  const again = await charger.call('StartTransaction', message);
  t.match(again, { idTagInfo: { status: 'Accepted' } });
  t.match(kwota.log(), new RegExp(`started charger=CP1 .*transaction=${String(again['transactionId'])} `));
  const stop = { transactionId: again['transactionId'], meterStop: 900, timestamp: new Date().toISOString() };
  await charger.call('StopTransaction', stop);
  link.resume();
  await cut;
  t.equal(await kwota.stop(), 0);
  t.same(readUsage(dataDir), { TAG1: 0.9 });
});
