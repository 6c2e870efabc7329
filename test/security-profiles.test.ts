// Security profiles 1 to 3 of OCPP 1.6 on real sockets: passwords, TLS, client certificates, and certificates that change.
import { once } from 'node:events';
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import type { IncomingMessage } from 'node:http';
import { get } from 'node:https';
import { join } from 'node:path';
import { connect } from 'node:tls';
import t, { type Test } from 'tap';
import { WebSocket, type ClientOptions } from 'ws';
import { systemClock } from '../src/runtime/clock.ts';
import { createAuthority, type Authority, type Certificate } from './kit/certificates.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { startKwotaInProcess } from './kit/kwota-in-process.ts';
import { until } from './kit/until.ts';

t.setTimeout(300_000);

interface Tls {
  readonly authority: Authority;
  readonly chargers?: Authority;
  readonly more?: string;
}

const roots = new Map<Test, string>();

/** A new one in the folder of the test. */
function folderOf(t: Test): string {
  const root = roots.get(t) ?? makeDataDir(t, {});
  roots.set(t, root);
  return mkdtempSync(join(root, 'site-'));
}

async function start(t: Test, ocpp: string, settings = '', tls?: Tls) {
  const dataDir = folderOf(t);
  if (tls) writePair(dataDir, tls.authority.issue('site'));
  if (tls?.chargers) writeFileSync(join(dataDir, 'ca.pem'), tls.chargers.cert);
  const files = `cert: ${dataDir}/server.pem, key: ${dataDir}/server.key`;
  const ca = tls?.chargers ? `, ca: ${dataDir}/ca.pem` : '';
  const section = tls ? `, tls: {${files}${ca}${tls.more ?? ''}}` : '';
  const yaml = `ocpp: {${ocpp}${section}}\nchargers: {settings: {${settings}}}\n`;
  const kwota = await startKwotaInProcess({ dataDir, timeZone: 'UTC', clock: systemClock, yaml });
  t.teardown(() => kwota.stop());
  return { dataDir, kwota };
}

function writePair(dataDir: string, { cert, key }: Certificate): void {
  writeFileSync(join(dataDir, 'server.pem'), cert);
  writeFileSync(join(dataDir, 'server.key'), key);
}

/** `open`, the status of the refusal, or the code of the error. */
async function outcomeOf(url: string, options: ClientOptions = {}): Promise<string> {
  const socket = new WebSocket(url, 'ocpp1.6', options);
  const outcome = await new Promise<string>((resolve) => {
    socket.on('open', () => resolve('open'));
    socket.on('unexpected-response', (_, response) => {
      const { statusCode = 0, headers } = response;
      const retry = headers['retry-after'] === undefined ? '' : ` retry after ${headers['retry-after']}`;
      resolve(`${statusCode}${retry} ${headers['www-authenticate'] ?? ''}`.trim());
    });
    socket.on('error', (error) => resolve('code' in error ? String(error.code) : error.message));
  });
  socket.terminate();
  return outcome;
}

const withPassword = (password: string | Buffer, user = 'CP1'): ClientOptions => ({
  headers: {
    authorization: `Basic ${Buffer.concat([Buffer.from(`${user}:`), Buffer.from(password as string)]).toString('base64')}`,
  },
});

const ASKED = '401 Basic realm="OCPP", charset="UTF-8"';

void t.test(
  'profile 1: a charger shows its password, in any of the ways that chargers write it',
  async (t) => {
    const key = '6f43b19a07e2cc1ad0f7314c5b8890aa';
    const { kwota } = await start(t, 'auth: basic', `CP1: {password: ${key}}, OPEN: {auth: none}`);
    const url = `${kwota.ocppUrl}/CP1`;
    t.equal(await outcomeOf(url), ASKED);
    t.equal(await outcomeOf(url, withPassword('wrong')), ASKED);
    t.equal(await outcomeOf(url, withPassword(key)), 'open');
    t.equal(await outcomeOf(url, withPassword(Buffer.from(key, 'hex'))), 'open');
    t.equal(await outcomeOf(url, withPassword(key.toUpperCase(), 'someone')), 'open');
    t.equal(await outcomeOf(`${kwota.ocppUrl}/CP2`, withPassword(key, 'CP2')), ASKED, 'each its own');
    t.equal(await outcomeOf(`${kwota.ocppUrl}/OPEN`), 'open', 'one that is exempt');
    t.notMatch(kwota.log(), key, 'the log has no password');
    t.match(kwota.log(), /\[AUTH\] a connection was refused .*a password is needed/);
  },
);

