// Other programs write energy_usage.json: what they change counts once, and nothing else does.
import { mkdirSync, readFileSync, rmdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { ChargePoint, registerSample } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { readUsage } from './kit/data-folder.ts';
import { readHealth } from './kit/health.ts';
import { startKwotaInProcess } from './kit/kwota-in-process.ts';
import { startKwota } from './kit/kwota-process.ts';
import { createSettableClock } from './kit/settable-clock.ts';
import { readDeadStore, readRunningStore } from './kit/stored-truth.ts';
import { until } from './kit/until.ts';

t.setTimeout(300_000);

const USERS = 'id_tag,quota_kwh,unlimited\nTAG1,2,FALSE\nTAG2,10,FALSE\nTAG3,0,TRUE\n';
const timeZone = 'Europe/Istanbul';
const NOW = '2026-11-20T10:00:00Z';
const CHARGE_POINT = 'CP1';

interface Adjustment {
  readonly idTag: string;
  readonly month: string;
  readonly wh: number;
}

type Usage = Readonly<Record<string, unknown>>;

const fileOf = (dataDir: string) => join(dataDir, 'energy_usage.json');
/** As Python's json.dump writes it: not as kwota does. */
const write = (dataDir: string, usage: Usage) => writeFileSync(fileOf(dataDir), JSON.stringify(usage));
const edit = (dataDir: string, change: Usage) => write(dataDir, { ...readUsage(dataDir), ...change });
const listed = (entries: readonly object[]) =>
  (entries as Adjustment[]).map(({ idTag, month, wh }) => `${idTag} ${month} ${wh}`).sort();
const adjustments = (dataDir: string) => listed(readRunningStore(dataDir).entries);
/** Kwota's own content again: whatever another program wrote has been looked at and dealt with. */
const untilOwn = (dataDir: string, usage: Usage) =>
  until(`energy_usage.json says ${JSON.stringify(usage)} in kwota's hand`, () => {
    const lines = Object.entries(usage).map(([tag, kWh]) => `  ${JSON.stringify(tag)}: ${String(kWh)}`);
    return readText(dataDir) === `{\n${lines.join(',\n')}\n}\n`;
  });

function readText(dataDir: string): string | null {
  try {
    return readFileSync(fileOf(dataDir), 'utf8');
  } catch {
    return null;
  }
}

async function startSite(t: Test, yaml = 'data: {publishInterval: 100}') {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const clock = createSettableClock(NOW);
  const kwota = await startKwotaInProcess({ dataDir, timeZone, clock, yaml });
  t.teardown(() => kwota.stop());
  await untilOwn(dataDir, { TAG1: 0, TAG2: 0, TAG3: 0 });
  return { dataDir, clock, kwota };
}

/** A session of TAG1 that began an hour ago at register 0. */
async function charge(t: Test, ocppUrl: string) {
  const charger = await ChargePoint.connect(ocppUrl, CHARGE_POINT);
  t.teardown(() => charger.close());
  await charger.boot();
  const timestamp = '2026-11-20T09:00:00Z';
  const start = { connectorId: 1, idTag: 'TAG1', meterStart: 0, timestamp };
  const { transactionId } = await charger.call('StartTransaction', start);
  const sampleAt = (wh: number, time: string) => {
    const meterValue = [registerSample(wh, new Date(time))];
    return charger.call('MeterValues', { connectorId: 1, transactionId, meterValue });
  };
  return { charger, transactionId, sample: (wh: number) => sampleAt(wh, NOW) };
}

t.test(
  'what another program changes becomes an adjustment, once, and charging goes on from it',
  async (t) => {
    const { dataDir, kwota } = await startSite(t);
    edit(dataDir, { TAG2: 4.5 });
    await untilOwn(dataDir, { TAG1: 0, TAG2: 4.5, TAG3: 0 });
    t.same(adjustments(dataDir), ['TAG2 2026-11 4500']);
    edit(dataDir, { TAG2: 4.25, TAG3: 1 });
    await untilOwn(dataDir, { TAG1: 0, TAG2: 4.25, TAG3: 1 });
    const both = ['TAG2 2026-11 -250', 'TAG2 2026-11 4500', 'TAG3 2026-11 1000'];
    t.same(adjustments(dataDir), both);
    const { sample } = await charge(t, kwota.ocppUrl);
    await sample(1_234);
    await untilOwn(dataDir, { TAG1: 1.234, TAG2: 4.25, TAG3: 1 });
    t.same(adjustments(dataDir), both, 'our own file is no edit');
  },
);

t.test('a raised usage stops a session, a lowered one takes the stop back', async (t) => {
  // By the samples alone: at this speed a forecast would stop it long before.
  const { dataDir, kwota } = await startSite(t, 'data: {publishInterval: 100}\nquota: {predictive: false}');
  const { charger, transactionId, sample } = await charge(t, kwota.ocppUrl);
  await sample(500);
  await untilOwn(dataDir, { TAG1: 0.5, TAG2: 0, TAG3: 0 });
  edit(dataDir, { TAG1: 2 });
  t.same(await charger.waitFor('RemoteStopTransaction'), { transactionId });
  t.same(await charger.call('Authorize', { idTag: 'TAG1' }), { idTagInfo: { status: 'Blocked' } });
  await untilOwn(dataDir, { TAG1: 2, TAG2: 0, TAG3: 0 });
  edit(dataDir, { TAG1: 0.1 });
  await until('the stop is taken back', () => kwota.log().includes('may go on'));
  t.same(await charger.call('Authorize', { idTag: 'TAG1' }), { idTagInfo: { status: 'Accepted' } });
  // Before it was taken back, the stop may have been asked for more than once.
  charger.received.length = 0;
  await untilOwn(dataDir, { TAG1: 0.1, TAG2: 0, TAG3: 0 });
  await sample(2_399);
  await untilOwn(dataDir, { TAG1: 1.999, TAG2: 0, TAG3: 0 });
  t.notOk(charger.hasReceived('RemoteStopTransaction'), 'one Wh is left');
  await sample(2_400);
  t.same(await charger.waitFor('RemoteStopTransaction'), { transactionId });
});

t.test('of a file that was read before and written after, only its own changes count', async (t) => {
  const { dataDir, kwota } = await startSite(t);
  const { sample } = await charge(t, kwota.ocppUrl);
  const stale = readUsage(dataDir);
  await sample(700);
  await untilOwn(dataDir, { TAG1: 0.7, TAG2: 0, TAG3: 0 });
  await sample(1_500);
  await untilOwn(dataDir, { TAG1: 1.5, TAG2: 0, TAG3: 0 });
  write(dataDir, { ...stale, TAG2: 4 });
  await untilOwn(dataDir, { TAG1: 1.5, TAG2: 4, TAG3: 0 });
  write(dataDir, stale);
  await untilOwn(dataDir, { TAG1: 1.5, TAG2: 4, TAG3: 0 });
  t.same(adjustments(dataDir), ['TAG2 2026-11 4000'], 'and an old file as it was changes nothing');
});

t.test('a change to the file of last month, written after the turn, is one of last month', async (t) => {
  const { dataDir, clock, kwota } = await startSite(t);
  const { sample } = await charge(t, kwota.ocppUrl);
  await sample(1_500);
  await untilOwn(dataDir, { TAG1: 1.5, TAG2: 0, TAG3: 0 });
  const november = readUsage(dataDir);
  clock.set('2026-11-30T20:59:50Z');
  await sample(1_600);
  await untilOwn(dataDir, { TAG1: 1.6, TAG2: 0, TAG3: 0 });
  clock.set('2026-11-30T21:00:10Z');
  await untilOwn(dataDir, { TAG1: 0, TAG2: 0, TAG3: 0 });
  write(dataDir, { ...november, TAG1: 1.6, TAG2: 3 });
  await untilOwn(dataDir, { TAG1: 0, TAG2: 0, TAG3: 0 });
  t.same(adjustments(dataDir), ['TAG2 2026-11 3000']);
});

t.test('a missing tag is no edit, an explicit 0 is one', async (t) => {
  const { dataDir, clock } = await startSite(t);
  edit(dataDir, { TAG1: 1, TAG2: 2 });
  await untilOwn(dataDir, { TAG1: 1, TAG2: 2, TAG3: 0 });
  write(dataDir, { TAG2: 2 });
  await untilOwn(dataDir, { TAG1: 1, TAG2: 2, TAG3: 0 });
  write(dataDir, {});
  await untilOwn(dataDir, { TAG1: 1, TAG2: 2, TAG3: 0 });
  t.same(adjustments(dataDir), ['TAG1 2026-11 1000', 'TAG2 2026-11 2000']);
  // Within a minute, the file as it was at first could be one that was read then.
  write(dataDir, { TAG1: 0, TAG2: 0, TAG3: 0 });
  await untilOwn(dataDir, { TAG1: 1, TAG2: 2, TAG3: 0 });
  clock.set('2026-11-20T10:01:05Z');
  write(dataDir, { TAG1: 0, TAG2: 0, TAG3: 0 });
  await untilOwn(dataDir, { TAG1: 0, TAG2: 0, TAG3: 0 });
  const taken = ['TAG1 2026-11 -1000', 'TAG1 2026-11 1000', 'TAG2 2026-11 -2000', 'TAG2 2026-11 2000'];
  t.same(adjustments(dataDir), taken, 'after it, it takes back what was set by mistake');
});

t.test('what is no amount of energy is said and ignored, the rest of the file counts', async (t) => {
  const { dataDir, kwota } = await startSite(t);
  const junk = { TAG1: 'much', TAG2: -5, '': 7, NOBODY: null, LIST: [1], HUGE: 1e300 };
  write(dataDir, { ...junk, TAG3: '0.75', GUEST: 1 });
  await untilOwn(dataDir, { TAG1: 0, TAG2: 0, TAG3: 0.75, GUEST: 1 });
  t.same(adjustments(dataDir), ['GUEST 2026-11 1000', 'TAG3 2026-11 750']);
  for (const tag of Object.keys(junk)) t.match(kwota.log(), new RegExp(`WARN .*user=${tag || '""'}\\n`));
});

t.test('a file that is no JSON object is said and written anew', async (t) => {
  const { dataDir, kwota } = await startSite(t);
  edit(dataDir, { TAG2: 2 });
  await untilOwn(dataDir, { TAG1: 0, TAG2: 2, TAG3: 0 });
  for (const text of ['{"TAG1": 1, "TAG2"', '', '[1, 2]', 'null', '\0\0\0\0']) {
    const before = kwota.log().length;
    writeFileSync(fileOf(dataDir), text);
    await untilOwn(dataDir, { TAG1: 0, TAG2: 2, TAG3: 0 });
    t.match(kwota.log().slice(before), /WARN .*energy_usage\.json/, JSON.stringify(text));
  }
  t.equal(adjustments(dataDir).length, 1);
});

t.test('a deleted file comes back; a folder in its place is an alarm until it is gone', async (t) => {
  const { dataDir, kwota } = await startSite(t);
  rmSync(fileOf(dataDir));
  await untilOwn(dataDir, { TAG1: 0, TAG2: 0, TAG3: 0 });
  rmSync(fileOf(dataDir));
  mkdirSync(fileOf(dataDir));
  const problems = async () => (await readHealth(kwota.apiUrl)).problems.join('\n');
  await until('health says it', async () => (await problems()).includes('energy_usage.json'));
  const { sample } = await charge(t, kwota.ocppUrl);
  t.same(await sample(1_000), {}, 'chargers do not notice');
  rmdirSync(fileOf(dataDir));
  await untilOwn(dataDir, { TAG1: 1, TAG2: 0, TAG3: 0 });
  await until('health is well again', async () => (await problems()) === '');
  t.equal(adjustments(dataDir).length, 0);
});

t.test('while a charger reports all the time, no edit is lost and none counts twice', async (t) => {
  const { dataDir, kwota } = await startSite(t);
  const { sample } = await charge(t, kwota.ocppUrl);
  let register = 0;
  let isOver = false;
  const reporting = (async () => {
    while (!isOver) await sample((register += 1));
  })();
  for (let count = 1; count <= 5; count += 1) {
    edit(dataDir, { TAG2: (readUsage(dataDir)['TAG2'] ?? 0) + 1 });
    await until(`edit ${count} is adopted`, () => adjustments(dataDir).length === count);
    await until(`edit ${count} is published`, () => readUsage(dataDir)['TAG2'] === count);
  }
  isOver = true;
  await reporting;
  await untilOwn(dataDir, { TAG1: register / 1000, TAG2: 5, TAG3: 0 });
  t.same(adjustments(dataDir), Array(5).fill('TAG2 2026-11 1000'));
});

t.test('edits made while kwota is down count at the next start, once', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const clock = createSettableClock(NOW);
  const start = () => startKwotaInProcess({ dataDir, timeZone, clock });
  const first = await start();
  await untilOwn(dataDir, { TAG1: 0, TAG2: 0, TAG3: 0 });
  await first.stop();
  edit(dataDir, { TAG2: 6 });
  const second = await start();
  await untilOwn(dataDir, { TAG1: 0, TAG2: 6, TAG3: 0 });
  await second.stop();
  for (let again = 0; again < 2; again += 1) {
    const kwota = await start();
    // An edit of another tag is behind whatever the start itself would make of the file.
    edit(dataDir, { TAG3: again + 1 });
    await untilOwn(dataDir, { TAG1: 0, TAG2: 6, TAG3: again + 1 });
    await kwota.stop();
  }
  const counted = ['TAG2 2026-11 6000', 'TAG3 2026-11 1000', 'TAG3 2026-11 1000'];
  t.same(listed(readDeadStore(dataDir).entries), counted);
});

