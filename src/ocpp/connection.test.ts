// One connection with a real socket: order, what is acknowledged when, every CALLERROR that we send, odd frames.
import t from 'tap';
import { createManualClock } from '../runtime/manual-clock.ts';
import { OcppError } from './errors.ts';
import { MAX_UNKNOWN_CALLS_PER_MINUTE } from './inbound.ts';
import { fixedRoute, startServer } from './server.test-kit.ts';
import { strictErrors } from './v16/strict.ts';

const meterValues = (id: string) => `[2,"${id}","MeterValues",{"connectorId":1,"meterValue":[]}]`;

/** A disk that the test lets finish or fail. */
function slowDisk() {
  const commits: { resolve: () => void; reject: (error: Error) => void }[] = [];
  return {
    commits,
    durable: () => new Promise<void>((resolve, reject) => commits.push({ resolve, reject })),
  };
}

t.test(
  'messages are handled and answered in order, the next one after the answer of a slow disk',
  async (t) => {
    const { commits, durable } = slowDisk();
    const s = await startServer(t, { durable });
    const charger = await s.connect('/CP1');
    charger.send(meterValues('1'));
    charger.send('[2,"2","Heartbeat",{}]');
    charger.send(meterValues('3'));
    await s.until(() => s.heard.length === 3);
    t.equal(commits.length, 1);
    t.equal(charger.pending(), 0);
    commits[0]!.resolve();
    t.strictSame(await charger.next(), [3, '1', {}]);
    t.match(await charger.next(), [3, '2', { currentTime: String }]);
    t.equal(charger.pending(), 0);
    t.equal(commits.length, 2);
    commits[1]!.resolve();
    t.strictSame(await charger.next(), [3, '3', {}]);
  },
);

t.test('a message is answered before a CALL that follows from it, also when the disk is slow', async (t) => {
  const { commits, durable } = slowDisk();
  const handle = () => {
    queueMicrotask(() => void s.server.call('CP1', 'RemoteStopTransaction', { transactionId: 7 }));
    return {};
  };
  const core = { MeterValues: fixedRoute('MeterValues', {}, { waitsForDisk: true, handle }) };
  const s = await startServer(t, { durable, core });
  const charger = await s.connect('/CP1');
  charger.send(meterValues('1'));
  await s.until(() => commits.length === 1);
  commits[0]!.resolve();
  t.strictSame(await charger.next(), [3, '1', {}]);
  t.match(await charger.next(), [2, String, 'RemoteStopTransaction', { transactionId: 7 }]);
});

t.test('an answer to our CALL is taken while a message waits for the disk', async (t) => {
  const { commits, durable } = slowDisk();
  const s = await startServer(t, { durable });
  const charger = await s.connect('/CP1');
  const outcome = s.server.call('CP1', 'ClearCache', {});
  const [, id] = (await charger.next()) as [number, string];
  charger.send(meterValues('1'));
  charger.send(JSON.stringify([3, id, { status: 'Accepted' }]));
  t.strictSame(await outcome, { kind: 'result', payload: { status: 'Accepted' } });
  t.equal(commits.length, 1);
  commits[0]!.resolve();
  await charger.next();
});

t.test('one CALL is outstanding at a time, and one that is not answered times out', async (t) => {
  const clock = createManualClock();
  const s = await startServer(t, { clock, options: { callTimeoutMs: 50 } });
  const charger = await s.connect('/CP1');
  clock.advance(0);
  const first = s.server.call('CP1', 'ClearCache', {});
  const second = s.server.call('CP1', 'GetConfiguration', {});
  t.match(await charger.next(), [2, String, 'ClearCache']);
  clock.advance(49);
  t.equal(charger.pending(), 0);
  clock.advance(1);
  t.strictSame(await first, { kind: 'timeout' });
  const [, id] = (await charger.next()) as [number, string];
  charger.send(JSON.stringify([4, id, 'NotSupported', 'no', {}]));
  t.strictSame(await second, { kind: 'error', code: 'NotSupported', description: 'no' });
});

t.test('a message that will never be on disk is not answered: the connection is cut', async (t) => {
  const { commits, durable } = slowDisk();
  const s = await startServer(t, { durable });
  const charger = await s.connect('/CP1');
  charger.send(meterValues('1'));
  await s.until(() => commits.length === 1);
  commits[0]!.reject(new Error('disk gone'));
  t.equal((await charger.closed).code, 1006);
  t.equal(charger.pending(), 0);
  t.ok(s.presence.includes('disconnected CP1 failed'));
  t.match(
    s.lines.find(({ level }) => level === 'error'),
    { fields: { charger: 'CP1', error: /^Error: disk gone$/ } },
  );
});

