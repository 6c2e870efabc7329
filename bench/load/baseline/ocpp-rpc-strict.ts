// A baseline: the library ocpp-rpc with its strict validation and constant answers. It stores nothing.
import { RPCServer } from 'ocpp-rpc';
import { tellReady } from './answer-all.ts';

/** What the package's types leave open. */
interface Client {
  handle(action: string, handler: () => object): void;
}

const server = new RPCServer({ protocols: ['ocpp1.6'], strictMode: true, pingIntervalMs: 60_000 });
const accepted = { idTagInfo: { status: 'Accepted' } };
let transactionId = 0;

server.auth((accept) => accept());
server.on('client', (client: Client) => {
  client.handle('BootNotification', () => ({
    status: 'Accepted',
    currentTime: new Date().toISOString(),
    interval: 300,
  }));
  client.handle('StatusNotification', () => ({}));
  client.handle('MeterValues', () => ({}));
  client.handle('Authorize', () => accepted);
  client.handle('StartTransaction', () => {
    transactionId += 1;
    return { transactionId, ...accepted };
  });
  client.handle('StopTransaction', () => accepted);
});
process.on('SIGTERM', () => process.exit());
const http = await server.listen(0, '127.0.0.1');
tellReady(http.address());
