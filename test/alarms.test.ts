// Every alarm that an operator is promised, brought about at a real server: it is listed, an event, in the log, told to a
// webhook, and explained in docs/observing.md.
import { readFileSync, writeFileSync } from 'node:fs';
import { statfs } from 'node:fs/promises';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { requestJson, type ApiAccess } from '../src/api/client.ts';
import { followEvents } from '../src/api/event-client.ts';
import { systemClock, type Clock } from '../src/runtime/clock.ts';
import { createAuthority } from './kit/certificates.ts';
import { ChargePoint, registerSample } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { FAR_RESET_DAY } from './kit/far-reset-day.ts';
import { startKwotaInProcess, type KwotaInProcess } from './kit/kwota-in-process.ts';
import { until } from './kit/until.ts';
import { startWebhookReceiver, type WebhookReceiver } from './kit/webhook-receiver.ts';

const DAY_MS = 86_400_000;
const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;
/** Alarms are looked for every 5 s, the clock every 10 s, and the machine may be busy. */
const WITHIN_MS = 60_000;
/** The most that alarms.minFreeDisk takes: nearly every disk has less. */
const TIB = 1_099_511_627_776;

t.setTimeout(300_000);

const USERS = `id_tag,name,surname,quota_kwh,unlimited
EIGHTY,Ada,Example,10,FALSE
NINETY,Bob,Example,10,FALSE
ALL,Cid,Example,10,FALSE
FREE,Dot,Example,0,TRUE
`;

/** The time of day goes with the machine's, less what a test moves it by. */
class MovableClock implements Clock {
  movedMs = 0;
  now = () => systemClock.now() + this.movedMs;
  monotonicMs = () => systemClock.monotonicMs();
  after: Clock['after'] = (delayMs, fire) => systemClock.after(delayMs, fire);
}

async function listed(
  access: ApiAccess,
): Promise<readonly { readonly id: string; readonly message: string }[]> {
  const page = await requestJson(access, 'alarms?limit=1000');
  return (page as { items: readonly { id: string; message: string }[] }).items;
}

interface Site {
  readonly kwota: KwotaInProcess;
  readonly clock: MovableClock;
  readonly access: ApiAccess;
  readonly receiver: WebhookReceiver;
  /** Ids of alarms, as events told them. */
  readonly heard: Set<string>;
  /** Puts another certificate into the place of the server's. */
  readonly renew: (notAfter: Date) => void;
}

async function start(t: Test, movedMs = 0): Promise<Site> {
  const receiver = await startWebhookReceiver();
  t.teardown(() => receiver.down());
  const authority = createAuthority();
  const good = authority.issue('site');
  const dataDir = makeDataDir(t, { 'users1.csv': USERS, 'server.pem': good.cert, 'server.key': good.key });
  const yaml = `
ocpp: { tls: { cert: ${dataDir}/server.pem, key: ${dataDir}/server.key, port: 0 } }
quota: { warnAt: [80, 95], resetDay: ${FAR_RESET_DAY} }
chargers: { settings: { '*': { stopLadder: [remoteStop 0, remoteStop 1, remoteStop 600] } } }
alarms: { offlineAfter: 1, minFreeDisk: ${TIB}, webhooks: [{ name: hook, url: '${receiver.url}' }] }
`;
  const clock = new MovableClock();
  clock.movedMs = movedMs;
  const kwota = await startKwotaInProcess({ dataDir, timeZone: 'UTC', clock, yaml });
  t.teardown(() => kwota.stop());
  const access = {
    url: kwota.apiUrl,
    token: readFileSync(join(dataDir, '.kwota/admin-token'), 'utf8').trim(),
  };
  const heard = new Set<string>();
  const over = new AbortController();
  t.teardown(() => over.abort());
  const pause = () => Promise.resolve();
  void followEvents(
    access,
    (event) => {
      if (event.kind === 'alarm' && event.isActive) heard.add(event.alarm.id);
      // Before it there may have been some: who follows events asks for those.
      if (event.kind === 'reset') void listed(access).then((all) => all.forEach(({ id }) => heard.add(id)));
    },
    { kinds: ['alarm'], signal: over.signal, pause },
  );
  const renew = (notAfter: Date) => {
    const { cert, key } = authority.issue('site', { notAfter });
    writeFileSync(join(dataDir, 'server.pem'), cert);
    writeFileSync(join(dataDir, 'server.key'), key);
  };
  return { kwota, clock, access, receiver, heard, renew };
}

async function booted({ kwota }: Site, id: string): Promise<ChargePoint> {
  const charger = await ChargePoint.connect(kwota.ocppUrl, id);
  await charger.boot();
  return charger;
}

/** A session that has been going on for an hour, and now has `wh`. */
async function charged(site: Site, id: string, idTag: string, wh: number): Promise<void> {
  const charger = await booted(site, id);
  charger.answer = () => ({ status: 'Rejected' });
  const at = (agoMs: number) => new Date(site.clock.now() - agoMs);
  const timestamp = at(HOUR_MS).toISOString();
  const begin = { connectorId: 1, idTag, meterStart: 0, timestamp };
  const { transactionId } = await charger.call('StartTransaction', begin);
  const meterValue = [registerSample(0, at(MINUTE_MS * 59)), registerSample(wh, at(0))];
  await charger.call('MeterValues', { connectorId: 1, transactionId, meterValue });
}

interface Row {
  /** The beginning of its id. */
  readonly alarm: string;
  readonly message: RegExp;
  readonly happen: (site: Site) => Promise<unknown>;
}

const nothing = () => Promise.resolve();

