// The chargers' port: HTTP upgrade, who is connected under which id, liveness, opening and closing. What is said on a connection is connection.ts's matter.
import type { IncomingMessage } from 'node:http';
import type { Duplex } from 'node:stream';
import { TLSSocket } from 'node:tls';
import { WebSocketServer, type WebSocket } from 'ws';
import type { QuirkId } from '../domain/quirk.ts';
import { every, type CancelTimer, type Clock } from '../runtime/clock.ts';
import type { Log } from '../runtime/log.ts';
import { Connection } from './connection.ts';
import { Gate, type Admitted } from './gate.ts';
import { isPlainPath, shownPath } from './identity.ts';
import { createRouter } from './inbound.ts';
import { Listeners, type Listening } from './listeners.ts';
import type { CallOutcome } from './outbound.ts';
import {
  OUTBOUND_GATE_TIMES,
  type AdmissionRefusal,
  type Authenticator,
  type ConnectionContext,
  type DisconnectReason,
  type Durability,
  type FrameTap,
  type OcppServerOptions,
  type PlainRequests,
  type Presence,
  type QuirkWatch,
  type TimeWatch,
  type TlsCredentials,
} from './ports.ts';
import { originOf } from './origin.ts';
import { createRefusals, remoteAddressOf, type Refusals } from './refusal.ts';
import { Rivals } from './rivals.ts';
import { chooseSubprotocol, offerQuirk, sanitiseOffer } from './subprotocol.ts';
import type { CentralSystemAction, RequestOf } from './v16/messages.ts';
import type { Routes } from './v16/route.ts';

/** Between two looks at all connections. */
const CHECK_INTERVAL_MS = 1_000;

/** Silence that is always tolerated; more when the heartbeat or ping interval is long (a factor of 3). */
const MIN_SILENCE_LIMIT_MS = 180_000;

/** How long close() waits for answers that are owed and for closing handshakes. */
const CLOSE_WAIT_MS = 2_000;

export interface OcppServerParts extends Durability, QuirkWatch {
  readonly options: OcppServerOptions;
  readonly routes: Routes;
  readonly clock: Clock;
  readonly log: Log;
  readonly presence: Presence;
  readonly frameTap: FrameTap;
  readonly timeWatch: TimeWatch;
  /** The spelling under which an id is known (chargers change case), or the id itself when it is new. */
  canonicalId(id: string): string;
  /** Why a charger of this canonical id may not connect; left out: any may. */
  admissionRefusal?(id: string): AdmissionRefusal | null;
  /** Left out: nobody is asked who he is. */
  readonly authenticator?: Authenticator;
  /** What else is served at this port; without it nothing is. */
  readonly plainRequests?: PlainRequests;
}

export interface OcppServer {
  /** Opens the ports; rejects with OcppServerError. */
  listen(): Promise<Listening>;
  /** For TLS handshakes from now on. */
  renewCertificates(credentials: TlsCredentials): void;
  /** Stops accepting, closes every connection with 1001, resolves after at most 2 s. */
  close(): Promise<void>;
  /** Sends a CALL and resolves with how it ended; never rejects. The id is matched to the letter. */
  call<A extends CentralSystemAction>(
    chargePointId: string,
    action: A,
    payload: RequestOf<A>,
    /** Asked when its turn comes: if not, it is not sent and ends as cancelled. */
    isWanted?: () => boolean,
  ): Promise<CallOutcome>;
  isConnected(chargePointId: string): boolean;
  connectedIds(): string[];
  /** CALLs to all chargers that wait for their turn. */
  queuedCalls(): number;
}

/** A server for charge points; nothing listens before listen(). */
export function createOcppServer(parts: OcppServerParts): OcppServer {
  return new WebSocketOcppServer(parts);
}

class WebSocketOcppServer implements OcppServer {
  readonly #parts: OcppServerParts;
  readonly #context: ConnectionContext;
  readonly #refusals: Refusals;
  readonly #gate: Gate;
  readonly #rivals: Rivals;
  readonly #listeners: Listeners;
  readonly #webSockets: WebSocketServer;
  readonly #connections = new Map<string, Connection>();
  /** Also those that ended for us but whose sockets are still closing. */
  readonly #sockets = new Set<WebSocket>();
  #cancelChecks: CancelTimer | undefined;
  #cancelUncongested: (() => void) | undefined;
  #isClosing = false;
  #onLastSocket: (() => void) | undefined;

