// A central system that others wrote, in strict mode: it takes every charger, and notes each frame that its schemas refuse.
import type { AddressInfo } from 'node:net';
import { RPCServer } from 'ocpp-rpc';
import type { Test } from 'tap';

type Handler = (message: { readonly params: Readonly<Record<string, unknown>> }) => object;

/** What the package's types leave open. */
interface Client {
  readonly identity: string;
  handle(action: string, handler: Handler): void;
  handle(handler: () => never): void;
  on(event: string, listener: (told: { readonly error?: unknown; readonly method?: string }) => void): void;
  call(action: string, payload: object): Promise<object>;
}

export interface StrictCentralSystem {
  readonly url: string;
  /** `SIM001 MeterValues`, as often as it came. */
  readonly seen: Map<string, number>;
  /** What is against the schemas of the standard. */
  readonly wrong: string[];
  /** Says a CALL to each charger; answers are checked as well. */
  callAll(action: string, payload: object): Promise<void>;
}

const REFUSED_TAG = 'NOBODY';

export async function startStrictCentralSystem(t: Test): Promise<StrictCentralSystem> {
  const server = new RPCServer({ protocols: ['ocpp1.6'], strictMode: true, respondWithDetailedErrors: true });
  const clients = new Map<string, Client>();
  const seen = new Map<string, number>();
  const wrong: string[] = [];
  let transactionId = 0;
  const idTagInfoOf = (idTag: unknown) => ({ status: idTag === REFUSED_TAG ? 'Invalid' : 'Accepted' });
  const currentTime = () => new Date().toISOString();
  const handlers: Readonly<Record<string, Handler>> = {
    BootNotification: () => ({ status: 'Accepted', currentTime: currentTime(), interval: 300 }),
    Heartbeat: () => ({ currentTime: currentTime() }),
    StatusNotification: () => ({}),
    DiagnosticsStatusNotification: () => ({}),
    FirmwareStatusNotification: () => ({}),
    MeterValues: () => ({}),
    Authorize: ({ params }) => ({ idTagInfo: idTagInfoOf(params['idTag']) }),
    StartTransaction: ({ params }) => ({
      transactionId: (transactionId += 1),
      idTagInfo: idTagInfoOf(params['idTag']),
    }),
    StopTransaction: () => ({}),
  };
  server.auth((accept) => accept());
  server.on('client', (client: Client) => {
    clients.set(client.identity, client);
    client.on('strictValidationFailure', ({ error, method }) => {
      wrong.push(`${client.identity} ${method ?? ''} ${JSON.stringify(error)}`);
    });
    client.on('badMessage', ({ error }) => wrong.push(`${client.identity} ${String(error)}`));
    for (const [action, handler] of Object.entries(handlers))
      client.handle(action, (message) => {
        const key = `${client.identity} ${action}`;
        seen.set(key, (seen.get(key) ?? 0) + 1);
        return handler(message);
      });
  });
  const http = await server.listen(0, '127.0.0.1');
  t.teardown(() => server.close({ force: true }));
  return {
    ...{ seen, wrong },
    url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}`,
    async callAll(action, payload) {
      await Promise.all(
        Array.from(clients.values(), async (client) => {
          await client.call(action, payload).catch((error: unknown) => {
            wrong.push(`${client.identity} ${action}: ${String(error)}`);
          });
        }),
      );
    },
  };
}
