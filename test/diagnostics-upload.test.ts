// Diagnostics without an FTP server: a charger uploads them where it is connected anyway, whatever goes wrong on the way.
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { request } from 'node:http';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { startApiSite } from './kit/api-site.ts';
import { ChargePoint } from './kit/charge-point.ts';
import { until } from './kit/until.ts';

t.setTimeout(300_000);

const MIB = 1024 * 1024;

async function askedCharger(t: Test) {
  const site = await startApiSite(t);
  const charger = await ChargePoint.connect(site.kwota.ocppUrl, 'CP1');
  t.teardown(() => charger.close());
  charger.answer = ({ action }) => (action === 'GetDiagnostics' ? { fileName: 'diag.zip' } : {});
  await charger.boot();
  const locate = async () => {
    const { status, text } = await site.command('CP1', 'GetDiagnostics');
    if (status !== 200) throw new Error(text);
    const { location } = await charger.waitFor('GetDiagnostics');
    return location as string;
  };
  const folder = join(site.dataDir, '.kwota', 'uploads');
  return { ...site, charger, locate, folder };
}

void t.test('the location is on the port for chargers, at the address that the charger used', async (t) => {
  const { kwota, locate, folder } = await askedCharger(t);
  const location = await locate();
  t.equal(new URL(location).host, new URL(kwota.ocppUrl).host);
  t.equal((await fetch(location, { method: 'PUT', body: 'all is well' })).status, 201);
  t.strictSame(readdirSync(folder), ['CP1-1-diag.zip']);
  t.equal((await fetch(location)).status, 426, 'nothing can be read there');
  t.equal((await fetch(`${location}0`, { method: 'PUT', body: 'x' })).status, 404, 'another key');
  const elsewhere = location.replace('/uploads/', '/uploads/../uploads//');
  t.equal((await fetch(elsewhere, { method: 'PUT', body: 'x' })).status, 404, 'another path');
});

void t.test('a large file, and two at once, arrive as they were sent', async (t) => {
  const { locate, folder } = await askedCharger(t);
  const location = await locate();
  const files = [randomBytes(20 * MIB), randomBytes(MIB)];
  const answers = await Promise.all(
    files.map((body, n) => fetch(`${location}/part-${n}`, { method: 'PUT', body })),
  );
  t.strictSame(
    answers.map(({ status }) => status),
    [201, 201],
  );
  const digest = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');
  for (const [n, body] of files.entries())
    t.equal(digest(readFileSync(join(folder, `CP1-1-part-${n}`))), digest(body));
});

void t.test(
  'an upload that breaks off, or is too large, leaves nothing, and the next one is taken',
  async (t) => {
    const { kwota, locate, folder } = await askedCharger(t);
    const location = await locate();
    const half = request(location, { method: 'PUT', headers: { 'content-length': String(MIB) } });
    half.on('error', () => undefined);
    half.write(Buffer.alloc(MIB / 2));
    const hasBegun = () => existsSync(folder) && readdirSync(folder).some((name) => name.endsWith('.part'));
    await until('it has begun', hasBegun);
    half.destroy();
    await until('it is gone', () => readdirSync(folder).length === 0);
    const tooMuch = request(location, { method: 'PUT', headers: { 'transfer-encoding': 'chunked' } });
    tooMuch.on('error', () => undefined);
    const answered = once(tooMuch, 'response') as Promise<[{ statusCode: number }]>;
    const send = () => {
      while (!tooMuch.destroyed && tooMuch.write(Buffer.alloc(MIB)));
      tooMuch.once('drain', send);
    };
    send();
    const [{ statusCode }] = await answered;
    tooMuch.destroy();
    t.equal(statusCode, 413);
    await until('it is gone as well', () => readdirSync(folder).length === 0);
    t.equal((await fetch(location, { method: 'POST', body: 'at last' })).status, 201);
    t.strictSame(readdirSync(folder), ['CP1-1-diag.zip']);
    t.match(kwota.log(), /a charger uploaded a file .*outcome=tooLarge/);
  },
);