t.test('while the store is congested nothing is handled, afterwards everything is, in order', async (t) => {
  let isCongested = true;
  let uncongested: () => void = () => undefined;
  const handled: string[] = [];
  const handle = ({ request }: { request: { idTag?: string } }) => {
    handled.push(request.idTag ?? '');
    return { idTagInfo: { status: 'Accepted' as const } };
  };
  const s = await startServer(t, {
    isCongested: () => isCongested,
    onUncongested: (listener) => {
      uncongested = listener;
      return () => undefined;
    },
    core: { Authorize: fixedRoute('Authorize', { idTagInfo: { status: 'Accepted' } }, { handle }) },
  });
  const charger = await s.connect('/CP1');
  const count = 500;
  for (let index = 0; index < count; index++) charger.send(`[2,"${index}","Authorize",{"idTag":"${index}"}]`);
  await s.until(() => s.heard.length > 0);
  t.strictSame(handled, []);
  isCongested = false;
  uncongested();
  for (let index = 0; index < count; index++) t.match(await charger.next(), [3, String(index)]);
  t.strictSame(
    handled,
    Array.from({ length: count }, (_, index) => String(index)),
  );
});

t.test('a flood behind a slow disk pauses the socket and loses nothing', async (t) => {
  const { commits, durable } = slowDisk();
  const s = await startServer(t, { durable });
  const charger = await s.connect('/CP1');
  // More than the sockets' buffers hold, so that a server that goes on reading would hear them all.
  const count = 20_000;
  const padding = 'x'.repeat(1_000);
  for (let index = 0; index < count; index++) {
    charger.send(`[2,"${index}","MeterValues",{"connectorId":1,"meterValue":[],"extra":"${padding}"}]`);
  }
  await s.until(() => commits.length === 1);
  charger.socket.ping();
  for (let index = 0; index < count; index++) {
    await s.until(() => commits.length > index);
    if (index < 10) t.ok(s.heard.length < 1_000, `only ${s.heard.length} were read ahead`);
    commits[index]!.resolve();
    const frame = (await charger.next()) as unknown[];
    if (frame[1] !== String(index)) t.fail(`answer ${index} is ${JSON.stringify(frame)}`);
  }
  t.equal(s.heard.length, count);
});

t.test('what had arrived when the charger went is handled though nobody hears the answer', async (t) => {
  const { commits, durable } = slowDisk();
  const stopped: unknown[] = [];
  const handle = ({ request }: { request: object }) => {
    stopped.push(request);
    return {};
  };
  const s = await startServer(t, {
    durable,
    core: { StopTransaction: fixedRoute('StopTransaction', {}, { waitsForDisk: true, handle }) },
  });
  const charger = await s.connect('/CP1');
  charger.send(meterValues('1'));
  charger.send('[2,"2","StopTransaction",{"transactionId":7,"meterStop":1,"timestamp":"x"}]');
  await s.until(() => s.heard.length === 2);
  charger.socket.terminate();
  await s.until(() => s.presence.includes('disconnected CP1 closed'));
  t.strictSame(stopped, [{ transactionId: 7, meterStop: 1, timestamp: 'x' }]);
  commits[0]!.resolve();
});

t.test('an answer that waits for the disk still leaves when the server closes', async (t) => {
  const { commits, durable } = slowDisk();
  const s = await startServer(t, { durable });
  const charger = await s.connect('/CP1');
  charger.send(meterValues('1'));
  charger.send(meterValues('2'));
  await s.until(() => s.heard.length === 2);
  const closed = s.server.close();
  commits[0]!.resolve();
  t.strictSame(await charger.next(), [3, '1', {}]);
  t.equal((await charger.closed).code, 1001);
  t.equal(charger.pending(), 0, 'the second was not handled, so it is not acknowledged');
  t.equal(commits.length, 1);
  await closed;
});

