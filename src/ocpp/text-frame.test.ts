// Frames as a client that others wrote reads them: every length has its own form of the header.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import t, { type Test } from 'tap';
import { WebSocket, WebSocketServer } from 'ws';
import { textFrame } from './text-frame.ts';

/** Writes the frame under a connection, and tells what the client takes it for. */
async function wireOf(t: Test): Promise<(text: string) => Promise<string>> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1' });
  t.teardown(() => server.close());
  await once(server, 'listening');
  const connected = once(server, 'connection');
  const client = new WebSocket(`ws://127.0.0.1:${(server.address() as AddressInfo).port}`);
  t.teardown(() => client.terminate());
  const [, request] = (await connected) as [WebSocket, { socket: { write(bytes: Buffer): void } }];
  return async (text) => {
    const heard = once(client, 'message');
    request.socket.write(textFrame(text));
    const [data, isBinary] = (await heard) as [Buffer, boolean];
    return `${isBinary ? 'binary' : 'text'} ${data.toString()}`;
  };
}

void t.test('a text of any length is read as it was written', async (t) => {
  const asRead = await wireOf(t);
  for (const length of [0, 1, 125, 126, 127, 65_535, 65_536, 200_000]) {
    const text = 'x'.repeat(length);
    t.equal(await asRead(text), `text ${text}`, `${length} characters`);
  }
});

void t.test('the length is that of the bytes, not of the characters', async (t) => {
  const asRead = await wireOf(t);
  for (const text of ['ü'.repeat(63), 'ı€😀', 'ğ'.repeat(40_000)])
    t.equal(await asRead(text), `text ${text}`);
});