const TABLE: readonly Row[] = [
  {
    alarm: 'certificate-expiry/ocpp.tls',
    message: /expires in [23] days/,
    happen(site) {
      site.renew(new Date(Date.now() + 3 * DAY_MS));
      return Promise.resolve();
    },
  },
  {
    alarm: 'clock/WRONG_CLOCK',
    message: /2 h ahead/,
    async happen(site) {
      const charger = await booted(site, 'WRONG_CLOCK');
      const ahead = () => new Date(site.clock.now() + 2 * HOUR_MS);
      const begin = { connectorId: 1, idTag: 'FREE', meterStart: 0, timestamp: ahead().toISOString() };
      const { transactionId } = await charger.call('StartTransaction', begin);
      const sample = () => {
        const meterValue = [registerSample(0, ahead())];
        return charger.call('MeterValues', { connectorId: 1, transactionId, meterValue });
      };
      for (let n = 0; n < 3; n += 1) await sample();
      site.clock.movedMs += 11 * MINUTE_MS;
      for (let n = 0; n < 3; n += 1) await sample();
    },
  },
  { alarm: 'clock-jump', message: /went ahead by 11 min/, happen: nothing },
  {
    alarm: 'faulted/BROKEN',
    message: /connector 1: GroundFailure/,
    async happen(site) {
      const charger = await booted(site, 'BROKEN');
      const fault = { connectorId: 1, errorCode: 'GroundFailure', status: 'Faulted' };
      await charger.call('StatusNotification', fault);
    },
  },
  {
    alarm: 'offline/AWAY',
    message: /AWAY is not connected/,
    happen: async (site) => (await booted(site, 'AWAY')).close(),
  },
  {
    alarm: 'quota/tag:EIGHTY',
    message: /has used 80 %/,
    happen: (site) => charged(site, 'CP80', 'EIGHTY', 8_100),
  },
  {
    alarm: 'quota/tag:NINETY',
    message: /has used 95 %/,
    happen: (site) => charged(site, 'CP95', 'NINETY', 9_600),
  },
  {
    alarm: 'quota/tag:ALL',
    message: /has used up the quota/,
    happen: (site) => charged(site, 'STUBBORN', 'ALL', 10_100),
  },
  {
    alarm: 'stop/STUBBORN',
    message: /does not stop.*remoteStop was answered Rejected/,
    happen: nothing,
  },
  {
    alarm: 'meter/JUMPY',
    message: /suspect meter/,
    async happen(site) {
      await charged(site, 'JUMPY', 'FREE', 900_000);
    },
  },
];

/** It is everywhere where somebody may look. */
async function isTold(t: Test, site: Site, { alarm, message }: Omit<Row, 'happen'>): Promise<void> {
  const { id, message: said } = await until(
    `the alarm ${alarm}`,
    async () =>
      (await listed(site.access)).find((one) => one.id.startsWith(alarm) && message.test(one.message)) ??
      null,
    WITHIN_MS,
  );
  t.match(said, message);
  const lines = site.kwota.log().split('\n');
  t.ok(
    lines.some((line) => / WARN .*\[[A-Z]+\]/.test(line) && line.includes(`alarm=${id}`)),
    'in the log',
  );
  t.ok(await until('the event', () => site.heard.has(id), WITHIN_MS), 'as an event');
  const isThere = () => site.receiver.taken.some((one) => one.alarm.id === id && one.event === 'began');
  t.ok(await until('the webhook', isThere, WITHIN_MS), 'at a webhook');
  const page = readFileSync(join(import.meta.dirname, '../docs/observing.md'), 'utf8');
  t.match(
    page,
    new RegExp(`^\\| \\**[^|]*\\b${id.split('/')[0] ?? ''}\\b[^|]*\\|`, 'm'),
    'in the documentation',
  );
}

void t.test('what an operator has to know is listed, an event, in the log and told', async (t) => {
  const site = await start(t);
  for (const { happen } of TABLE) await happen(site);
  for (const row of TABLE) await t.test(row.alarm, (t) => isTold(t, site, row));
  const { bavail, bsize } = await statfs(import.meta.dirname);
  const skip = bavail * bsize > TIB && 'this disk has more room than can be asked for';
  await t.test('disk', { skip }, (t) => isTold(t, site, { alarm: 'disk', message: /MiB are free/ }));
});

void t.test('a clock that was never set is an alarm at once', async (t) => {
  const site = await start(t, Date.UTC(2001, 0, 1) - systemClock.now());
  t.match(await listed(site.access), [{ id: /./ }]);
  const found = (await listed(site.access)).find(({ id }) => id === 'clock-not-set');
  t.match(found, { message: /says 2001-01-0/ });
  t.match(site.kwota.log(), 'alarm=clock-not-set');
});

void t.test('each alarm of the program is explained in the documentation', (t) => {
  const page = readFileSync(join(import.meta.dirname, '../docs/observing.md'), 'utf8');
  for (const id of ['store', 'shared-files', 'backup', 'users-file', 'users-rows', 'users-none', 'log-file'])
    t.match(page, new RegExp(`^\\|.*\\b${id}\\b.*\\|.*\\|$`, 'm'), id);
  for (const id of [
    'certificate-files',
    'forward',
    'forward-parked',
    'webhook',
    'webhook-parked',
    'password',
  ])
    t.match(page, new RegExp(`^\\|.*\\b${id}\\b.*\\|.*\\|$`, 'm'), id);
  for (const id of ['adopted', 'duplicate-identity', 'localStart', 'metering', 'restart', 'restore', 'unit'])
    t.match(page, new RegExp(`^\\|.*\\b${id}\\b.*\\|.*\\|$`, 'm'), id);
  t.end();
});
