// What the baselines on `ws` share: a server that answers every action with a constant, but for what it is told to do otherwise.
import type { AddressInfo } from 'node:net';
import { WebSocketServer, type WebSocket } from 'ws';

export interface MeterMessage {
  readonly transactionId: number;
  readonly idTag: string;
  readonly startWh: number;
  readonly registerWh: number;
  readonly timestamp: string;
}

interface Payload {
  readonly idTag?: string;
  readonly meterStart?: number;
  readonly transactionId?: number;
  readonly meterValue?: readonly {
    readonly timestamp: string;
    readonly sampledValue: readonly { readonly measurand?: string; readonly value: string }[];
  }[];
}

/** As kwota says it, for whoever started the server. */
export function tellReady(address: AddressInfo | string | null): void {
  if (typeof address === 'object' && address !== null)
    process.stdout.write(`[READY] ocpp=ws://127.0.0.1:${address.port} \n`);
}

/** Serves on a free port, which it tells, until SIGTERM; `keep`, when given, calls back once a reading may be answered. */
export function serveConstantAnswers(keep?: (message: MeterMessage, kept: () => void) => void): void {
  const transactions = new Map<number, { readonly idTag: string; readonly startWh: number }>();
  let transactionId = 0;

  function answer(action: string, payload: Payload): string | null {
    switch (action) {
      case 'BootNotification':
        return `{"status":"Accepted","currentTime":"${new Date().toISOString()}","interval":300}`;
      case 'Heartbeat':
        return `{"currentTime":"${new Date().toISOString()}"}`;
      case 'MeterValues':
      case 'StatusNotification':
        return '{}';
      case 'Authorize':
        return '{"idTagInfo":{"status":"Accepted"}}';
      case 'StartTransaction':
        transactionId += 1;
        transactions.set(transactionId, { idTag: payload.idTag ?? '', startWh: payload.meterStart ?? 0 });
        return `{"transactionId":${transactionId},"idTagInfo":{"status":"Accepted"}}`;
      case 'StopTransaction':
        transactions.delete(payload.transactionId ?? 0);
        return '{"idTagInfo":{"status":"Accepted"}}';
      default:
        return null;
    }
  }

  function meterMessage({ transactionId: id = 0, meterValue = [] }: Payload): MeterMessage {
    const { idTag = '', startWh = 0 } = transactions.get(id) ?? {};
    const reading = meterValue[0];
    const register = reading?.sampledValue.find((one) => one.measurand === 'Energy.Active.Import.Register');
    const registerWh = Number(register?.value);
    return { transactionId: id, idTag, startWh, registerWh, timestamp: reading?.timestamp ?? '' };
  }

  const server = new WebSocketServer({
    host: '127.0.0.1',
    port: 0,
    backlog: 4096,
    clientTracking: false,
    perMessageDeflate: false,
    handleProtocols: (offered) => (offered.has('ocpp1.6') ? 'ocpp1.6' : false),
  });
  server.on('listening', () => tellReady(server.address()));
  server.on('connection', (socket: WebSocket) => {
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      const [type, id, action, payload] = JSON.parse(data.toString()) as [number, string, string, Payload];
      if (type !== 2) return;
      const text = answer(action, payload);
      const reply = () =>
        socket.send(text === null ? `[4,"${id}","NotImplemented","",{}]` : `[3,"${id}",${text}]`);
      if (keep && action === 'MeterValues') keep(meterMessage(payload), reply);
      else reply();
    });
  });
  process.on('SIGTERM', () => process.exit());
}
