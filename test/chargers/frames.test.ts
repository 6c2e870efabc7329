// Catalogue of chargers: what their frames look like, what ids they carry, in what order CALLs and answers come. Over real sockets.
import t, { type Test } from 'tap';
import { startServer } from '../../src/ocpp/server.test-kit.ts';
import { createManualClock } from '../../src/runtime/manual-clock.ts';
import { at, startLiveSite } from './live-site.ts';

const CALL_TIMEOUT_MS = 10_000;

/** A server with one charger that CALLs can be sent to at once. */
async function connected(t: Test) {
  const clock = createManualClock();
  const s = await startServer(t, { clock, options: { callTimeoutMs: CALL_TIMEOUT_MS } });
  const charger = await s.connect('/CP1');
  clock.advance(0);
  return { clock, s, charger, nextCallId: async () => ((await charger.next()) as [number, string])[1] };
}

void t.test('31: a message in a binary frame is read, and answered as text', async (t) => {
  const site = await startLiveSite(t);
  const line = await site.dial('/CP1');
  const isBinary = new Promise((resolve) => line.socket.once('message', (_, binary) => resolve(binary)));
  line.socket.send(Buffer.from('[2,"1","Heartbeat",{}]'));
  t.match(await line.answer(), [3, '1', { currentTime: String }]);
  t.equal(await isBinary, false);
});

void t.test('33: a message in pieces, with a ping between them, is one message', async (t) => {
  const site = await startLiveSite(t);
  const line = await site.dial('/CP1');
  const id = await line.start();
  const text = JSON.stringify([
    2,
    's',
    'StopTransaction',
    { transactionId: id, meterStop: 3000, timestamp: at('11:30') },
  ]);
  line.socket.send(text.slice(0, 20), { fin: false });
  line.socket.ping();
  line.socket.send(text.slice(20, 40), { fin: false });
  line.socket.send(text.slice(40), { fin: true });
  t.same(await line.answer(), [3, 's', {}]);
  t.equal(site.usedWh('A'), 2000);
});

void t.test('34: transaction messages that break off or hold what is no JSON are booked', async (t) => {
  const site = await startLiveSite(t);
  const line = await site.dial('/CP1');
  line.send(`\ufeff[2,"1","StartTransaction",{"connectorId":1,"idTag":"A","meterStart":1000,
    "timestamp":"${at('11:00')}","reservationId":NaN,}]\0`);
  const [type, , start] = await line.answer();
  const { transactionId } = start as { transactionId: number };
  t.equal(type, 3);
  line.send(`[2,"2","StopTransaction",{"transactionId":${transactionId},"meterStop":3000,"timest`);
  t.same(await line.answer(), [3, '2', {}]);
  t.equal(site.usedWh('A'), 2000);
  t.match(site.log(), /WARN .*a broken message was taken as far as it could be read/);
});

void t.test('34: a broken answer ends the CALL that it answers, another CALL is refused', async (t) => {
  const { s, charger, nextCallId } = await connected(t);
  const outcome = s.server.call('CP1', 'GetConfiguration', {});
  charger.send(`[3,"${await nextCallId()}",{"configurationKey":],`);
  t.match(await outcome, { kind: 'error', code: 'FormationViolation' });
  charger.send('[2,"7","StatusNotification",{"connectorId":');
  t.match(await charger.next(), [4, '7', 'FormationViolation']);
});

void t.test('35: several messages in one frame are answered in their order', async (t) => {
  const site = await startLiveSite(t);
  const line = await site.dial('/CP1');
  line.send('[2,"1","Heartbeat",{}][2,"2","Authorize",{"idTag":"A"}]\n[2,"3","Heartbeat",{}]');
  const answers = [await line.answer(), await line.answer(), await line.answer()];
  t.match(answers, [
    [3, '1'],
    [3, '2', { idTagInfo: { status: 'Accepted' } }],
    [3, '3'],
  ]);
});

void t.test('36: a type as text, a payload too many, none or null, and a type that is none', async (t) => {
  const site = await startLiveSite(t);
  const line = await site.dial('/CP1');
  line.send('[1,"0","Heartbeat",{}]');
  const frames = [
    '["2","1","Heartbeat",{}]',
    '[2,"2","Heartbeat",{},{}]',
    '[2,"3","Heartbeat"]',
    '[2,"4","Heartbeat",null]',
  ];
  for (const frame of frames) line.send(frame);
  for (const id of ['1', '2', '3', '4']) t.match(await line.answer(), [3, id, { currentTime: String }]);
});

