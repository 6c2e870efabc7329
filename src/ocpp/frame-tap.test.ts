// What the frame tap hears of a connection with a real socket: everything that is said, as it was said, in its order.
import t from 'tap';
import { startServer } from './server.test-kit.ts';

function recordingTap() {
  const heard: string[] = [];
  return { heard, frame: (...line: string[]) => void heard.push(line.join(' ')) };
}

t.test('answers, CALLs and their answers are heard as they were on the wire', async (t) => {
  const frameTap = recordingTap();
  const s = await startServer(t, { frameTap });
  const charger = await s.connect('/ocpp/CP1?x=1');
  charger.send(' [2, "1","MeterValues",{"connectorId":1,"meterValue":[]}]\n');
  await charger.next();
  charger.send(
    new Uint8Array(Buffer.from('[2,"2","StatusNotification",{"connectorId":1,"info":"T\xfcr"}]', 'latin1')),
  );
  t.match(await charger.next(), [4, '2']);
  charger.send('not JSON');
  await s.until(() => s.heard.length === 3);
  charger.send('[2,"3","BootNotification",{"chargePointVendor":"V","chargePointModel":"M"}]');
  t.match(await charger.next(), [3, '3']);
  const outcome = s.server.call('CP1', 'ClearCache', {});
  const [, messageId] = (await charger.next()) as [number, string];
  charger.send(`[3,"${messageId}",{"status":"Accepted"}]`);
  await outcome;
  charger.socket.close();
  await s.until(() => s.presence.length === 2);
  t.match(frameTap.heard, [
    'CP1 connected /ocpp/CP1?***',
    'CP1 in  [2, "1","MeterValues",{"connectorId":1,"meterValue":[]}]\n',
    'CP1 out [3,"1",{}]',
    /^CP1 in .*"Tür"/,
    /^CP1 out \[4,"2"/,
    'CP1 in not JSON',
    /^CP1 in \[2,"3","BootNotification"/,
    /^CP1 out \[3,"3",/,
    `CP1 out [2,"${messageId}","ClearCache",{}]`,
    `CP1 in [3,"${messageId}",{"status":"Accepted"}]`,
    'CP1 disconnected closed',
  ]);
  t.equal(frameTap.heard.length, 11);
});

t.test('a connection that is replaced ends before the new one begins', async (t) => {
  const frameTap = recordingTap();
  const s = await startServer(t, { frameTap });
  await s.connect('/CP1');
  await s.connect('/ocpp/CP1');
  t.strictSame(frameTap.heard, [
    'CP1 connected /CP1',
    'CP1 disconnected replaced',
    'CP1 connected /ocpp/CP1',
  ]);
});
