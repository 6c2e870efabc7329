// Framing: what becomes of well-formed, odd and broken text.
import t from 'tap';
import { callText, errorText, MAX_RAW_LENGTH, readFrames, resultText } from './frame.ts';
import { MAX_MESSAGES_PER_FRAME } from './frame-repair.ts';

const heartbeat = { kind: 'call', id: '1', action: 'Heartbeat', payload: {} };

const table: [situation: string, text: string, frames: unknown[]][] = [
  ['a CALL', '[2,"1","Heartbeat",{}]', [heartbeat]],
  ['a CALLRESULT', '[3,"1",{"a":1}]', [{ kind: 'result', id: '1', payload: { a: 1 } }]],
  ['a CALLERROR', '[4,"1","X","why",{}]', [{ kind: 'error', id: '1', code: 'X', description: 'why' }]],
  ['a CALLERROR of two elements', '[4,"1"]', [{ kind: 'error', id: '1', code: '', description: '' }]],
  ['a CALLRESULT without payload', '[3,"1"]', [{ kind: 'result', id: '1', payload: {} }]],
  ['the message type as a string', '["2","1","Heartbeat",{}]', [heartbeat]],
  ['no payload', '[2,"1","Heartbeat"]', [heartbeat]],
  ['a null payload', '[2,"1","Heartbeat",null]', [heartbeat]],
  ['a fifth element', '[2,"1","Heartbeat",{},{}]', [heartbeat]],
  ['a numeric message id', '[2,17,"Heartbeat",{}]', [{ ...heartbeat, id: 17 }]],
  ['an empty message id', '[2,"","Heartbeat",{}]', [{ ...heartbeat, id: '' }]],
  ['a byte-order mark', '\ufeff[2,"1","Heartbeat",{}]', [heartbeat]],
  ['trailing NULs and a newline', '[2,"1","Heartbeat",{}]\n\0\0', [heartbeat]],
  ['a NUL inside', '[2,"1","Heart\0beat",{}]', [heartbeat]],
  [
    'a raw control character in a string',
    '[2,"1","DataTransfer",{"data":"a\tb"}]',
    [{ kind: 'call', id: '1', action: 'DataTransfer', payload: { data: 'a b' } }],
  ],
  ['a trailing comma', '[2,"1","Heartbeat",{},]', [heartbeat]],
  [
    'a literal NaN, which JSON does not know',
    '[2,"1","DataTransfer",{"a":NaN,"b":"NaN"}]',
    [{ kind: 'call', id: '1', action: 'DataTransfer', payload: { a: null, b: 'NaN' } }],
  ],
  [
    'a member without value',
    '[3,"1",{"configurationKey":,"x":1}]',
    [{ kind: 'result', id: '1', payload: { configurationKey: null, x: 1 } }],
  ],
  ['empty text', '', []],
  ['blanks', ' \r\n', []],
  ['the word pong', 'pong', []],
  ['the word pong in quotes', '"pong"', []],
  [
    'two messages in one frame',
    '[3,"9",{"a":"]["}][2,"1","Heartbeat",{}]',
    [{ kind: 'result', id: '9', payload: { a: '][' } }, heartbeat],
  ],
  ['two messages on two lines', '[2,"1","Heartbeat",{}]\n[2,"1","Heartbeat",{}]', [heartbeat, heartbeat]],
  [
    'a message and the beginning of another',
    '[2,"1","Heartbeat",{}][2,"2","Authorize",{"idT',
    [
      heartbeat,
      {
        kind: 'problem',
        problem: 'notJson',
        messageType: 2,
        id: '2',
        action: 'Authorize',
        raw: '[2,"2","Authorize",{"idT',
      },
    ],
  ],
  ['text', 'hello', [{ kind: 'problem', problem: 'notJson', raw: 'hello' }]],
  ['a JSON object', '{"a":1}', [{ kind: 'problem', problem: 'notArray' }]],
  [
    'an unknown message type',
    '[1,"1"]',
    [{ kind: 'problem', problem: 'messageType', messageType: 1, id: '1' }],
  ],
  [
    'a null message id',
    '[2,null,"Heartbeat",{}]',
    [{ kind: 'problem', problem: 'messageId', messageType: 2 }],
  ],
  [
    'a numeric message id too large to be written again',
    '[2,1e999,"Heartbeat",{}]',
    [{ kind: 'problem', problem: 'messageId', messageType: 2 }],
  ],
  [
    'an action that is no text',
    '[2,"1",5,{}]',
    [{ kind: 'problem', problem: 'action', messageType: 2, id: '1' }],
  ],
  [
    'a truncated CALLRESULT',
    '[3,"1",{"configurationKey":[]',
    [{ kind: 'problem', problem: 'notJson', messageType: 3, id: '1', raw: '[3,"1",{"configurationKey":[]' }],
  ],
];

