// `kwota doctor` on machines that are fit and on such that are not, as exit code, finding and hint.
import { once } from 'node:events';
import { existsSync, readFileSync, truncateSync, writeFileSync } from 'node:fs';
import { createServer, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import type { Finding } from '../bin/doctor/finding.ts';
import { createAuthority } from './kit/certificates.ts';
import { freePort } from './kit/free-port.ts';
import { runCommand } from './kit/kwota-command.ts';
import { runKwotaToItsEnd, startKwota } from './kit/kwota-process.ts';

t.setTimeout(300_000);

const FREE = ['--ocpp-port', '0', '--api-port', '0'];
const DAY_MS = 86_400_000;

async function examine(cwd: string, ...args: readonly string[]) {
  const { code, out, err } = await runCommand(cwd, 'doctor', '--json', ...args);
  const findings = err === '' ? (JSON.parse(out) as Finding[]) : [];
  const about = (word: string) => findings.filter((one) => one.about === word);
  return { code, err, findings, about };
}

function siteFolder(t: Test, config = ''): string {
  return t.testdir({ data: {}, 'config.yaml': config });
}

t.test('on a machine that is fit it says so, and what to type into a charger', async (t) => {
  const cwd = siteFolder(
    t,
    'site: {timeZone: Europe/Istanbul}\nocpp: {host: 10.1.2.3, port: 9123, pathPrefix: ocpp}\n',
  );
  const { findings, about } = await examine(cwd, '--ocpp-host', '127.0.0.1', '--api-port', '0');
  t.strictSame(
    findings.filter(({ level }) => level === 'bad'),
    [],
  );
  t.match(about('zone'), [{ level: 'ok', text: /Europe\/Istanbul/ }]);
  // A warning where the disk is slow, or busy.
  t.match(about('folder'), [{ level: /^(ok|warning)$/, text: /can be written; a flush .* takes [\d.]+ ms/ }]);
  t.match(about('charger'), [{ level: 'warning', hint: /0\.0\.0\.0/ }], 'nobody else reaches 127.0.0.1');
  const outside = await examine(cwd);
  t.match(outside.about('charger'), [{ level: 'note', text: 'type ws://10.1.2.3:9123/ocpp/' }]);
});

t.test('without --json it is lines for people, with a verdict', async (t) => {
  const { code, out, err } = await runCommand(siteFolder(t), 'doctor', ...FREE);
  t.strictSame([code, err], [0, '']);
  t.match(out, /^ok +configuration /);
  t.match(out, /\n(all is well|nothing bad; see the warnings)\n$/);
});

t.test('a port that another program has is bad; one that kwota itself has is not', async (t) => {
  const cwd = siteFolder(t);
  const other = createServer().listen(0, '127.0.0.1');
  t.teardown(() => other.close());
  await once(other, 'listening');
  const taken = String((other.address() as AddressInfo).port);
  const { code, about } = await examine(cwd, '--ocpp-port', '0', '--api-port', taken);
  t.equal(code, 1);
  t.match(about('port'), [
    { level: 'ok' },
    { level: 'bad', text: /in use by another program/, hint: /--api-port/ },
  ]);
  const kwota = await startKwota({ dataDir: join(cwd, 'data') });
  t.teardown(() => kwota.kill());
  const [ocppPort, apiPort] = [kwota.ocppUrl, kwota.apiUrl].map((url) => new URL(url).port);
  const own = await examine(cwd, '--ocpp-port', ocppPort ?? '', '--api-port', apiPort ?? '');
  t.match(own.about('server'), [{ level: 'ok', text: new RegExp(`process ${kwota.pid}`) }]);
  t.match(own.about('port'), [
    { level: 'ok', text: /kwota itself/ },
    { level: 'ok', text: /kwota itself/ },
  ]);
});

t.test('an address that is not of this machine, and a folder that cannot be, are bad', async (t) => {
  const cwd = t.testdir({ 'a-file': '' });
  const { code, about } = await examine(
    cwd,
    '--api-host',
    '203.0.113.7',
    '--data',
    'a-file/data',
    ...FREE.slice(0, 2),
  );
  t.equal(code, 1);
  t.match(about('port')[1], { level: 'bad', hint: /api\.host/ });
  t.match(about('folder'), [{ level: 'bad', text: /ENOTDIR/, hint: /--data/ }]);
});

t.test('a store that a start refuses is bad, in the same words, and left as it is', async (t) => {
  const cwd = siteFolder(t);
  const dataDir = join(cwd, 'data');
  const kwota = await startKwota({ dataDir });
  t.teardown(() => kwota.kill());
  t.strictSame((await examine(cwd, ...FREE)).about('store'), [], 'one that is in use is not');
  await kwota.kill();
  const store = join(dataDir, '.kwota', 'kwota.sqlite');
  const log = readFileSync(`${store}-wal`);
  t.ok(log.length > 0);
  for (const [length, what] of [
    [1_000, 'cut short'],
    [0, 'empty'],
  ] as const) {
    truncateSync(store, length);
    const { code, about } = await examine(cwd, ...FREE);
    const { err } = await runKwotaToItsEnd({ dataDir });
    const [found] = about('store');
    t.match(found, { level: 'bad', text: new RegExp(`kwota\\.sqlite is ${what}, but kwota has run`) });
    t.equal(err, `kwota: ${found?.text}; ${found?.hint}\n`);
    t.equal(code, 1);
    t.ok(readFileSync(`${store}-wal`).equals(log));
  }
});

t.test('so is one that is damaged where it begins, or of a newer kwota', async (t) => {
  const cwd = siteFolder(t);
  const dataDir = join(cwd, 'data');
  const kwota = await startKwota({ dataDir });
  await kwota.stop();
  t.strictSame((await examine(cwd, ...FREE)).about('store'), [], 'one that rests is not');
  const store = join(dataDir, '.kwota', 'kwota.sqlite');
  t.notOk(existsSync(`${store}-shm`), 'and nothing is made beside it');
  const sound = readFileSync(store);
  const damaged = Buffer.from(sound).fill(0x5a, 0, 3_000);
  // Where SQLite keeps user_version.
  const newer = Buffer.from(sound);
  newer.writeUInt32BE(9_999, 60);
  for (const content of [damaged, newer]) {
    writeFileSync(store, content);
    const { code, about } = await examine(cwd, ...FREE);
    const { err } = await runKwotaToItsEnd({ dataDir });
    const [found] = about('store');
    t.equal(found?.level, 'bad');
    t.equal(err, `kwota: ${found?.text}; ${found?.hint}\n`);
    t.equal(code, 1);
    t.ok(readFileSync(store).equals(content));
  }
});

t.test('certificates: good, soon gone, gone, and none of the key beside it', async (t) => {
  const authority = createAuthority();
  const config = 'ocpp: {tls: {cert: server.pem, key: server.key}}\n';
  const cwd = siteFolder(t, config);
  const put = (days: number) => {
    const { cert, key } = authority.issue('site', { notAfter: new Date(Date.now() + days * DAY_MS) });
    writeFileSync(join(cwd, 'server.pem'), cert);
    writeFileSync(join(cwd, 'server.key'), key);
  };
  for (const [days, level, text] of [
    [300, 'ok', /good until/],
    [10, 'warning', /in \d+ days/],
    [-2, 'bad', /has expired/],
  ] as const) {
    put(days);
    t.match((await examine(cwd, ...FREE)).about('tls'), [{ level, text }], `${days} days`);
  }
  put(300);
  writeFileSync(join(cwd, 'server.key'), authority.issue('other').key);
  const { code, about } = await examine(cwd, ...FREE);
  t.equal(code, 1);
  t.match(about('tls'), [{ level: 'bad', text: /is not the key/ }]);
  const named = await examine(cwd, '--ocpp-host', '10.1.2.3', '--ocpp-port', '9444');
  t.match(named.about('charger'), [{ text: 'type wss://10.1.2.3:9444/' }], 'chargers speak TLS there');
});

t.test('ports for TLS that the running server has are its own', async (t) => {
  const authority = createAuthority();
  const { cert, key } = authority.issue('site');
  // The file of the server does not say all of its ports, so they cannot be 0.
  const [wss, https] = [await freePort(20_000), await freePort(25_000)];
  const cwd = t.testdir({
    data: {},
    'server.pem': cert,
    'server.key': key,
    'config.yaml': `
ocpp: {tls: {cert: server.pem, key: server.key, port: ${wss}}}
api: {tls: {cert: server.pem, key: server.key}}
`,
  });
  const config = ['--config', join(cwd, 'config.yaml')];
  const ports = ['--ocpp-port', '0', '--api-port', String(https)];
  const kwota = await startKwota({ dataDir: join(cwd, 'data'), args: [...config, ...ports] });
  t.teardown(() => kwota.kill());
  const { findings, about } = await examine(cwd, '--ocpp-host', '10.1.2.3', ...ports);
  t.match(about('server'), [{ level: 'ok', text: new RegExp(`process ${kwota.pid}`) }]);
  t.strictSame(
    findings.filter(({ level }) => level === 'bad'),
    [],
  );
  t.match(about('port').slice(1), [
    { text: `${wss} for chargers (wss) is in use by kwota itself` },
    { text: `${https} for the API is in use by kwota itself` },
  ]);
  t.match(about('tls'), [{ text: /^ocpp\.tls/ }, { text: /^api\.tls/ }]);
  const { port } = new URL(kwota.ocppUrl);
  t.match(about('charger'), [
    { text: `type ws://10.1.2.3:${port}/` },
    { text: `type wss://10.1.2.3:${wss}/` },
  ]);
});

t.test('a configuration that is wrong is told as everywhere', async (t) => {
  const { code, err } = await examine(siteFolder(t, 'ocpp: {port: x}\n'));
  t.equal(code, 1);
  t.match(err, /config\.yaml:1:14: ocpp\.port must be/);
});
