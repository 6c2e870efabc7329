// A charger for the smoke test: a websocket, CALLs with proper answers, and one charge from start to end.
import { once } from 'node:events';
import { demand, within } from './demand.mjs';

const ANSWER_LIMIT_MS = 10_000;

export const isTime = (text) => typeof text === 'string' && !Number.isNaN(Date.parse(text));

export async function connectCharger(url, id) {
  const socket = new WebSocket(`${url}/${id}`, ['ocpp1.6']);
  await within(ANSWER_LIMIT_MS, 'the handshake', once(socket, 'open'));
  demand(socket.protocol === 'ocpp1.6', `the subprotocol is ${JSON.stringify(socket.protocol)}`);
  // What the server asks is refused: it has to get along with that.
  socket.addEventListener('message', ({ data }) => {
    const [type, messageId, action] = JSON.parse(data);
    if (type === 2) socket.send(JSON.stringify([4, messageId, 'NotImplemented', action, {}]));
  });
  return socket;
}

let sent = 0;

/** Sends one CALL and returns the payload of its CALLRESULT. */
export async function call(socket, action, payload) {
  sent += 1;
  const id = `smoke-${sent}`;
  const answer = new Promise((done, failed) => {
    socket.addEventListener('close', () => failed(new Error('the server closed the socket')), { once: true });
    socket.addEventListener('message', ({ data }) => {
      const frame = JSON.parse(data);
      if (frame[1] === id) done(frame);
    });
  });
  socket.send(JSON.stringify([2, id, action, payload]));
  const frame = await within(ANSWER_LIMIT_MS, `the answer to ${action}`, answer);
  demand(frame[0] === 3, `the answer is ${JSON.stringify(frame)}`);
  return frame[2];
}

/** A charge of `wh` by a user of the site; returns its transaction id. */
export async function charge(socket, idTag, wh) {
  const transactionId = await beginCharge(socket, idTag, wh / 2);
  await endCharge(socket, transactionId, wh);
  return transactionId;
}

/** Begins at 0 and comes to `wh`. */
export async function beginCharge(socket, idTag, wh) {
  const begun = { connectorId: 1, idTag, meterStart: 0, timestamp: now() };
  const { transactionId, idTagInfo } = await call(socket, 'StartTransaction', begun);
  demand(Number.isInteger(transactionId) && transactionId > 0, `the transaction id is ${transactionId}`);
  demand(idTagInfo?.status === 'Accepted', `${idTag} got ${JSON.stringify(idTagInfo)}`);
  const sampledValue = [{ value: String(wh), measurand: 'Energy.Active.Import.Register', unit: 'Wh' }];
  const meterValue = [{ timestamp: now(), sampledValue }];
  await call(socket, 'MeterValues', { connectorId: 1, transactionId, meterValue });
  return transactionId;
}

export async function endCharge(socket, transactionId, meterStop) {
  await call(socket, 'StopTransaction', { transactionId, meterStop, timestamp: now() });
}

function now() {
  return new Date().toISOString();
}