void t.test('who guesses is told when to come again', async (t) => {
  const { kwota } = await start(t, 'auth: basic', 'CP1: {password: garage-42}');
  for (let n = 0; n < 10; n += 1) await outcomeOf(`${kwota.ocppUrl}/CP1`, withPassword(`guess-${n}`));
  t.match(await outcomeOf(`${kwota.ocppUrl}/CP1`, withPassword('garage-42')), /^429 retry after \d+$/);
});

void t.test('profile 2: wss in the place of ws, and beside it', async (t) => {
  const authority = createAuthority();
  const ca = authority.cert;
  const alone = await start(t, 'auth: basic', 'CP1: {password: garage-42}', { authority });
  const wss = alone.kwota.ocppUrl.replace('ws:', 'wss:');
  t.equal(await outcomeOf(`${wss}/CP1`, { ca, ...withPassword('garage-42') }), 'open');
  t.equal(await outcomeOf(`${wss}/CP1`, { ca }), ASKED);
  t.equal(await outcomeOf(`${alone.kwota.ocppUrl}/CP1`), 'ECONNRESET', 'nothing is spoken in the clear');
  const failed = /a TLS handshake failed .*the charger speaks ws:\/\/ to the port of wss:\/\//;
  await until('it is told', () => failed.test(alone.kwota.log()));
  t.notMatch(alone.kwota.log(), 'speaks no HTTP', 'told once');
  const both = await start(t, 'auth: none', '', { authority, more: ', port: 0' });
  t.equal(await outcomeOf(`${both.kwota.ocppUrl}/CP1`), 'open');
  t.equal(await outcomeOf(`wss://127.0.0.1:${both.kwota.ocppTlsPort ?? 0}/CP1`, { ca }), 'open');
});

void t.test('profile 3: a charger shows a certificate that the site’s authority has signed', async (t) => {
  const [authority, chargers, strangers] = [
    createAuthority(),
    createAuthority('Chargers'),
    createAuthority('Else'),
  ];
  const { kwota } = await start(t, 'auth: certificate', 'CP2: {certificateName: SN-4711}', {
    authority,
    chargers,
  });
  const wss = kwota.ocppUrl.replace('ws:', 'wss:');
  const ca = authority.cert;
  const as = (certificate: Certificate) => ({ ca, ...certificate });
  t.equal(await outcomeOf(`${wss}/CP1`, as(chargers.issue('CP1'))), 'open');
  t.equal(await outcomeOf(`${wss}/CP2`, as(chargers.issue('SN-4711'))), 'open');
  t.equal(await outcomeOf(`${wss}/CP2`, as(chargers.issue('CP1'))), '403', 'that of another charger');
  t.equal(await outcomeOf(`${wss}/CP1`, as(strangers.issue('CP1'))), '403', 'signed by somebody else');
  t.equal(await outcomeOf(`${wss}/CP1`, { ca }), '403');
  const expired = chargers.issue('CP1', { notAfter: new Date(Date.now() - 60_000) });
  t.equal(await outcomeOf(`${wss}/CP1`, as(expired)), '403', 'expired');
  const strict = await start(t, 'auth: certificate', '', {
    ...{ authority, chargers },
    more: ', requireClientCertificate: true',
  });
  const strictUrl = `${strict.kwota.ocppUrl.replace('ws:', 'wss:')}/CP1`;
  t.not(await outcomeOf(strictUrl, { ca }), '403', 'it does not come to a request');
  t.equal(await outcomeOf(strictUrl, as(chargers.issue('CP1'))), 'open');
});

