// One connection of a charge point that may break at any moment: a CALL is answered, or the connection is lost. It never hangs.
import { WebSocket } from 'ws';

export type Payload = Readonly<Record<string, unknown>>;

/** The connection ended before the answer came: nobody knows whether the message was handled. */
export class ConnectionLost extends Error {}

export class ChargerSocket {
  /** Resolves when the connection has ended and everything that came over it was handled. */
  readonly closed: Promise<undefined>;
  readonly #socket: WebSocket;
  #outstanding: { messageId: string; answered: PromiseWithResolvers<Payload> } | null = null;
  #isClosed = false;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    const closed = Promise.withResolvers<undefined>();
    this.closed = closed.promise;
    socket.on('message', (data: Buffer) => this.#onMessage(data.toString('utf8')));
    socket.on('close', () => {
      this.#isClosed = true;
      this.#outstanding?.answered.reject(new ConnectionLost());
      closed.resolve(undefined);
    });
  }

  /** Null when nobody takes the connection. */
  static async open(ocppUrl: string, id: string): Promise<ChargerSocket | null> {
    const socket = new WebSocket(`${ocppUrl}/${id}`, 'ocpp1.6');
    const opened = Promise.withResolvers<ChargerSocket | null>();
    // What happens to the connection is told by 'close', which follows every error.
    socket.on('error', () => undefined);
    socket.once('close', () => opened.resolve(null));
    // Made here and not after an await: the first frames may come together with the handshake.
    socket.once('open', () => opened.resolve(new ChargerSocket(socket)));
    return opened.promise;
  }

  /** Resolves with the payload of the CALLRESULT; rejects with ConnectionLost, or an Error for a CALLERROR. */
  call(messageId: string, action: string, payload: Payload): Promise<Payload> {
    if (this.#isClosed) return Promise.reject(new ConnectionLost());
    const answered = Promise.withResolvers<Payload>();
    this.#outstanding = { messageId, answered };
    this.#socket.send(JSON.stringify([2, messageId, action, payload]), () => undefined);
    return answered.promise;
  }

  async close(): Promise<void> {
    this.#socket.close();
    await this.closed;
  }

  #onMessage(text: string): void {
    const message = JSON.parse(text) as [number, string, ...unknown[]];
    const [type, messageId] = message;
    if (type === 2) {
      this.#socket.send(JSON.stringify([3, messageId, { status: 'Accepted' }]), () => undefined);
      return;
    }
    if (this.#outstanding?.messageId !== messageId) throw new Error(`nobody asked for this answer: ${text}`);
    const { answered } = this.#outstanding;
    this.#outstanding = null;
    if (type === 3) answered.resolve(message[2] as Payload);
    else answered.reject(new Error(`refused: ${text}`));
  }
}
