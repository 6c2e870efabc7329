// Every operation of the central system goes one way: checked against the schema, sent in its turn, its outcome told as it was.
import t from 'tap';
import { centralSystemActions } from '../src/ocpp/v16/messages.ts';
import { CommandSite } from './kit/command-site.ts';
import { PAYLOADS } from './kit/operations.ts';
import { until } from './kit/until.ts';

void t.test('the table has every operation of OCPP 1.6 and its security extension, and no other', (t) => {
  t.strictSame(Object.keys(PAYLOADS).sort(), [...centralSystemActions].sort());
  t.equal(centralSystemActions.length, 26);
  t.end();
});

void t.test(
  'every operation is sent as it was asked for, and answered with what the charger said',
  async (t) => {
    const site = await CommandSite.start(t);
    const charger = await site.connect();
    charger.answer = (action) => ({ status: 'Accepted', listVersion: 7, said: action });
    for (const action of centralSystemActions) {
      const [valid] = PAYLOADS[action]!;
      const outcome = await site.send(action, valid);
      t.match(outcome, { kind: 'result', payload: { status: 'Accepted', said: action } }, action);
      t.strictSame(charger.received.splice(0), [[action, valid]], `${action} as it stood`);
      const line = site.lines.find((one) => one.includes('[COMMAND]') && one.includes(action));
      t.match(line, /charger=CP1.* who=ann/, `${action} is in the log, with who asked`);
    }
  },
);

void t.test(
  'a payload that the schema does not take is refused with its path, and nothing is sent',
  async (t) => {
    const site = await CommandSite.start(t);
    const charger = await site.connect();
    for (const action of centralSystemActions) {
      const [, wrong] = PAYLOADS[action]!;
      const outcome = await site.send(action, wrong);
      t.equal(outcome.kind, 'invalid', action);
      t.ok(outcome.kind === 'invalid' && outcome.problems.length > 0, `${action}: what is wrong`);
    }
    for (const payload of [null, [], 'text', 5])
      t.equal((await site.send('ClearCache', payload)).kind, 'invalid');
    t.strictSame(await site.send('ChangeAvailability', { connectorId: 1, type: 'Off' }), {
      kind: 'invalid',
      problems: ['type must be equal to one of the allowed values (["Inoperative","Operative"])'],
    });
    t.match(
      await site.send('Reset', { type: 'Soft' }),
      { kind: 'result' },
      'the charger is there all the time',
    );
    t.strictSame(charger.received, [['Reset', { type: 'Soft' }]], 'and nothing else has reached it');
  },
);

void t.test('an action that is none, or a charge point’s own, is not sent', async (t) => {
  const site = await CommandSite.start(t);
  await site.connect();
  for (const action of ['Heartbeat', 'StartTransaction', 'reset', 'toString', ''])
    t.strictSame(await site.send(action, {}), { kind: 'unknownAction' }, action);
});

void t.test('a charger that is not known, and one that is not connected', async (t) => {
  const site = await CommandSite.start(t);
  t.strictSame(await site.send('ClearCache', {}), { kind: 'unknownCharger' });
  const charger = await site.connect();
  charger.hangUp();
  await until('it is gone', () => !site.services.chargePoints.isConnected('CP1'));
  t.strictSame(await site.send('ClearCache', {}), { kind: 'offline', wasSent: false });
});

void t.test('a CALLERROR is told with its code and what the charger said', async (t) => {
  const site = await CommandSite.start(t);
  const charger = await site.connect();
  charger.answer = () => 'NotSupported';
  t.strictSame(await site.send('ClearCache', {}), {
    kind: 'callError',
    code: 'NotSupported',
    description: 'said so',
  });
});

void t.test('a charger that hangs up before it answers may have acted', async (t) => {
  const site = await CommandSite.start(t);
  const charger = await site.connect();
  charger.answer = () => null;
  const outcome = site.send('ClearCache', {});
  await charger.next('ClearCache');
  charger.hangUp();
  t.strictSame(await outcome, { kind: 'offline', wasSent: true });
});

void t.test('no answer is a timeout, and what waited behind it in vain is never sent', async (t) => {
  const site = await CommandSite.start(t);
  const charger = await site.connect();
  charger.answer = () => null;
  const first = site.send('ClearCache', {});
  await charger.next('ClearCache');
  site.clock.advance(1);
  const second = site.send('Reset', { type: 'Hard' });
  const third = site.send('UnlockConnector', { connectorId: 1 });
  // Both are queued: validation is over when a later command's refusal has come.
  await site.send('ClearCache', { wrong: true });
  site.clock.advance(9_999);
  t.strictSame(await first, { kind: 'timeout', wasSent: true });
  await charger.next('Reset');
  site.clock.advance(1);
  t.strictSame(await third, { kind: 'timeout', wasSent: false });
  const late = site.send('GetLocalListVersion', {});
  await site.send('ClearCache', { wrong: true });
  charger.answer = () => ({ listVersion: 0 });
  site.clock.advance(9_999);
  t.strictSame(await second, { kind: 'timeout', wasSent: true }, 'its turn came just in time');
  t.match(await late, { kind: 'result' }, 'the one that has waited less has its turn');
  t.notOk(
    charger.received.some(([action]) => action === 'UnlockConnector'),
    'too late for that one',
  );
});

void t.test(
  'commands go out in their order, one at a time, and more than a hundred do not wait',
  async (t) => {
    const site = await CommandSite.start(t);
    const charger = await site.connect();
    charger.answer = () => null;
    const outcomes = Array.from({ length: 103 }, (_, n) =>
      site.send('UnlockConnector', { connectorId: n + 1 }),
    );
    await charger.next('UnlockConnector');
    t.strictSame(await outcomes[102], { kind: 'queueFull' });
    t.strictSame(await outcomes[101], { kind: 'queueFull' });
    t.equal(charger.received.length, 1, 'one is outstanding');
    charger.hangUp();
    t.strictSame(await outcomes[0], { kind: 'offline', wasSent: true });
    t.strictSame(await outcomes[100], { kind: 'offline', wasSent: false });
  },
);

void t.test('a stop that kwota sends does not wait behind the commands of people', async (t) => {
  const site = await CommandSite.start(t);
  const charger = await site.connect();
  charger.answer = () => null;
  const commands = Array.from({ length: 150 }, () => site.send('ClearCache', {}));
  await charger.next('ClearCache');
  t.match(await commands.at(-1), { kind: 'queueFull' });
  const stop = site.services.remote.call('CP1', 'RemoteStopTransaction', { transactionId: 1 });
  charger.answer = () => ({ status: 'Accepted' });
  site.clock.advance(9_999);
  await site.send('ClearCache', { wrong: true });
  site.clock.advance(1);
  t.match(await stop, { kind: 'result' });
  t.strictSame(
    charger.received.slice(0, 2).map(([action]) => action),
    ['ClearCache', 'RemoteStopTransaction'],
  );
});
