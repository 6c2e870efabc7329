// Quirks: for each of the table a charger that does just that, and one that does nothing odd; counted over restarts, and told in docs.
import { readFileSync } from 'node:fs';
import t from 'tap';
import { quirks, type QuirkId } from '../src/domain/quirk.ts';
import { silentLog } from '../src/runtime/log.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import { ChargePoint } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { startKwotaInProcess } from './kit/kwota-in-process.ts';
import { OddCharger, startQuirkSite, type Payload, type QuirkSite } from './kit/quirk-site.ts';
import { createSettableClock } from './kit/settable-clock.ts';
import { until } from './kit/until.ts';

/** What a booted charger does, or one that has not connected yet. */
interface Scenario {
  readonly does?: (charger: OddCharger) => unknown;
  readonly connects?: (site: QuirkSite) => Promise<OddCharger>;
  /** What cannot but be seen as well. */
  readonly also?: QuirkId;
  readonly yaml?: string;
}

const USERS = 'id_tag,header name,surname,quota_kwh,unlimited\nA,Ada,Example,100,FALSE\n';
const DOCS = new URL('../docs/chargers.md', import.meta.url);

const does = (what: (charger: OddCharger) => unknown, more: Omit<Scenario, 'does'> = {}): Scenario => ({
  does: what,
  ...more,
});

const connects = (path: string, protocols: string[]): Scenario => ({
  async connects(site) {
    const charger = await OddCharger.connect(site, path, protocols);
    await charger.boot();
    return charger;
  },
});

const firstSays = (action: string, payload: Payload): Scenario => ({
  async connects(site) {
    const charger = await OddCharger.connect(site);
    await charger.ask(action, payload);
    return charger;
  },
});

/** A session that starts at 1000 Wh and shows these registers, a minute apart. */
const shows = (...wh: number[]): Scenario =>
  does(async (charger) => charger.register(await charger.start(), ...wh));

const samples = (...sampledValue: Payload[]): Scenario =>
  does(async (charger) => charger.samples(await charger.start(), sampledValue));

const register = (value: string, more: Payload = {}): Payload => ({
  value,
  measurand: 'Energy.Active.Import.Register',
  unit: 'Wh',
  ...more,
});