  constructor(parts: OcppServerParts) {
    this.#parts = parts;
    this.#context = contextOf(parts);
    this.#refusals = createRefusals(parts.clock, parts.log);
    const { pathPrefix, webOrigins } = parts.options;
    this.#gate = new Gate({
      ...{ pathPrefix, webOrigins, refusals: this.#refusals },
      canonicalId: (id) => parts.canonicalId(id),
      admissionRefusal: (id) => parts.admissionRefusal?.(id) ?? null,
      authenticator: parts.authenticator,
    });
    this.#rivals = new Rivals(parts.clock, parts.log, parts.presence);
    this.#webSockets = new WebSocketServer({
      noServer: true,
      clientTracking: false,
      perMessageDeflate: false,
      maxPayload: parts.options.maxPayloadBytes,
      skipUTF8Validation: true,
      handleProtocols: chooseSubprotocol,
    });
    this.#webSockets.on('wsClientError', (error, stream, request) => {
      this.#refusals.upgrade('handshake', request, stream, error.message);
    });
    const { host, port, tls } = parts.options;
    this.#listeners = new Listeners({
      ...{ host, port, tls, refusals: this.#refusals, clock: parts.clock, log: parts.log },
      onUpgrade: (request, stream, head) => void this.#upgrade(request, stream, head),
      onRequest: (request, response) => {
        const isAnswered = parts.plainRequests?.(request, response) === true;
        if (!isAnswered) this.#refusals.plainRequest(request, response);
      },
    });
  }

  async listen(): Promise<Listening> {
    const listening = await this.#listeners.listen();
    this.#start();
    return listening;
  }

  renewCertificates(credentials: TlsCredentials): void {
    this.#listeners.renew(credentials);
  }

  async close(): Promise<void> {
    if (this.#isClosing) return;
    this.#isClosing = true;
    this.#cancelChecks?.();
    this.#cancelUncongested?.();
    const closed = this.#listeners.close();
    for (const connection of this.#connections.values()) connection.shutDown();
    await this.#socketsGone();
    for (const connection of this.#connections.values()) connection.terminate();
    for (const socket of this.#sockets) socket.terminate();
    this.#listeners.closeAllConnections();
    this.#webSockets.close();
    await closed;
  }

  call<A extends CentralSystemAction>(
    id: string,
    action: A,
    payload: RequestOf<A>,
    isWanted?: () => boolean,
  ): Promise<CallOutcome> {
    const connection = this.#connections.get(id);
    return connection?.call(action, payload, isWanted) ?? Promise.resolve({ kind: 'offline' });
  }

  isConnected(id: string): boolean {
    return this.#connections.get(id)?.isOpen === true;
  }

  connectedIds(): string[] {
    return [...this.#connections.keys()];
  }

  queuedCalls(): number {
    let queued = 0;
    for (const connection of this.#connections.values()) queued += connection.queuedCalls;
    return queued;
  }

  #start(): void {
    const { clock, options } = this.#parts;
    const { pingIntervalMs, heartbeatIntervalMs } = options;
    const silenceLimitMs = Math.max(3 * heartbeatIntervalMs, 3 * pingIntervalMs, MIN_SILENCE_LIMIT_MS);
    this.#cancelChecks = every(clock, CHECK_INTERVAL_MS, () => {
      const nowMs = clock.monotonicMs();
      for (const connection of this.#connections.values()) {
        connection.check(nowMs, pingIntervalMs, silenceLimitMs);
      }
      this.#rivals.forgetQuiet();
    });
    this.#cancelUncongested = this.#parts.onUncongested(() => {
      for (const connection of this.#connections.values()) connection.uncongested();
    });
  }

  async #upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): Promise<void> {
    try {
      const admitted = await this.#gate.admit(request, stream);
      if (admitted !== null) this.#open(admitted, request, stream, head);
    } catch (error) {
      this.#parts.log.error('CONNECT', 'a connection could not be judged', { error: String(error) });
      stream.destroy();
    }
  }

  #open(admitted: Admitted, request: IncomingMessage, stream: Duplex, head: Buffer): void {
    const { id, writtenId } = admitted;
    const isFull = this.#sockets.size >= this.#parts.options.maxConnections && !this.#connections.has(id);
    if (isFull || this.#isClosing) {
      this.#refusals.upgrade('full', request, stream, isFull ? 'too many connections' : 'the server stops');
      return;
    }
    const old = this.#connections.get(id);
    if (
      old?.isOpen === true &&
      !this.#rivals.mayReplace(id, old.facts.remoteAddress, remoteAddressOf(stream))
    ) {
      this.#refusals.upgrade('rival', request, stream, 'another charger with this id is connected');
      return;
    }
    const offer = request.headers['sec-websocket-protocol'];
    const odd = handshakeQuirks(request.url ?? '', offer, writtenId, id);
    if (offer !== undefined) {
      const sanitised = sanitiseOffer(offer);
      if (sanitised === undefined) delete request.headers['sec-websocket-protocol'];
      else request.headers['sec-websocket-protocol'] = sanitised;
    }
    this.#webSockets.handleUpgrade(request, stream, head, (socket) => {
      this.#connect(admitted, socket, stream, request);
      const nowMs = this.#parts.clock.now();
      for (const quirk of odd) this.#parts.quirkSeen(id, quirk, nowMs);
    });
  }

  #connect(
    { id, authenticatedBy }: Admitted,
    socket: WebSocket,
    stream: Duplex,
    request: IncomingMessage,
  ): void {
    const { log, presence, routes, clock } = this.#parts;
    const path = shownPath(request.url);
    const facts = {
      ...{ remoteAddress: remoteAddressOf(stream), subprotocol: socket.protocol },
      ...{ isEncrypted: stream instanceof TLSSocket, authenticatedBy },
      ...{ path, origin: originOf(request, stream) },
    };
    this.#sockets.add(socket);
    socket.on('close', () => this.#forgetSocket(socket));
    const old = this.#connections.get(id);
    if (old !== undefined) {
      log.warn('CONNECT', 'a newer connection replaces an older one', {
        charger: id,
        address: facts.remoteAddress,
        before: old.facts.remoteAddress,
      });
      old.replace();
      this.#parts.quirkSeen(id, 'replaced-connection', clock.now());
    }
    const connection = new Connection({
      chargePointId: id,
      facts,
      socket,
      stream,
      router: createRouter(id, routes, clock, log, this.#context.quirkSeen),
      context: this.#context,
      onEnd: this.#onEnd,
    });
    this.#connections.set(id, connection);
    log.info('CONNECT', 'charger connected', {
      charger: id,
      address: facts.remoteAddress,
      subprotocol: facts.subprotocol,
      path,
    });
    presence.connected(id, facts);
  }

  /** A field, not a method: one function for all connections. */
  readonly #onEnd = (connection: Connection, reason: DisconnectReason): void => {
    const { chargePointId, connectedAtMs } = connection;
    // A late end of an old connection must not take away the new one.
    if (this.#connections.get(chargePointId) === connection) this.#connections.delete(chargePointId);
    this.#parts.log.info('CONNECT', 'charger disconnected', {
      charger: chargePointId,
      reason,
      seconds: Math.round((this.#parts.clock.monotonicMs() - connectedAtMs) / 1000),
    });
    this.#parts.presence.disconnected(chargePointId, { reason });
  };

  #forgetSocket(socket: WebSocket): void {
    this.#sockets.delete(socket);
    if (this.#sockets.size === 0) this.#onLastSocket?.();
  }

  #socketsGone(): Promise<void> {
    if (this.#sockets.size === 0) return Promise.resolve();
    return new Promise((resolve) => {
      const cancel = this.#parts.clock.after(CLOSE_WAIT_MS, resolve);
      this.#onLastSocket = () => {
        cancel();
        resolve();
      };
    });
  }
}

