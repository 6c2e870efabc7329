// A WebSocket client that sends whatever text or bytes it is given, and waits for what comes back.
import { once } from 'node:events';
import { WebSocket } from 'ws';

type Message = readonly [number, string | number, ...unknown[]];

export class RawSocket {
  readonly #socket: WebSocket;
  readonly #answers = new Map<string | number, PromiseWithResolvers<Message>>();
  #sent = 0;

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString('utf8')) as Message;
      this.#promised(message[1]).resolve(message);
    });
    socket.on('error', () => undefined);
  }

  static async connect(ocppUrl: string, id: string): Promise<RawSocket> {
    const socket = new WebSocket(`${ocppUrl}/${id}`, 'ocpp1.6', { maxPayload: 0 });
    const raw = new RawSocket(socket);
    await once(socket, 'open');
    return raw;
  }

  send(data: string | Buffer): void {
    this.#socket.send(data);
  }

  /** Resolves with the message that has this id, as soon as it is there. */
  async answerTo(messageId: string | number, withinMs = 60_000): Promise<Message> {
    const late = Promise.withResolvers<never>();
    const timer = setTimeout(
      () => late.reject(new Error(`no answer to ${messageId} in ${withinMs} ms`)),
      withinMs,
    );
    try {
      return await Promise.race([this.#promised(messageId).promise, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  }

  /** Sends a CALL whose payload is this JSON text; without one the CALL has three elements. */
  async ask(action: string, payloadText?: string): Promise<Message> {
    this.#sent += 1;
    const head = `[2,"raw-${this.#sent}",${JSON.stringify(action)}`;
    this.send(payloadText === undefined ? `${head}]` : `${head},${payloadText}]`);
    return this.answerTo(`raw-${this.#sent}`);
  }

  /** Resolves with the code when the server has closed the connection. */
  async closed(): Promise<number> {
    const [code] = (await once(this.#socket, 'close')) as [number];
    return code;
  }

  #promised(messageId: string | number): PromiseWithResolvers<Message> {
    const promised = this.#answers.get(messageId) ?? Promise.withResolvers<Message>();
    this.#answers.set(messageId, promised);
    return promised;
  }

  terminate(): void {
    this.#socket.terminate();
  }
}
