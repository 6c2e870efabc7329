// Recordings as files: what is written is read again, no name of a person is in it, and what is wrong is told with its line.
import t from 'tap';
import { loadConfig } from './config/load.ts';
import type { Config } from './config/schema.ts';
import { Users } from './csms/users.ts';
import { sampleUser } from './domain/sample.fixture.ts';
import { cutText, type TraceLine } from './domain/trace.ts';
import {
  readRecording,
  RecordingError,
  recordingOf,
  recordingText,
  type RecordingHeader,
} from './recording.ts';

const AT_MS = Date.UTC(2026, 10, 30, 12);

const HEADER: RecordingHeader = {
  chargePointId: 'CP 1/ä',
  program: 'kwota 1.0.0',
  madeAt: '2026-11-30T13:00:00.000Z',
  timeZone: 'Europe/Istanbul',
  resetDay: 15,
  unknownTags: 'accept',
  concurrentSessions: 'deny',
  idTagMatch: 'canonical',
  settings: { energyUnit: 'kWh', startStopUnit: 'Wh', maxPowerKw: 22 },
  users: [
    {
      idTag: 'A',
      account: null,
      quotaWh: 10_000,
      isUnlimited: false,
      isBlocked: true,
      expires: '2026-12-31',
    },
    { idTag: 'B', account: 'FLAT 4', quotaWh: 0, isUnlimited: true, isBlocked: false, expires: null },
  ],
};

const LINES: readonly TraceLine[] = [
  { seq: 7, atMs: AT_MS, kind: 'connected', text: '/CP1' },
  { seq: 8, atMs: AT_MS + 1, kind: 'in', text: '[2,"1","Heartbeat",{}]' },
  { seq: 9, atMs: AT_MS + 2, kind: 'out', text: 'line\nbreak \u0000 \u2028 "' },
  { seq: 10, atMs: AT_MS + 3, kind: 'disconnected', text: 'closed' },
];

const TEXT = recordingText(HEADER, LINES);

/** The error that reading the text ends with. */
function refusalOf(text: string): RecordingError {
  try {
    readRecording(text, 'x.jsonl');
  } catch (error) {
    if (error instanceof RecordingError) return error;
    throw error;
  }
  throw new Error('it was read');
}

/** The text with one line replaced; lines count from 1. */
function withLine(number: number, line: string): string {
  return TEXT.split('\n')
    .map((each, index) => (index + 1 === number ? line : each))
    .join('\n');
}

/** The text with members of its header replaced; undefined takes one out. */
function withHeader(changed: Readonly<Record<string, unknown>>): string {
  const first = JSON.parse(TEXT.split('\n')[0]!) as Record<string, unknown>;
  return withLine(1, JSON.stringify({ ...first, ...changed }));
}

function configWith(yaml: string): Config {
  const file = { path: 'config.yaml', text: yaml };
  const loaded = loadConfig({ file, env: {}, flags: {}, machine: { cwd: '/', timeZone: 'Asia/Tokyo' } });
  if ('problems' in loaded) throw new Error(JSON.stringify(loaded.problems));
  return loaded.config;
}

void t.test('what was written is read again, to the letter', (t) => {
  const { header, lines, warnings, config } = readRecording(TEXT, 'x.jsonl');
  t.strictSame(header, HEADER);
  t.strictSame(lines, LINES);
  t.strictSame(warnings, []);
  t.match(config.quota, { resetDay: 15, unknownTags: 'accept', concurrentSessions: 'deny' });
  t.equal(TEXT.split('\n').length, LINES.length + 2, 'one line each');
  t.equal(recordingText(header, lines), TEXT);
  t.end();
});

void t.test('a file that passed through a Windows editor is the same recording', (t) => {
  const edited = `\ufeff${TEXT.replaceAll('\n', '\r\n')}\r\n`;
  t.strictSame(readRecording(edited, 'x.jsonl'), readRecording(TEXT, 'x.jsonl'));
  t.end();
});

void t.test('a recording has the rules of its site and the settings of its charger', (t) => {
  const yaml = [
    'site: { timeZone: Europe/Berlin }',
    'quota: { resetDay: 3, unknownTags: accept }',
    'chargers: { settings: { CP1: { energyUnit: kWh, maxPowerKw: 11, brand: Secret }, "*": { energyUnit: Wh } } }',
  ].join('\n');
  const source = { chargePointId: 'CP1', lines: LINES, program: 'kwota 1.0.0', nowMs: AT_MS };
  const text = recordingOf(configWith(yaml), { users: new Users('exact') }, source);
  t.match(readRecording(text, 'x.jsonl').header, {
    chargePointId: 'CP1',
    madeAt: '2026-11-30T12:00:00.000Z',
    timeZone: 'Europe/Berlin',
    resetDay: 3,
    unknownTags: 'accept',
    concurrentSessions: 'allow',
    settings: { energyUnit: 'kWh', startStopUnit: 'auto', maxPowerKw: 11 },
    users: [],
  });
  t.notMatch(text, 'Secret', 'and nothing that it does not need');
  t.end();
});