function handshakeQuirks(path: string, offer: string | undefined, writtenId: string, id: string): QuirkId[] {
  const ofOffer = offerQuirk(offer);
  return [
    ...(ofOffer === null ? [] : [ofOffer]),
    ...(isPlainPath(path, writtenId) ? [] : ['odd-path' as const]),
    ...(writtenId === id ? [] : ['id-in-other-case' as const]),
  ];
}

function contextOf(parts: OcppServerParts): ConnectionContext {
  // Ids begin with the start time: a late answer to a CALL of an earlier run meets no CALL of this one.
  const run = parts.clock.now().toString(36);
  let lastCall = 0;
  return {
    clock: parts.clock,
    log: parts.log,
    presence: parts.presence,
    frameTap: parts.frameTap,
    timeWatch: parts.timeWatch,
    callTimeoutMs: parts.options.callTimeoutMs,
    outboundGate: parts.options.outboundGate ?? OUTBOUND_GATE_TIMES,
    quirkSeen: (id, quirk, at) => parts.quirkSeen(id, quirk, at),
    durable: () => parts.durable(),
    isCongested: () => parts.isCongested(),
    onUncongested: (listener) => parts.onUncongested(listener),
    nextMessageId() {
      lastCall++;
      return `${run}-${lastCall.toString(36)}`;
    },
  };
}