void t.test('the API on https keeps a plain port for programs on the same machine', async (t) => {
  const authority = createAuthority();
  const dataDir = folderOf(t);
  writePair(dataDir, authority.issue('site'));
  const yaml = `api: {tls: {cert: ${dataDir}/server.pem, key: ${dataDir}/server.key}}\n`;
  const kwota = await startKwotaInProcess({ dataDir, timeZone: 'UTC', clock: systemClock, yaml });
  t.teardown(() => kwota.stop());
  const options = { host: '127.0.0.1', port: kwota.apiPort, path: '/api/health', ca: authority.cert };
  const [response] = (await once(get(options), 'response')) as [IncomingMessage];
  t.equal(response.statusCode, 200);
  response.destroy();
  t.equal((await fetch(`${kwota.apiUrl}/api/health`)).status, 200);
  t.not(new URL(kwota.apiUrl).port, String(kwota.apiPort));
  const told = JSON.parse(readFileSync(join(dataDir, '.kwota', 'server.json'), 'utf8')) as { api: string };
  t.equal(told.api, kwota.apiUrl, 'local commands know the plain one');
  writePair(dataDir, authority.issue('renewed'));
  await until('the new one', async () => (await shownBy(kwota.apiPort)) === 'renewed');
});

/** The common name of the certificate that is shown now. */
async function shownBy(port: number): Promise<string> {
  const socket = connect({ port, host: '127.0.0.1', rejectUnauthorized: false });
  await once(socket, 'secureConnect');
  const { CN } = socket.getPeerCertificate().subject;
  socket.destroy();
  return String(CN);
}

void t.test(
  'certificates that change on disk are used, bad ones are not, and connections stay',
  async (t) => {
    const authority = createAuthority();
    const { dataDir, kwota } = await start(t, 'auth: none', '', { authority });
    const { port } = new URL(kwota.ocppUrl);
    const socket = new WebSocket(`${kwota.ocppUrl.replace('ws:', 'wss:')}/CP1`, 'ocpp1.6', {
      ca: authority.cert,
    });
    await once(socket, 'open');
    t.equal(await shownBy(Number(port)), 'site');
    writePair(dataDir, authority.issue('renewed'));
    await until('the new one', async () => (await shownBy(Number(port))) === 'renewed');
    writeFileSync(join(dataDir, 'server.key'), 'no key at all');
    await until('the alarm', () =>
      kwota.log().includes('ocpp.tls.key holds no private key that can be used; the'),
    );
    t.equal(await shownBy(Number(port)), 'renewed', 'the one in use stays');
    writePair(dataDir, authority.issue('mended', { notAfter: new Date(Date.now() + 5.5 * 86_400_000) }));
    await until('the mended one', async () => (await shownBy(Number(port))) === 'mended');
    t.match(kwota.log(), /ocpp\.tls\.cert expires in 5 days/);
    t.equal(socket.readyState, WebSocket.OPEN, 'who was connected still is');
    socket.terminate();
  },
);

void t.test('what makes no TLS is told by its key before anything listens', async (t) => {
  const authority = createAuthority();
  const rows: readonly (readonly [string, string, (dataDir: string) => void])[] = [
    ['tls: {cert: server.pem}', 'ocpp.tls needs cert and key', () => undefined],
    ['tls: {cert: absent.pem, key: absent.key}', 'ocpp.tls.cert: cannot read', () => undefined],
    ['auth: certificate', 'ocpp.auth: certificate needs ocpp.tls with cert, key and ca', () => undefined],
    [
      'tls: {cert: server.pem, key: server.key}',
      'ocpp.tls.key is not the key of the certificate',
      (dataDir) => writePair(dataDir, { cert: authority.issue('a').cert, key: authority.issue('b').key }),
    ],
    [
      'tls: {cert: server.pem, key: server.key}',
      'ocpp.tls.cert holds no certificate',
      (dataDir) => writePair(dataDir, { cert: 'none', key: authority.issue('b').key }),
    ],
  ];
  for (const [ocpp, message, prepare] of rows) {
    const dataDir = folderOf(t);
    prepare(dataDir);
    const yaml = `ocpp: {${ocpp}}\n`;
    const starting = startKwotaInProcess({ dataDir, timeZone: 'UTC', clock: systemClock, yaml });
    await t.rejects(starting, { message: new RegExp(message.replaceAll('.', '\\.')), hint: /./ }, message);
  }
});
