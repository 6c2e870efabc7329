// A charger made of somebody else's OCPP client (ocpp-rpc) in strict mode: it checks every frame that kwota sends by schemas of its own.
import type { Test } from 'tap';
import { RPCClient, type IHandlersOption } from 'ocpp-rpc';
import { until } from './until.ts';

type Payload = Readonly<Record<string, unknown>>;

export class StrictChargePoint {
  /** What it has found wrong, in either direction. */
  readonly complaints: string[] = [];
  /** CALLs of the central system that it has let through, oldest first. */
  readonly received: (readonly [action: string, payload: Payload])[] = [];
  answer: (action: string, payload: Payload) => Payload = () => ({ status: 'Accepted' });
  readonly #client: RPCClient;

  private constructor(client: RPCClient) {
    this.#client = client;
    client.handle((call: IHandlersOption) => {
      const { method = '', params = {} } = call;
      this.received.push([method, params]);
      return Promise.resolve(this.answer(method, params));
    });
    client.on('strictValidationFailure', ({ method, error }: { method: string; error: Error }) =>
      this.complaints.push(`${method}: ${error.message}`),
    );
    client.on('badMessage', ({ buffer, error }: { buffer: Buffer; error: Error }) =>
      this.complaints.push(`${error.message}: ${buffer.toString()}`),
    );
  }

  /** Hangs up with the test. */
  static async connect(t: Test, ocppUrl: string, id: string): Promise<StrictChargePoint> {
    const client = new RPCClient({
      ...{ endpoint: ocppUrl, identity: id, protocols: ['ocpp1.6'], strictMode: true },
      ...{ reconnect: false, callTimeoutMs: 60_000, callConcurrency: 1, maxBadMessages: Infinity },
    } as ConstructorParameters<typeof RPCClient>[0]);
    const charger = new StrictChargePoint(client);
    t.teardown(() => client.close({ force: true }));
    await client.connect();
    return charger;
  }

  get protocol(): string | undefined {
    return this.#client.protocol;
  }

  /** Rejects for a CALLERROR, and for an answer against the schema. */
  async call(action: string, payload: Payload = {}): Promise<Payload> {
    return (await this.#client.call(action, payload)) as Payload;
  }

  /** The payload of the first CALL of this action. */
  async next(action: string): Promise<Payload> {
    const found = await until(action, () => this.received.find(([name]) => name === action) ?? null);
    return found[1];
  }
}
