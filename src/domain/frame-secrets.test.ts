// Which values of a frame are hidden before it is kept, and that nothing else of it changes.
import t from 'tap';
import { withoutSecrets } from './frame-secrets.ts';

const SECRET = '6f43b19a07e2cc1ad0f7314c5b8890aa';

void t.test('secrets are hidden wherever a frame has them', (t) => {
  for (const [frame, expected] of [
    [
      `[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"${SECRET}"}]`,
      '[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"***"}]',
    ],
    [
      `[2,"1","ChangeConfiguration",{"value":"${SECRET}","key":" authorizationkey"}]`,
      '[2,"1","ChangeConfiguration",{"value":"***","key":" authorizationkey"}]',
    ],
    [
      `[3,"1",{"configurationKey":[{"key":"WebSocketPingInterval","readonly":false,"value":"60"},{"key":"FtpPassword","readonly":false,"value":"a}b"}]}]`,
      '[3,"1",{"configurationKey":[{"key":"WebSocketPingInterval","readonly":false,"value":"60"},{"key":"FtpPassword","readonly":false,"value":"***"}]}]',
    ],
    [
      `[2,"1","GetDiagnostics",{"location":"ftp://user:p@ss@10.0.0.1/up"}]`,
      '[2,"1","GetDiagnostics",{"location":"ftp://***@10.0.0.1/up"}]',
    ],
    [
      `[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":"${SECRET}"`,
      '[2,"1","ChangeConfiguration",{"key":"***',
    ],
  ] as const) {
    const hidden = withoutSecrets(frame);
    t.equal(hidden, expected);
    t.notMatch(hidden, SECRET);
  }
  t.end();
});

void t.test('frames that are made to be costly are not', (t) => {
  const depth = 100_000;
  const nested = `${'['.repeat(depth)}{"configurationKey":"password"}${']'.repeat(depth)}`;
  t.match(withoutSecrets(nested), /^\[+"\*\*\*"\]+$/);
  const colons = `"://${':'.repeat(1_000_000)}"`;
  t.equal(withoutSecrets(colons), colons);
  t.end();
});

void t.test('what has no secret stays to the letter, odd as it may be', (t) => {
  for (const frame of [
    '[2, "1" ,"Heartbeat",{}]',
    '[2,"1","ChangeConfiguration",{"key":"HeartbeatInterval", "value":"60"}]',
    '[2,"1","ChangeConfiguration",{"key":"AuthorizationKey","value":""}]',
    '[3,"1",{"configurationKey":[{"key":"a","value":"my password is none"}]}]',
    '[2,"1","DataTransfer",{"vendorId":"x","data":"http://10.0.0.1/a?b=c:d@e"}]',
    '{"configurationKey',
    '',
  ])
    t.equal(withoutSecrets(frame), frame);
  t.end();
});