const scenarios: Readonly<Record<QuirkId, Scenario>> = {
  'no-subprotocol': connects('/CP1', []),
  'odd-subprotocol': connects('/CP1', ['OCPP1.6']),
  'odd-path': connects('//CP1', ['ocpp1.6']),
  'id-in-other-case': {
    async connects(site) {
      const first = await OddCharger.booted(site);
      await first.close();
      await until('the connection is gone', () => !site.server.isConnected('CP1'));
      const charger = await OddCharger.connect(site, '/cp1');
      await charger.boot();
      return charger;
    },
  },
  'replaced-connection': {
    async connects(site) {
      await OddCharger.booted(site);
      return OddCharger.booted(site);
    },
  },
  'falls-silent': does(async (charger) => {
    charger.wait(4 * 60);
    await charger.closed();
  }),
  'does-not-answer': does(({ site }) => {
    const outcome = site.server.call('CP1', 'ClearCache', {});
    site.clock.advance(10_000);
    site.clock.advance(60_000);
    return outcome;
  }),
  'no-boot-on-connect': firstSays('Heartbeat', {}),
  'repeated-boot': does((charger) => charger.boot()),
  'boot-of-2x': firstSays('BootNotification', {
    reason: 'PowerUp',
    chargingStation: { model: 'M', vendorName: 'V' },
  }),
  'latin1-text': does((charger) => {
    const text = JSON.stringify([2, 'x', 'DataTransfer', { vendorId: 'Ö' }]);
    charger.send(Buffer.from(text, 'latin1'), { binary: false });
  }),
  'binary-frames': does((charger) => charger.send(Buffer.from('[2,"x","Heartbeat",{}]'))),
  'keepalive-text': does((charger) => charger.send('pong')),
  'broken-json': does((charger) => charger.send('[2,"x","Heartbeat",{},]')),
  'cut-off-message': does((charger) => {
    const start = { connectorId: 1, idTag: 'A', meterStart: 1000, timestamp: charger.at(), reservationId: 1 };
    charger.send(JSON.stringify([2, 'x', 'StartTransaction', start]).slice(0, -6));
  }),
  'joined-messages': does((charger) => charger.send('[2,"x","Heartbeat",{}][2,"y","Heartbeat",{}]')),
  'unreadable-message': does((charger) => charger.send('hello')),
  'odd-message-id': does((charger) => charger.send('[2,7,"Heartbeat",{}]')),
  'unknown-action': does((charger) => charger.ask('NotifyEvent', {})),
  'missing-members': does((charger) => charger.status('Available', { errorCode: undefined })),
  'wrong-json-type': does((charger) => charger.status('Available', { connectorId: '1' })),
  'unreadable-member': does((charger) => charger.status('Available', { info: {} })),
  'over-long-text': does((charger) => charger.ask('Authorize', { idTag: 'A'.repeat(21) })),
  'unknown-word': does((charger) => charger.status('Occupied')),
  'unusable-transaction-id': does(async (charger) => {
    await charger.start();
    await charger.register(0, 1100);
  }),
  'connector-0': does((charger) => charger.start({ connectorId: 0 })),
  'clock-skew': does(async (charger) => {
    for (let wh = 1000; wh < 1014; wh += 1) {
      const meterValue = [{ timestamp: charger.at(-120), sampledValue: [register(String(wh))] }];
      await charger.ask('MeterValues', { connectorId: 1, meterValue });
      charger.wait(4);
    }
  }),
  'clock-not-set': does((charger) => charger.start({ timestamp: '1970-01-01T00:00:12Z' })),
  'clock-ahead': does((charger) => charger.start({ timestamp: charger.at(60) })),
  'unreadable-timestamp': does((charger) => charger.start({ timestamp: 'noon' })),
  'no-timestamp': does((charger) => charger.start({ timestamp: undefined })),
  'register-in-kwh': samples(register('1.1', { unit: 'kWh' })),
  'meter-unreadable': does((charger) => charger.start({ meterStart: -1 })),
  'phases-summed': samples(
    register('400', { phase: 'L1' }),
    register('400', { phase: 'L2' }),
    register('400', { phase: 'L3' }),
  ),
  'several-registers': samples(
    register('1100', { context: 'Sample.Periodic' }),
    register('0', { context: 'Transaction.Begin' }),
  ),
  'power-only': samples({ value: '7000', measurand: 'Power.Active.Import', unit: 'W' }),
  'intervals-summed': samples({ value: '100', measurand: 'Energy.Active.Import.Interval', unit: 'Wh' }),
  'unit-in-doubt': does(async (charger) => {
    await charger.status('Charging');
    const transactionId = await charger.start({ meterStart: 10 });
    for (const wh of [10, 11, 13]) {
      await charger.register(transactionId, wh);
      charger.wait(8);
    }
  }),
  'units-differ': does(async (charger) => {
    const transactionId = await charger.start({ meterStart: 0 });
    await charger.register(transactionId, 10, 20, 23);
    charger.wait(0);
    await charger.stop(transactionId, 23_000);
  }),
  'stop-contradicts': does(async (charger) => {
    const transactionId = await charger.start();
    await charger.register(transactionId, 1100, 1200);
    await charger.stop(transactionId, 500);
  }),
  'baseline-from-sample': shows(50_000_000),
  'register-restarted': shows(5000, 100),
  'register-went-back': shows(1800, 1500),
  'value-taken-back': shows(1500, 2500, 2000),
  'implausible-jump': shows(1100, 1_000_000),
  'above-max-power': does(
    async (charger) => {
      const transactionId = await charger.start();
      const wh = Array.from({ length: 30 }, (_, minute) => 1150 + minute * 150);
      await charger.register(transactionId, ...wh);
      await charger.stop(transactionId, wh.at(-1)!);
    },
    { yaml: 'chargers:\n  settings:\n    CP1:\n      maxPowerKw: 5\n' },
  ),
  'repeated-start': does(async (charger) => {
    const timestamp = charger.at();
    await charger.start({ timestamp });
    charger.wait(1);
    await charger.start({ timestamp });
  }),
  'repeated-stop': does(async (charger) => {
    const transactionId = await charger.start();
    const timestamp = charger.at();
    await charger.stop(transactionId, 1100, { timestamp });
    charger.wait(1);
    await charger.stop(transactionId, 1100, { timestamp });
  }),
  'start-without-stop': does(async (charger) => {
    const transactionId = await charger.start();
    charger.wait(1);
    const timestamp = charger.at();
    await charger.start({ meterStart: 1100 });
    charger.wait(1);
    // Late, but for the first time: no repetition.
    await charger.stop(transactionId, 1100, { timestamp });
  }),
  'stop-without-start': does((charger) => charger.stop(999, 1100)),
  'stop-before-start': does(
    async (charger) => {
      const timestamp = charger.at();
      charger.wait(10);
      await charger.stop(999, 1100);
      await charger.start({ timestamp });
    },
    { also: 'stop-without-start' },
  ),
  'transaction-not-started': does((charger) => charger.register(999, 1100)),
  'own-transaction-id': does(async (charger) => {
    await charger.start();
    await charger.register(999, 1100);
  }),
  'samples-after-stop': does(async (charger) => {
    const transactionId = await charger.start();
    await charger.stop(transactionId, 1100);
    await charger.register(transactionId, 1100);
  }),
  'session-never-stopped': does(async (charger) => {
    await charger.start();
    await charger.status('Finishing');
    await charger.status('Available');
    charger.wait(15);
    charger.site.services.sessions.endAbandoned(charger.site.clock.now());
  }),
  'charges-though-refused': does(async (charger) => {
    await charger.register(await charger.start({ idTag: 'X' }), 1100);
  }),
  'starts-without-card': does((charger) => charger.start({ idTag: 'freevend' })),
  'tag-in-other-spelling': does((charger) => charger.start({ idTag: 'a' }), {
    yaml: 'quota:\n  idTagMatch: case-insensitive\n',
  }),
};

