// Which names a browser may ask under, and that other programs are not asked.
import t from 'tap';
import { createHostCheck } from './host-check.ts';
import { HttpProblem } from './problem.ts';

const FIREFOX = 'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0';
const check = createHostCheck(['kwota.example.com', 'Site-PC']);

function isAllowed(host: string | undefined, userAgent: string | undefined = FIREFOX): boolean {
  try {
    check({ host, userAgent, origin: undefined, fetchMode: undefined });
    return true;
  } catch (error) {
    if (error instanceof HttpProblem && error.code === 'hostUnknown') return false;
    throw error;
  }
}

void t.test('a browser may ask by address, by local names and by those that are set', (t) => {
  for (const host of [
    ...['127.0.0.1:8001', '10.0.0.5', '[::1]:8001', 'localhost:8001', 'site-pc', 'pc.local', 'pc.lan:80'],
    ...['kwota.example.com', 'KWOTA.example.com:443', 'kwota.example.com.', '', undefined],
  ])
    t.ok(isAllowed(host), String(host));
  t.end();
});

void t.test('a browser may not ask under a name that anybody can register', (t) => {
  for (const host of [
    ...[
      'evil.example',
      'evil.example:8001',
      '127.0.0.1.evil.example',
      'localhost.evil.example',
      'notlocal.com',
    ],
    ...['kwota.example.com.evil.example', 'evil.example.', '10.0.0.5.nip.io'],
  ])
    t.notOk(isAllowed(host), host);
  t.end();
});

void t.test('who is no browser may ask under any name', (t) => {
  t.ok(isAllowed('pc.site.example', 'curl/8.5.0'));
  const headers = { host: 'evil.example', userAgent: 'x' };
  t.throws(() => check({ ...headers, origin: 'http://evil.example', fetchMode: undefined }));
  t.throws(() => check({ ...headers, origin: undefined, fetchMode: 'cors' }));
  t.end();
});