void t.test('37: one message id for everything is no reason to take two messages for one', async (t) => {
  const site = await startLiveSite(t);
  const line = await site.dial('/CP1');
  const ask = async (action: string, payload: object) => {
    line.send(JSON.stringify([2, '1000001', action, payload]));
    const [type, id, answer] = await line.answer();
    t.same([type, id], [3, '1000001'], action);
    return answer as { transactionId: number };
  };
  const start = { connectorId: 1, idTag: 'A', meterStart: 1000, timestamp: at('11:00') };
  const { transactionId } = await ask('StartTransaction', start);
  t.equal((await ask('StartTransaction', start)).transactionId, transactionId, 'sent again');
  const other = await ask('StartTransaction', { ...start, connectorId: 2, idTag: 'B' });
  t.not(other.transactionId, transactionId, 'another start under the same id');
  await ask('StopTransaction', { transactionId, meterStop: 3000, timestamp: at('11:30') });
  t.equal(site.usedWh('A'), 2000);
});

void t.test('37: message ids that are numbers or too long are echoed as they came', async (t) => {
  const site = await startLiveSite(t);
  const line = await site.dial('/CP1');
  for (const id of [7, '7', '', '18446744073709551615', 'x'.repeat(100), 'ş"\\']) {
    line.send(JSON.stringify([2, id, 'Heartbeat', {}]));
    t.equal((await line.answer())[1], id);
  }
});

void t.test('38: an answer with an altered id is taken if it can only be that of the one CALL', async (t) => {
  const { s, charger, nextCallId } = await connected(t);
  const stop = s.server.call('CP1', 'RemoteStopTransaction', { transactionId: 7 });
  const id = await nextCallId();
  charger.send('[3,"unheard of",{}]');
  charger.send('[3,"unheard of",{"currentTime":"2026-11-30T12:00:00Z"}]');
  charger.send('[4,"unheard of","GenericError","",{}]');
  charger.send(JSON.stringify([3, `${id.slice(0, -1)}0`, { status: 'Rejected' }]));
  charger.send('[3,"CP1/1",{"status":"Accepted"}]');
  t.same(await stop, { kind: 'result', payload: { status: 'Accepted' } });
});

void t.test('39: a CALLERROR of any length ends its CALL', async (t) => {
  const { s, charger, nextCallId } = await connected(t);
  const shapes = ['', ',"FormatViolation"', ',"FormationViolation",""', ',"GenericError","",null', ',7,8,9'];
  for (const rest of shapes) {
    const outcome = s.server.call('CP1', 'ClearCache', {});
    charger.send(`[4,"${await nextCallId()}"${rest}]`);
    t.match(await outcome, { kind: 'error' }, rest);
  }
});

void t.test('40: error codes are spelt as 1.6 spells them', async (t) => {
  const site = await startLiveSite(t);
  const line = await site.dial('/CP1');
  for (const [frame, code] of [
    ['[2,"1","Authorize",{}]', 'OccurenceConstraintViolation'],
    ['[2,"2","Authorize",[]]', 'FormationViolation'],
    ['[2,"3","Authorize",{"idTag":{}}]', 'TypeConstraintViolation'],
  ] as const) {
    line.send(frame);
    t.equal((await line.answer())[2], code);
  }
});

void t.test('41: a charger that calls while our CALL is open is served, in order', async (t) => {
  const { s, charger, nextCallId } = await connected(t);
  const first = s.server.call('CP1', 'ClearCache', {});
  const id = await nextCallId();
  const second = s.server.call('CP1', 'ClearCache', {});
  charger.send('[2,"1","Authorize",{"idTag":"A"}]');
  charger.send('[2,"2","StartTransaction",{"connectorId":1,"idTag":"A","meterStart":0,"timestamp":""}]');
  charger.send('[2,"3","Heartbeat",{}]');
  for (const expected of ['1', '2', '3']) t.match(await charger.next(), [3, expected]);
  t.equal(charger.pending(), 0, 'our second CALL waits for its turn');
  charger.send(JSON.stringify([3, id, { status: 'Accepted' }]));
  t.match(await first, { kind: 'result' });
  charger.send(JSON.stringify([3, await nextCallId(), { status: 'Accepted' }]));
  t.match(await second, { kind: 'result' });
});

