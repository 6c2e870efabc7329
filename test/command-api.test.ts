// Chargers commanded over HTTP: what the API answers for each outcome, what it shows of commands, and what chargers upload.
import { readdirSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { join } from 'node:path';
import type { AddressInfo } from 'node:net';
import { getRequestListener } from '@hono/node-server';
import { Hono } from 'hono';
import t, { type Test } from 'tap';
import { fixedTokens } from '../src/api/auth.ts';
import { chargingProfileRoutes } from '../src/api/route/charging-profiles.ts';
import { commandRecordRoutes } from '../src/api/route/command-records.ts';
import { commandRoutes } from '../src/api/route/commands.ts';
import { serveRoutes, type ApiApp } from '../src/api/serve-routes.ts';
import { madeUpChargers } from '../src/api/server.test-kit.ts';
import { createCommandPorts } from '../src/command-ports.ts';
import { silentLog } from '../src/runtime/log.ts';
import { ChargerUploads } from '../src/uploads.ts';
import { CommandSite, type Payload } from './kit/command-site.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { until } from './kit/until.ts';

const LATER = '2026-11-10T14:00:00Z';
const PROFILE = {
  chargingProfileId: 5,
  stackLevel: 1,
  chargingProfilePurpose: 'TxProfile',
  chargingProfileKind: 'Relative',
  chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 10 }] },
};

/** The status, the code of a problem, and the body. */
interface Answer {
  readonly status: number;
  readonly code: string | null;
  readonly body: Payload;
  readonly headers: Headers;
}