t.test('an edit stays one edit when kwota is killed around its adoption', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': USERS });
  const start = (env: Record<string, string> = {}) => startKwota({ dataDir, env });

  // So rarely that the edit is adopted long before the file is published again.
  const first = await start({ KWOTA_DATA_PUBLISH_INTERVAL: '60000' });
  await untilOwn(dataDir, { TAG1: 0, TAG2: 0, TAG3: 0 });
  edit(dataDir, { TAG2: 1 });
  await until('it is adopted', () => adjustments(dataDir).length === 1);
  await first.kill();
  t.equal(readText(dataDir), '{"TAG1":0,"TAG2":1,"TAG3":0}', 'it was killed before it published again');

  const second = await start();
  await untilOwn(dataDir, { TAG1: 0, TAG2: 1, TAG3: 0 });
  t.equal(adjustments(dataDir).length, 1, 'the edit counts once');
  edit(dataDir, { TAG2: 3 });
  await until('it is seen', () => second.log().includes('usage was changed by another program'));
  await second.kill();

  const third = await start();
  await untilOwn(dataDir, { TAG1: 0, TAG2: 3, TAG3: 0 });
  edit(dataDir, { TAG2: 2.5 });
  await third.kill();

  const fourth = await start();
  await untilOwn(dataDir, { TAG1: 0, TAG2: 2.5, TAG3: 0 });
  t.equal(await fourth.stop(), 0);
  const amounts = (readDeadStore(dataDir).entries as Adjustment[]).map(({ wh }) => wh);
  t.same(
    amounts.sort((a, b) => a - b),
    [-500, 1_000, 2_000],
  );
});