void t.test(
  '42: the sample that uses up the quota is answered first, then the charge is stopped',
  async (t) => {
    const site = await startLiveSite(t);
    const line = await site.dial('/CP1');
    await line.boot();
    const id = await line.start();
    t.same(await line.register(id, 22_000, '11:50'), {}, 'the answer does not wait for the stop');
    const [, callId, , payload] = await line.nextCall('RemoteStopTransaction');
    t.same(payload, { transactionId: id });
    t.same(await line.register(id, 22_100, '11:51'), {}, 'nor does the next one, while the stop is open');
    line.send(JSON.stringify([3, callId, { status: 'Accepted' }]));
    await line.stop(id, 22_200, '11:52');
    t.equal(site.usedWh('A'), 21_200);
  },
);

void t.test(
  '43: an answer that comes too late is told in the log, and is no answer to another CALL',
  async (t) => {
    const { clock, s, charger, nextCallId } = await connected(t);
    const late = s.server.call('CP1', 'RemoteStopTransaction', { transactionId: 7 });
    const lateId = await nextCallId();
    clock.advance(CALL_TIMEOUT_MS);
    t.same(await late, { kind: 'timeout' });
    const next = s.server.call('CP1', 'ClearCache', {});
    const nextId = await nextCallId();
    charger.send(JSON.stringify([3, lateId, { status: 'Accepted' }]));
    charger.send(JSON.stringify([3, nextId, { status: 'Rejected' }]));
    t.same(await next, { kind: 'result', payload: { status: 'Rejected' } });
    const told = s.lines.filter(({ message }) => message === 'a charger answered too late');
    t.match(told, [{ fields: { charger: 'CP1', action: 'RemoteStopTransaction', answer: 'Accepted' } }]);
  },
);

void t.test('45: blanks, order of members and members given twice do not matter', async (t) => {
  const site = await startLiveSite(t);
  const line = await site.dial('/CP1');
  line.send(
    ` [ 2 , "0809558" ,\t"StartTransaction", { "timestamp" : "${at('11:00')}" , "__proto__":{"idTag":"B"},\n` +
      ' "meterStart" : 5 , "meterStart" : 1000, "idTag": "A", "connectorId" :1 } ] ',
  );
  const [type, id, answer] = await line.answer();
  t.same([type, id], [3, '0809558']);
  await line.stop((answer as { transactionId: number }).transactionId, 3000, '11:30');
  t.equal(site.usedWh('A'), 2000);
});

void t.test(
  '46: a backlog of a thousand samples in one go is booked and answered in its order',
  async (t) => {
    const site = await startLiveSite(t);
    const line = await site.dial('/CP1');
    const transactionId = await line.start();
    const count = 1000;
    const begun = Date.parse(at('11:00'));
    for (let sample = 1; sample <= count; sample += 1) {
      const timestamp = new Date(begun + sample * 3000).toISOString();
      const meterValue = [{ timestamp, sampledValue: [{ value: String(1000 + sample * 2) }] }];
      line.send(
        JSON.stringify([2, `m${sample}`, 'MeterValues', { connectorId: 1, transactionId, meterValue }]),
      );
      const status = sample % 2 === 0 ? 'Charging' : 'SuspendedEV';
      const flapping = { connectorId: 1, status, errorCode: 'NoError' };
      line.send(JSON.stringify([2, `s${sample}`, 'StatusNotification', flapping]));
    }
    const wrong: unknown[] = [];
    for (let sample = 1; sample <= count; sample += 1) {
      for (const expected of [`m${sample}`, `s${sample}`]) {
        const answer = await line.answer();
        if (answer[0] !== 3 || answer[1] !== expected) wrong.push(answer);
      }
    }
    t.same(wrong, []);
    t.equal(site.usedWh('A'), 2 * count);
  },
);

void t.test('47: a transaction message is never refused, whatever is in it', async (t) => {
  const site = await startLiveSite(t);
  const line = await site.dial('/CP1');
  const payloads = [
    {},
    { connectorId: 'one', idTag: 7, meterStart: 'x', timestamp: 0 },
    { transactionId: 'x' },
  ];
  for (const action of ['StartTransaction', 'MeterValues', 'StopTransaction']) {
    for (const payload of [...payloads, [], 7, 'text']) {
      line.send(JSON.stringify([2, 'x', action, payload]));
      t.match(await line.answer(), [3, 'x'], `${action} ${JSON.stringify(payload)}`);
    }
  }
  t.match(await line.boot(), { status: 'Accepted' });
});

void t.test('122: an unheard-of action is not implemented; repeated for ever it is answered', async (t) => {
  const site = await startLiveSite(t);
  const line = await site.dial('/CP1');
  const types: number[] = [];
  for (let time = 0; time < 7; time += 1) {
    line.send('[2,"1","NotifyEvent",{}]');
    types.push((await line.answer())[0]);
  }
  t.same(types, [4, 4, 4, 4, 4, 3, 3]);
});