const answers: [situation: string, frame: string | Uint8Array, answer: unknown[]][] = [
  ['an unknown action', '[2,"1","Telepathy",{}]', [4, '1', 'NotImplemented', String, {}]],
  ['an action of JavaScript', '[2,"1","constructor",{}]', [4, '1', 'NotImplemented', String, {}]],
  ['an action of ours', '[2,"1","Reset",{"type":"Soft"}]', [4, '1', 'NotSupported', String, {}]],
  ['a payload that is an array', '[2,"1","Authorize",[]]', [4, '1', 'FormationViolation', String, {}]],
  [
    'broken JSON with a readable head',
    '[2,"1","Authorize",{"idTag":',
    [4, '1', 'FormationViolation', String, {}],
  ],
  ['an action that is a number', '[2,"1",5,{}]', [4, '1', 'FormationViolation', String, {}]],
  ['a missing member', '[2,"1","Authorize",{}]', [4, '1', 'OccurenceConstraintViolation', /idTag/, {}]],
  [
    'a member of a wrong type',
    '[2,"1","Authorize",{"idTag":[]}]',
    [4, '1', 'TypeConstraintViolation', /idTag/, {}],
  ],
  [
    'a number beyond what is safe',
    '[2,"1","StatusNotification",{"connectorId":9223372036854775807,"errorCode":"NoError","status":"Available"}]',
    [4, '1', 'PropertyConstraintViolation', /connectorId/, {}],
  ],
  ['a handler that fails', '[2,"1","MeterValues",{}]', [4, '1', 'InternalError', String, {}]],
  ['a handler that refuses', '[2,"1","BootNotification",{}]', [4, '1', 'SecurityError', 'go away', {}]],
  ['a transaction message without payload', '[2,"1","StopTransaction"]', [3, '1', {}]],
  ['a transaction message whose payload is text', '[2,"1","StopTransaction","x"]', [3, '1', {}]],
  ['a broken StartTransaction', '[2,"1","StartTransaction",{"idTag":"T"', [3, '1', { transactionId: 7 }]],
  ['a numeric message id', '[2,17,"Heartbeat",{}]', [3, 17, {}]],
  ['a binary frame', Buffer.from('[2,"1","Heartbeat",{}]'), [3, '1', {}]],
];

for (const [situation, frame, answer] of answers) {
  t.test(`${situation} is answered, and the connection lives`, async (t) => {
    const fail = () => {
      throw new Error('a bug');
    };
    const refuse = () => {
      throw new OcppError('SecurityError', 'go away');
    };
    const s = await startServer(t, {
      core: {
        MeterValues: fixedRoute('MeterValues', {}, { handle: fail }),
        BootNotification: fixedRoute(
          'BootNotification',
          { status: 'Accepted', currentTime: '', interval: 1 },
          { handle: refuse },
        ),
      },
    });
    const charger = await s.connect('/CP1');
    charger.send(frame);
    t.match(await charger.next(), answer);
    charger.send('[2,"2","Heartbeat",{}]');
    const [, , payload] = (await charger.next()) as unknown[];
    t.strictSame(strictErrors('Heartbeat', 'response', payload), []);
    t.equal(
      s.lines.some(({ level }) => level === 'error'),
      answer[2] === 'InternalError',
    );
  });
}

for (const [situation, frame] of [
  ['empty text', ''],
  ['the word pong', 'pong'],
  ['text', 'hello'],
  ['an unknown message type', '[1,"1"]'],
  ['an answer that nobody waits for', '[3,"999",{}]'],
  ['an error that nobody waits for', '[4,"999"]'],
  ['broken JSON without a readable head', '[2,'],
] as const) {
  t.test(`${situation} gets no answer, and the connection lives`, async (t) => {
    const s = await startServer(t);
    const charger = await s.connect('/CP1');
    charger.send(frame);
    charger.send('[2,"2","Heartbeat",{}]');
    t.match(await charger.next(), [3, '2', {}]);
    t.strictSame(s.heard, ['CP1', 'CP1']);
  });
}

t.test('Latin-1 in a text frame is read as such', async (t) => {
  let idTag: string | undefined;
  const handle = ({ request }: { request: { idTag?: string } }) => {
    idTag = request.idTag;
    return { idTagInfo: { status: 'Accepted' as const } };
  };
  const s = await startServer(t, {
    core: { Authorize: fixedRoute('Authorize', { idTagInfo: { status: 'Accepted' } }, { handle }) },
  });
  const charger = await s.connect('/CP1');
  const bytes = Buffer.from('[2,"1","Authorize",{"idTag":"Öz"}]', 'latin1');
  charger.socket.send(bytes, { binary: false });
  await charger.next();
  t.equal(idTag, 'Öz');
});

t.test('two messages in one frame are answered in order', async (t) => {
  const s = await startServer(t);
  const charger = await s.connect('/CP1');
  charger.send('[2,"1","Heartbeat",{}]\n[2,"2","Heartbeat",{}]');
  t.match(await charger.next(), [3, '1', {}]);
  t.match(await charger.next(), [3, '2', {}]);
});

t.test('an unknown action that is repeated for ever is answered with nothing in the end', async (t) => {
  const s = await startServer(t);
  const charger = await s.connect('/CP1');
  for (let count = 1; count <= MAX_UNKNOWN_CALLS_PER_MINUTE; count++) {
    charger.send('[2,"1","Telepathy",{}]');
    t.match(await charger.next(), [4, '1', 'NotImplemented']);
  }
  charger.send('[2,"9","Telepathy",{}]');
  t.strictSame(await charger.next(), [3, '9', {}]);
  charger.send('[2,"10","Telekinesis",{}]');
  t.match(await charger.next(), [4, '10', 'NotImplemented']);
});
