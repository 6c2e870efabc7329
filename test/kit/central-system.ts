// A central system for the simulator's tests: a plain WebSocket server that answers as it is told, checks every payload
// against the strict schemas, and says CALLs of its own.
import { once } from 'node:events';
import type { AddressInfo } from 'node:net';
import type { Test } from 'tap';
import { WebSocketServer, type WebSocket } from 'ws';
import { until } from './until.ts';
import { isChargePointAction, type Action } from '../../src/ocpp/v16/messages.ts';
import { strictErrors } from '../../src/ocpp/v16/strict.ts';

type Payload = Readonly<Record<string, unknown>>;

export interface SeenCall {
  readonly messageId: string;
  readonly action: string;
  readonly payload: Payload;
}

export interface CentralSystem {
  readonly url: string;
  /** CALLs of the charger, oldest first. */
  readonly calls: SeenCall[];
  /** What is against the strict schemas in all that came. */
  readonly wrong: string[];
  /** Null is no answer, a string the code of a CALLERROR. */
  answer: (call: SeenCall) => Payload | null | string;
  /** The payload of a CALLRESULT, or the code of a CALLERROR; null when none came before the next CALL's answer. */
  call(action: Action, payload: unknown): Promise<Payload | string>;
  /** Says a CALL and waits for nothing. */
  say(action: Action, payload: unknown): void;
  /** The n-th CALL of this action, counted from 1. */
  seen(action: string, n?: number): Promise<SeenCall>;
  count(action: string): number;
  /** Breaks the connection. */
  drop(): void;
}

/** Says yes to everything; transactions are numbered from 1. */
export function acceptingAll(): (call: SeenCall) => Payload {
  let transactions = 0;
  const idTagInfo = { status: 'Accepted' };
  return ({ action }) => {
    if (action === 'BootNotification')
      return { status: 'Accepted', currentTime: '2026-11-30T10:00:00Z', interval: 3600 };
    if (action === 'Heartbeat') return { currentTime: '2026-11-30T10:00:00Z' };
    if (action === 'StartTransaction') return { transactionId: (transactions += 1), idTagInfo };
    return action === 'Authorize' ? { idTagInfo } : {};
  };
}

export async function startCentralSystem(t: Test): Promise<CentralSystem> {
  const server = new WebSocketServer({ port: 0, host: '127.0.0.1', handleProtocols: () => 'ocpp1.6' });
  await once(server, 'listening');
  const sockets = new Set<WebSocket>();
  const pending = new Map<string, { action: Action; resolve: (answer: Payload | string) => void }>();
  let said = 0;
  const system: CentralSystem = {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    calls: [],
    wrong: [],
    answer: acceptingAll(),
    call(action, payload) {
      said += 1;
      const messageId = `cs-${said}`;
      const answered = new Promise<Payload | string>((resolve) =>
        pending.set(messageId, { action, resolve }),
      );
      for (const socket of sockets) socket.send(JSON.stringify([2, messageId, action, payload]));
      return answered;
    },
    say: (action, payload) => void system.call(action, payload),
    seen: (action, n = 1) =>
      until(`${action} ${n}`, () => system.calls.filter((call) => call.action === action)[n - 1] ?? null),
    count: (action) => system.calls.filter((call) => call.action === action).length,
    drop: () => {
      for (const socket of sockets) socket.terminate();
    },
  };
  const onCall = (socket: WebSocket, call: SeenCall) => {
    const { action, messageId, payload } = call;
    if (isChargePointAction(action))
      system.wrong.push(...strictErrors(action, 'request', payload).map((error) => `${action}: ${error}`));
    else system.wrong.push(`${action} is no action of a charge point`);
    system.calls.push(call);
    const answer = system.answer(call);
    if (typeof answer === 'string') socket.send(JSON.stringify([4, messageId, answer, '', {}]));
    else if (answer !== null) socket.send(JSON.stringify([3, messageId, answer]));
  };
  server.on('connection', (socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      const message = JSON.parse(data.toString('utf8')) as [number, string, unknown, unknown];
      const [type, messageId, third, fourth] = message;
      if (type === 2) onCall(socket, { messageId, action: third as string, payload: fourth as Payload });
      const asked = pending.get(messageId);
      if (asked === undefined || type === 2) return;
      const { action } = asked;
      if (type === 3)
        system.wrong.push(...strictErrors(action, 'response', third).map((error) => `${action}: ${error}`));
      asked.resolve(third as Payload | string);
    });
  });
  t.teardown(() => {
    for (const socket of sockets) socket.terminate();
    server.close();
  });
  return system;
}