/** A site with its API on a real port, and the charger CP1. */
async function start(t: Test) {
  const site = await CommandSite.start(t);
  const { services, operations, clock } = site;
  const dataDir = makeDataDir(t, {});
  const commands = createCommandPorts(services, operations, clock);
  const chargers = { ...madeUpChargers(), state: services.journal.live };
  const app: ApiApp = new Hono();
  serveRoutes(
    app,
    [
      ...commandRoutes(commands, chargers),
      ...commandRecordRoutes(commands, chargers),
      ...chargingProfileRoutes(commands),
    ],
    {
      tokens: fixedTokens([
        { name: 'ann', role: 'admin', token: 'admin' },
        { name: 'olga', role: 'operator', token: 'operator' },
        { name: 'vic', role: 'viewer', token: 'viewer' },
      ]),
      rateLimits: { perSecond: 1000, burst: 1000 },
      ...{ clock, log: silentLog, requestTook: () => undefined },
    },
  );
  const uploads = new ChargerUploads({ dataDir, log: silentLog });
  const door = uploads.doorTo(operations);
  const listen = getRequestListener(app.fetch);
  const server = createServer((request, response) => {
    if (!door.requests(request, response)) void listen(request, response);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  t.teardown(
    () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  );
  const { port } = server.address() as AddressInfo;
  door.connected('CP1', `http://127.0.0.1:${port}`);
  site.uploadUrl = uploads.urlOf('CP1');
  const ask = async (method: string, path: string, body?: unknown, token = 'operator'): Promise<Answer> => {
    const response = await fetch(`http://127.0.0.1:${port}/api/${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    const said = (text === '' ? {} : JSON.parse(text)) as Payload;
    const code = response.ok ? null : String(said['type']).replace('urn:kwota:problem:', '');
    return { status: response.status, code, body: said, headers: response.headers };
  };
  const command = (action: string, body: unknown = {}, token?: string) =>
    ask('POST', `chargers/CP1/commands/${action}`, body, token);
  return { site, dataDir, ask, command, charger: await site.connect() };
}

void t.test(
  'the answer of a charger is its payload, as it was; each other outcome is a problem',
  async (t) => {
    const { site, ask, command, charger } = await start(t);
    charger.answer = () => ({ status: 'accepted', vendor: { odd: [1] } });
    const { status, body } = await command('ClearCache');
    t.strictSame([status, body], [200, { status: 'accepted', vendor: { odd: [1] } }]);
    t.match(site.lines.at(-1), /ClearCache.* who=olga/, 'the name of the token is in the log');

    const outcomeOf = async (answer: Promise<Answer>) => {
      const { status, code } = await answer;
      return [status, code];
    };
    t.strictSame(await outcomeOf(command('Reset', { type: 'Warm' })), [422, 'payloadInvalid']);
    t.strictSame(await outcomeOf(command('Heartbeat')), [404, 'actionUnknown']);
    t.strictSame(await outcomeOf(ask('POST', 'chargers/CP9/commands/ClearCache')), [404, 'chargerUnknown']);
    charger.answer = () => 'InternalError';
    const failed = await command('ClearCache');
    t.match(failed, {
      status: 502,
      code: 'callError',
      body: { detail: '"CP1" answered InternalError: said so' },
    });
    charger.received.length = 0;
    charger.answer = () => null;
    const silent = command('ClearCache');
    await charger.next('ClearCache');
    site.clock.advance(10_000);
    t.strictSame(await outcomeOf(silent), [504, 'callTimeout']);
    charger.hangUp();
    await until('it is gone', () => !site.services.chargePoints.isConnected('CP1'));
    t.strictSame(await outcomeOf(command('ClearCache')), [409, 'chargerOffline']);
  },
);

void t.test('viewers command nothing, and what may put a charger out of use is for admins', async (t) => {
  const { command, charger } = await start(t);
  t.equal((await command('ClearCache', {}, 'viewer')).status, 403);
  t.equal((await command('ClearCache', {}, 'nobody')).status, 401);
  const key = { key: 'AuthorizationKey', value: 'x' };
  for (const [action, payload] of [
    ['Reset', { type: 'Hard' }],
    ['ChangeConfiguration', key],
    ['UpdateFirmware', { location: 'ftp://files.example/f', retrieveDate: LATER }],
    ['InstallCertificate', { certificateType: 'CentralSystemRootCertificate', certificate: 'PEM' }],
  ] as const) {
    t.equal((await command(action, payload, 'operator')).code, 'roleTooLow', action);
    t.equal((await command(action, payload, 'admin')).status, 200, action);
  }
  t.equal(charger.received.length, 4, 'nothing was sent for those who may not');
  t.equal((await command('Reset', { type: 'Soft' }, 'operator')).status, 200);
});

void t.test('a remote start that is waited for tells the transaction that came of it', async (t) => {
  const { command, charger } = await start(t);
  charger.answer = () => {
    void charger.startTransaction();
    return { status: 'Accepted' };
  };
  const { status, body, headers } = await command('RemoteStartTransaction?waitForStart=60', { idTag: 'A' });
  t.strictSame([status, body], [200, { status: 'Accepted' }]);
  t.match(headers.get('kwota-transaction-id'), /^\d+$/);
  charger.answer = () => ({ status: 'Rejected' });
  const refused = await command('RemoteStartTransaction?waitForStart=60', { idTag: 'A' });
  t.equal(refused.headers.get('kwota-transaction-id'), null, 'and nothing is waited for when it is refused');
});

void t.test('what commands left behind can be looked up', async (t) => {
  const { ask, command, charger } = await start(t);
  await command('ReserveNow', { connectorId: 1, idTag: 'A', expiryDate: LATER });
  t.match((await ask('GET', 'chargers/CP1/reservations', undefined, 'viewer')).body, {
    items: [{ reservationId: 1, state: 'reserved', expiresAt: '2026-11-10T14:00:00.000Z', by: 'olga' }],
    next: null,
  });
  charger.answer = () => ({ configurationKey: [{ key: 'HeartbeatInterval', value: '60', readonly: false }] });
  await command('GetConfiguration');
  t.match((await ask('GET', 'chargers/CP1/configuration', undefined, 'viewer')).body, {
    items: [{ key: 'HeartbeatInterval', value: '60', isReadonly: false, isAfterRestart: false }],
  });
  for (const path of ['reservations', 'configuration', 'firmware', 'local-list'])
    t.equal((await ask('GET', `chargers/CP9/${path}`)).code, 'chargerUnknown', path);
});

void t.test('the users are sent as the local list of a charger', async (t) => {
  const { ask, charger } = await start(t);
  t.strictSame((await ask('GET', 'chargers/CP1/local-list')).body, { listVersion: null, at: null });
  charger.answer = (action) => (action === 'SendLocalList' ? { status: 'Accepted' } : { listVersion: 2 });
  const { status, body } = await ask('POST', 'chargers/CP1/local-list');
  t.strictSame([status, body], [200, { listVersion: 3, entries: 1, messages: 1, tooLong: 0 }]);
  t.match((await ask('GET', 'chargers/CP1/local-list')).body, { listVersion: 3, at: /^2026-11-10T/ });
  charger.answer = () => ({ status: 'Failed' });
  t.match(await ask('POST', 'chargers/CP1/local-list'), { status: 502, code: 'localListRefused' });
  charger.answer = () => 'NotSupported';
  charger.hangUp();
  const gone = await until('it is gone', async () => {
    const answer = await ask('POST', 'chargers/CP1/local-list');
    return answer.code === 'chargerOffline' && answer;
  });
  t.equal(gone.status, 409);
});

void t.test('charging profiles are put, read, listed, sent and forgotten by their names', async (t) => {
  const { ask, command, charger } = await start(t);
  t.match(await ask('PUT', 'charging-profiles/at%20night', PROFILE), {
    status: 200,
    body: { name: 'at night' },
  });
  t.match(await ask('PUT', 'charging-profiles/bad', { ...PROFILE, stackLevel: 'x' }), {
    code: 'profileInvalid',
  });
  t.match((await ask('GET', 'charging-profiles')).body, {
    items: [{ name: 'at night', profile: PROFILE, by: 'olga' }],
  });
  t.match((await ask('GET', 'charging-profiles/at%20night')).body, { profile: PROFILE });
  t.equal(
    (await command('SetChargingProfile', { connectorId: 1, csChargingProfiles: 'at night' })).status,
    200,
  );
  t.strictSame(await charger.next('SetChargingProfile'), { connectorId: 1, csChargingProfiles: PROFILE });
  t.equal((await ask('DELETE', 'charging-profiles/at%20night')).status, 204);
  t.equal((await ask('DELETE', 'charging-profiles/at%20night')).code, 'profileUnknown');
  t.equal((await ask('GET', 'charging-profiles/at%20night')).code, 'profileUnknown');
  t.equal((await ask('PUT', 'charging-profiles/x', PROFILE, 'viewer')).code, 'roleTooLow');
});

void t.test(
  'an answer that nobody can make sense of is a problem with the charger, not with kwota',
  async (t) => {
    const { command, charger } = await start(t);
    charger.answer = () => ({ status: JSON.parse(`${'['.repeat(200)}${']'.repeat(200)}`) as unknown });
    const deep = await command('ClearCache');
    t.strictSame([deep.status, deep.code], [502, 'callError']);
    t.match(deep.body, { detail: /"CP1" answered FormationViolation: the answer is nested too deeply/ });
    charger.answer = () => '';
    t.match((await command('ClearCache')).body, { detail: '"CP1" answered with an error: said so' });
  },
);

void t.test('diagnostics that a charger uploads lie in the data folder, and are listed', async (t) => {
  const { dataDir, ask, command, charger } = await start(t);
  charger.answer = () => ({ fileName: '../../diag.zip' });
  await command('GetDiagnostics');
  const { location } = (await charger.next('GetDiagnostics')) as { location: string };
  const put = (url: string, init: RequestInit) => fetch(url, { body: 'zipped', ...init });
  t.equal((await put(location, { method: 'PUT' })).status, 201);
  t.equal((await put(`${location}/..%2f..%2fpasswd`, { method: 'POST' })).status, 201);
  t.equal((await put(`${location}0`, { method: 'PUT' })).status, 404, 'another key');
  t.equal((await fetch(location)).status, 401, 'nothing can be read there');
  const folder = join(dataDir, '.kwota', 'uploads');
  const files = readdirSync(folder).sort();
  t.strictSame(files, ['CP1-1-.._.._diag.zip', 'CP1-1-.._.._passwd']);
  t.equal(readFileSync(join(folder, files[0]!), 'utf8'), 'zipped');
  await charger.call('DiagnosticsStatusNotification', { status: 'Uploaded' });
  t.match((await ask('GET', 'chargers/CP1/firmware', undefined, 'viewer')).body, {
    items: [
      { action: 'GetDiagnostics', location: null, uploaded: files, statuses: [{ status: 'Uploaded' }] },
    ],
  });
});