const seenAt = (site: QuirkSite) => site.services.quirks.of('CP1').map(({ quirk }) => quirk);

for (const [id, { does: doIt, connects: connect, also, yaml }] of Object.entries(scenarios)) {
  void t.test(`${id} is counted, and nothing else`, async (t) => {
    const site = await startQuirkSite(yaml ?? '');
    t.teardown(() => site.close());
    const charger = await (connect ?? ((at) => OddCharger.booted(at)))(site);
    await doIt?.(charger);
    await charger.settled();
    t.strictSame(seenAt(site).sort(), [id, ...(also ? [also] : [])].sort());
  });
}

void t.test('every quirk of the table has a charger that does it', (t) => {
  t.strictSame(Object.keys(scenarios).sort(), Object.keys(quirks).sort());
  t.end();
});

void t.test('a charger that does as OCPP says shows none', async (t) => {
  const site = await startQuirkSite('');
  t.teardown(() => site.close());
  const charger = await OddCharger.booted(site);
  for (let session = 0; session < 2; session += 1) {
    const meterStart = 1000 + session * 1000;
    await charger.ask('Authorize', { idTag: 'A' });
    await charger.status('Preparing');
    const transactionId = await charger.start({ meterStart });
    await charger.status('Charging');
    await charger.register(transactionId, meterStart + 100, meterStart + 200, meterStart + 300);
    await charger.samples(transactionId, [{ value: '7000', measurand: 'Power.Active.Import', unit: 'W' }]);
    await charger.ask('Heartbeat', {});
    const end = [{ timestamp: charger.at(), sampledValue: [register(String(meterStart + 300))] }];
    await charger.stop(transactionId, meterStart + 300, { transactionData: end });
    await charger.status('Finishing');
    await charger.status('Available');
    charger.wait(30);
  }
  t.strictSame(seenAt(site), []);
});

void t.test('counts outlive a restart, and are counted on', async (t) => {
  const site = await startQuirkSite('');
  const charger = await OddCharger.booted(site);
  await charger.ask('NotifyEvent', {});
  const before = site.services.quirks.of('CP1');
  t.match(before, [{ quirk: 'unknown-action', count: 1 }]);
  site.services.quirks.flush();
  await site.services.journal.durable();
  await site.close();
  const again = await startQuirkSite('', site.clock, site.store);
  t.teardown(() => again.close());
  t.strictSame(again.services.quirks.of('CP1'), before);
  site.clock.advance(60_000);
  const back = await OddCharger.booted(again);
  await back.ask('NotifyEvent', {});
  const [after] = again.services.quirks.of('CP1');
  t.match(after, { quirk: 'unknown-action', count: 2, firstSeenMs: before[0]!.firstSeenMs });
  t.equal(after!.lastSeenMs, site.clock.now());
});

void t.test('a server that stops in order keeps what it has counted', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const clock = createSettableClock('2026-11-10T12:00:00Z');
  const kwota = await startKwotaInProcess({ dataDir, timeZone: 'UTC', clock });
  const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
  await charger.call('Heartbeat', {});
  await kwota.stop();
  const store = openSqliteStore({ dataDir, clock, log: silentLog });
  t.teardown(() => store.close(0));
  const [record] = store.load(0).records.filter(({ kind }) => kind === 'quirks');
  t.match(record, { id: 'CP1', value: { counts: [{ quirk: 'no-boot-on-connect', count: 1 }] } });
});

void t.test('a message that shows the same thing twice counts once, and each message counts', async (t) => {
  const site = await startQuirkSite('');
  t.teardown(() => site.close());
  const charger = await OddCharger.booted(site);
  const transactionId = await charger.start();
  for (const wh of [1.1, 1.3, 1.5]) {
    charger.wait(1);
    const sampled = (kWh: number) => ({
      timestamp: charger.at(),
      sampledValue: [register(kWh.toFixed(2), { unit: 'kWh' })],
    });
    const meterValue = [sampled(wh), sampled(wh + 0.1)];
    await charger.ask('MeterValues', { connectorId: 1, transactionId, meterValue });
  }
  t.match(site.services.quirks.of('CP1'), [{ quirk: 'register-in-kwh', count: 3 }]);
});

void t.test('docs/chargers.md tells every quirk as the table does', (t) => {
  const rows = readFileSync(DOCS, 'utf8')
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter(([, id]) => /^`[a-z0-9-]+`$/.test(id ?? ''))
    .map(([, id, what, handling, billing]) => [id, what, handling, billing]);
  const told = Object.entries(quirks).map(([id, { what, handling, billing }]) => [
    `\`${id}\``,
    what,
    handling,
    billing,
  ]);
  t.strictSame(rows, told);
  t.end();
});