void t.test(
  'the users of a recording are those whose tags ask for something in it, without their names',
  (t) => {
    const users = new Users('case-insensitive');
    users.replace(
      ['a1', 'b2', 'c3', 'd4', 'e5'].map((idTag) => sampleUser(idTag, { name: 'Grace', surname: 'Hopper' })),
    );
    const line = (kind: TraceLine['kind'], text: string) => ({ seq: 1, atMs: AT_MS, kind, text });
    const lines = [
      line('in', '[2,"1","Authorize",{"idTag":"A1"}]'),
      line('in', '[2,"2","StartTransaction",{"connectorId":1,"idTag":"a1","meterStart":0}]'),
      line('in', '[2,"3","StopTransaction",{"transactionId":1,"idTag":"B2","meterStop":0}] and garbage'),
      line('in', '[2,"4","Authorize",{"idTag":"nobody knows it"}]'),
      line('in', '[2,"5","DataTransfer",{"vendorId":"x","idTag":"c3"}]'),
      line('out', '[2,"6","RemoteStartTransaction",{"idTag":"d4"}]'),
      line('in', 'no message'),
      line('connected', '/e5'),
    ];
    const source = { chargePointId: 'CP1', lines, program: 'kwota 1.0.0', nowMs: AT_MS };
    const text = recordingOf(configWith(''), { users }, source);
    t.strictSame(
      readRecording(text, 'x.jsonl').header.users.map((user) => user.idTag),
      ['a1', 'b2'],
    );
    t.notMatch(text, /Grace|Hopper/);
    t.end();
  },
);

void t.test('a last line that is cut off is left out, and told', (t) => {
  const { lines, warnings } = readRecording(TEXT.slice(0, -10), 'x.jsonl');
  t.strictSame(lines, LINES.slice(0, -1));
  t.strictSame(warnings, ['line 5 is cut off and left out']);
  const whole = readRecording(TEXT.slice(0, -1), 'x.jsonl');
  t.strictSame([whole.lines, whole.warnings], [LINES, []], 'only its line end is missing');
  t.end();
});

void t.test('lines that were dropped are told', (t) => {
  const { lines, warnings } = readRecording(withLine(3, ''), 'x.jsonl');
  t.equal(lines.length, 3);
  t.strictSame(warnings, ['1 lines are missing before line 4']);
  t.end();
});

void t.test('messages that were too long to be recorded whole are told', (t) => {
  const cut = LINES.map((line) => ({ ...line, text: cutText(line.text, 20) }));
  const { warnings } = readRecording(recordingText(HEADER, cut), 'x.jsonl');
  t.strictSame(warnings, ['1 long messages were cut when they were recorded: what they said is missing']);
  t.end();
});

void t.test(
  'keys that it does not know are let be, and settings that are not there are the defaults',
  (t) => {
    const line = '{"seq":8,"at":"2026-11-30T12:00:00.001Z","kind":"in","text":"x","length":1}';
    t.equal(readRecording(withLine(3, line), 'x.jsonl').lines[1]?.text, 'x');
    const text = withHeader({ later: 1, settings: { later: 1 }, users: undefined, resetDay: undefined });
    const { header } = readRecording(text, 'x.jsonl');
    t.match(header, { resetDay: 1, users: [], settings: { energyUnit: 'auto', maxPowerKw: null } });
    t.end();
  },
);

void t.test('a file that is no recording is refused for that', (t) => {
  for (const text of ['', '\n', 'id_tag,quota_kwh\n', '{}', '[1]', '{"kwota":"else","version":1}', 'null']) {
    t.match(refusalOf(text), { code: 'notARecording', message: /^x\.jsonl:1: / }, text);
  }
  t.match(refusalOf(withHeader({ version: 2 })), { code: 'newerVersion', hint: /newer/ });
  t.end();
});

void t.test('a header that cannot be used is refused with what it must be', (t) => {
  const user = HEADER.users[0]!;
  for (const [changed, message] of [
    [{ chargePointId: undefined }, /chargePointId/],
    [{ chargePointId: '' }, /chargePointId/],
    [{ timeZone: undefined }, /timeZone/],
    [{ timeZone: 'Mars/Base' }, /site\.timeZone must be an IANA time zone/],
    [{ resetDay: 29 }, /quota\.resetDay must be a whole number from 1 to 28/],
    [{ idTagMatch: 'fuzzy' }, /quota\.idTagMatch/],
    [{ settings: { energyUnit: 'MWh' } }, /energyUnit/],
    [{ users: {} }, /users/],
    [{ users: [user, { ...user, idTag: 5 }] }, /users\[1\]/],
    [{ users: [{ ...user, quotaWh: -1 }] }, /users\[0\]/],
    [{ users: [{ ...user, quotaWh: 1.5 }] }, /users\[0\]/],
  ] as const) {
    const { code, message: said, hint } = refusalOf(withHeader(changed));
    t.equal(code, 'badHeader', JSON.stringify(changed));
    t.match(said, message);
    t.match(said, /^x\.jsonl:1: /);
    t.not(hint, '');
  }
  t.end();
});

void t.test('a line that cannot be read is refused with its number', (t) => {
  const good = { seq: 8, at: '2026-11-30T12:00:00.001Z', kind: 'in', text: '' };
  for (const [line, message] of [
    ['{"seq":8', 'not a JSON object'],
    ['[]', 'not a JSON object'],
    [JSON.stringify({ ...good, seq: '8' }), 'seq'],
    [JSON.stringify({ ...good, at: 'yesterday' }), 'at must'],
    [JSON.stringify({ ...good, at: 5 }), 'at must'],
    [JSON.stringify({ ...good, kind: 'sideways' }), 'kind'],
    [JSON.stringify({ ...good, text: null }), 'text'],
    [JSON.stringify({ ...good, at: '2036-11-30T12:00:00.001Z' }), 'three years'],
  ] as const) {
    const refusal = refusalOf(withLine(3, line));
    t.match(refusal, { code: 'badLine', message: `x.jsonl:3: ${refusal.message.slice(11)}` }, line);
    t.match(refusal.message, message);
  }
  t.end();
});