for (const [situation, text, frames] of table) {
  t.test(`${situation} is read`, (t) => {
    t.strictSame(readFrames(text), frames);
    t.end();
  });
}

t.test(
  'a truncated StopTransaction is handed on with what can be found, but no number that may have lost digits',
  (t) => {
    const text =
      '[2,"5","StopTransaction",{"transactionData":[{"timestamp":"2026-11-01T00:00:00Z","sampledValue":[]}],' +
      '"transactionId": "17","idTag":"A\\u0042","timestamp":"2026-11-02T00:00:00Z","reason":"Local","meterStop":1234';
    t.strictSame(readFrames(text), [
      {
        kind: 'call',
        id: '5',
        action: 'StopTransaction',
        payload: { transactionId: 17, idTag: 'AB', timestamp: '2026-11-02T00:00:00Z', reason: 'Local' },
        raw: text,
      },
    ]);
    t.end();
  },
);

t.test('a StartTransaction with a missing brace keeps its register', (t) => {
  const [frame] = readFrames(
    '[2,5,"StartTransaction",{"connectorId":1,"idTag":"T","meterStart":26008.5,"x"}]',
  );
  t.match(frame, { kind: 'call', id: 5, payload: { connectorId: 1, idTag: 'T', meterStart: 26008.5 } });
  t.end();
});

t.test('messages beyond the limit of one frame are reported, not read', (t) => {
  const frames = readFrames('[2,"1","Heartbeat",{}]'.repeat(MAX_MESSAGES_PER_FRAME + 1));
  t.equal(frames.length, MAX_MESSAGES_PER_FRAME + 1);
  t.strictSame(frames.at(-1), { kind: 'problem', problem: 'tooManyMessages' });
  t.end();
});

t.test('a hostile megabyte of any broken shape is read in linear time', (t) => {
  const size = 1024 * 1024;
  for (const part of ['[1,],', '\\"', '"', '[', '{"a":,', ', ', 'NaN ', '[2,"\\', '\0']) {
    const startedAt = performance.now();
    const frames = readFrames('[2,"1","StopTransaction",{' + part.repeat(size / part.length));
    t.ok(
      performance.now() - startedAt < 5_000,
      `${JSON.stringify(part)} in ${performance.now() - startedAt} ms`,
    );
    t.ok(JSON.stringify(frames).length < 2 * MAX_RAW_LENGTH + 500, 'and what is kept of it is small');
  }
  t.end();
});

t.test('what is written is read back, ids with their type', (t) => {
  t.strictSame(readFrames(callText('a"1', 'Reset', { type: 'Soft' })), [
    { kind: 'call', id: 'a"1', action: 'Reset', payload: { type: 'Soft' } },
  ]);
  t.strictSame(readFrames(resultText(5, {})), [{ kind: 'result', id: 5, payload: {} }]);
  t.strictSame(readFrames(errorText('5', 'GenericError', 'x'.repeat(300))), [
    { kind: 'error', id: '5', code: 'GenericError', description: 'x'.repeat(255) },
  ]);
  t.end();
});
