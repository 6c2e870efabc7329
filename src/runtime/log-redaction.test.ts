// Secrets in lines: what looks like one and what is known to be one is not shown; everything else is left as it is.
import t from 'tap';
import { createLog } from './log-output.ts';
import { createRedaction, REDACTED } from './log-redaction.ts';
import { LogRing } from './log-ring.ts';

const KNOWN = 'known-secret-of-a-token';
const SECRET = 's3cr3t-w0rd';

void t.test('nothing that gives access is shown, in whatever text it stands', (t) => {
  const redact = createRedaction([KNOWN, 'short']);
  for (const text of [
    `Authorization: Bearer ${SECRET}`,
    `authorization: basic ${SECRET}==`,
    `ftp://user:${SECRET}@files.example.com/upload`,
    `https://${SECRET}@files.example.com`,
    `/CP1?token=${SECRET}`,
    `/CP1?a=b&apiKey=${SECRET}&c=d`,
    `/CP1?password=${SECRET}`,
    `AuthorizationKey=${SECRET}`,
    `[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"${SECRET}"}]`,
    `[3,"1",{"configurationKey":[{"key":"AuthorizationKey","readonly":false,"value":"${SECRET}"}]}]`,
    `{"value":"${SECRET}","key":"AuthorizationKey"}`,
    JSON.stringify(`{"key":"AuthorizationKey","value":"${SECRET}"}`),
  ]) {
    const shown = redact(text);
    t.notOk(shown.includes(SECRET), shown);
    t.ok(shown.includes(REDACTED), shown);
  }
  t.equal(redact(`a ${KNOWN} b ${KNOWN}`), `a ${REDACTED} b ${REDACTED}`);
  t.end();
});

void t.test('what is no secret is left as it is', (t) => {
  const redact = createRedaction([KNOWN, 'short']);
  for (const text of [
    'reading',
    'ws://10.0.0.7:9000/CP-1',
    'a short text',
    'basics',
    'the bearer of bad news:',
    '/CP1?serial=12345',
    '[2,"1","ChangeConfiguration",{"key":"HeartbeatInterval","value":"60"}]',
    'ann@example.com',
    'http://host/path@2',
  ])
    t.equal(redact(text), text);
  t.end();
});

void t.test('a log shows none in its sentence, its fields, its format or in memory', (t) => {
  for (const format of ['text', 'json'] as const) {
    let written = '';
    const ring = new LogRing();
    const log = createLog({
      ...{ level: 'info', format, ring, redact: createRedaction([KNOWN]) },
      write: (line) => (written += line),
    });
    const fields = { url: `ftp://a:${SECRET}@b`, count: 1, charger: 'CP1', key: KNOWN };
    log.warn('COMMAND', `told ${KNOWN}`, fields);
    const kept = JSON.stringify([...ring.kept()]);
    for (const shown of [written, kept]) {
      t.notOk(shown.includes(SECRET) || shown.includes(KNOWN), shown);
      t.match(shown, 'CP1');
    }
    t.equal(fields.key, KNOWN, 'who logs keeps what he has');
  }
  t.end();
});
