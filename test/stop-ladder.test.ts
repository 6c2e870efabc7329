// A session that has to end, and charge points that do not end it as they should: the whole ladder over real sockets, and over deaths of kwota.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import t, { type Test } from 'tap';
import { totalWh } from '../src/domain/energy.ts';
import type { Session } from '../src/domain/session.ts';
import { systemClock } from '../src/runtime/clock.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { DAYTIME_ZONE } from './kit/daytime-zone.ts';
import { readHealth } from './kit/health.ts';
import { startKwotaInProcess } from './kit/kwota-in-process.ts';
import { startKwota, type KwotaProcess } from './kit/kwota-process.ts';
import { readRunningStore } from './kit/stored-truth.ts';
import { StubbornCharger, type Asked, type Script } from './kit/stubborn-charger.ts';
import { until } from './kit/until.ts';

const LADDER = 'remoteStop 0, remoteStop 1, knownIds 1, noCurrent 1, inoperative 1';
/** Of those that stop on the way: on a busy machine the next rung must not come before their stop. */
const BEFORE_NO_CURRENT = 'remoteStop 0, remoteStop 1, knownIds 1, noCurrent 90, inoperative 1';
const BEFORE_INOPERATIVE = 'remoteStop 0, remoteStop 1, knownIds 1, noCurrent 1, inoperative 90';
const yamlOf = (ladders: Readonly<Record<string, string>>) => {
  const settings = Object.entries(ladders).map(([id, ladder]) => `"${id}": { stopLadder: [${ladder}] }`);
  return `chargers: { settings: { ${settings.join(', ')} } }\n`;
};
const YAML = yamlOf({ '*': LADDER });
const OWN_LADDERS_YAML = yamlOf({
  ...{ LATE: BEFORE_INOPERATIVE, OWNID: BEFORE_NO_CURRENT, WATTS: BEFORE_INOPERATIVE },
  '*': LADDER,
});
/** What is never answered need not hold up a test; what is answered must not be late on a busy machine. */
const IMPATIENT_YAML = `${YAML}ocpp: { callTimeout: 3 }\n`;
t.setTimeout(300_000);

const QUOTA_WH = 1000;
const USED_WH = 1100;
const STOP_WH = 1110;

const ACCEPTED = { status: 'Accepted' };
const REJECTED = { status: 'Rejected' };

function usersFile(...tags: string[]): string {
  return ['id_tag,quota_kwh', ...tags.map((tag) => `${tag},${QUOTA_WH / 1000}`), ''].join('\n');
}

/** What it was sent, in a word each. */
function said({ asked }: StubbornCharger): string[] {
  return asked.map(({ action, payload }) => {
    if (action === 'RemoteStopTransaction') return `stop ${String(payload['transactionId'])}`;
    if (action === 'ChangeAvailability') return String(payload['type']);
    if (action === 'ClearChargingProfile') return `clear ${String(payload['id'])}`;
    const { chargingProfilePurpose, chargingSchedule } = payload['csChargingProfiles'] as {
      chargingProfilePurpose: string;
      chargingSchedule: { chargingRateUnit: string; chargingSchedulePeriod: { limit: number }[] };
    };
    const { chargingRateUnit, chargingSchedulePeriod } = chargingSchedule;
    return `${chargingProfilePurpose} ${chargingSchedulePeriod[0]?.limit ?? '?'} ${chargingRateUnit}`;
  });
}

function changedAt(dataDir: string, id: string): object {
  const chargers = readRunningStore(dataDir).chargers;
  return chargers.find(({ chargePointId }) => chargePointId === id)?.changed ?? {};
}

function sessionsOf(dataDir: string, id: string): Session[] {
  return readRunningStore(dataDir).sessions.filter(({ chargePointId }) => chargePointId === id);
}

const isOf = (id: string) => (problem: string) => problem.startsWith(`${id} `);

/** Its session has ended with the energy of its meter, once; nothing is changed at it, and no alarm tells of it. */
async function restored(t: Test, dataDir: string, apiUrl: string, { id }: StubbornCharger): Promise<void> {
  await until(`${id} is as it was`, () => Object.keys(changedAt(dataDir, id)).length === 0 || null);
  const sessions = sessionsOf(dataDir, id);
  t.equal(sessions.length, 1, 'one session');
  t.match(sessions[0], { end: { evidence: 'meterStop' }, stop: null });
  t.equal(totalWh(sessions[0]?.energyByDay ?? {}), STOP_WH, 'of all its energy');
  t.same((await readHealth(apiUrl)).problems.filter(isOf(id)), [], 'no alarm');
}

const scripts = {
  rejects: () => REJECTED,
  ignores: () => null,
  accepts: () => ACCEPTED,
} satisfies Record<string, Script>;

/** A server in this process, and what is done with its chargers. */
async function startSite(t: Test, ids: readonly string[], yaml: string) {
  const dataDir = makeDataDir(t, { 'users1.csv': usersFile(...ids) });
  const kwota = await startKwotaInProcess({ dataDir, timeZone: DAYTIME_ZONE, clock: systemClock, yaml });
  t.teardown(() => kwota.stop());
  const { apiUrl, ocppUrl } = kwota;

  /** A charger that charges beyond the quota of the card that bears its name. */
  const charging = async (t: Test, id: string, script: Script): Promise<StubbornCharger> => {
    const charger = new StubbornCharger(id);
    t.teardown(() => charger.cut());
    charger.script = script;
    await charger.connect(ocppUrl);
    await charger.start(id);
    await charger.status('Charging');
    await charger.meter(USED_WH);
    return charger;
  };

  /** Up the whole ladder, the alarm, and then its end by hand: all is put back. */
  const endsByHand = async (t: Test, charger: StubbornCharger, answer: string, rungs: string[]) => {
    const { id } = charger;
    const text = await until(`${id} is at the top`, async () => {
      const alarm = (await readHealth(apiUrl)).problems.find(isOf(id));
      return alarm?.includes('nothing is left to try') ? alarm : null;
    });
    t.match(text, `${id} connector 1 does not stop transaction ${charger.transactionId} of ${id}`);
    t.match(text, `inoperative was answered ${answer}`);
    const stop = `stop ${charger.transactionId}`;
    t.same(said(charger), [stop, stop, ...rungs]);
    charger.script = scripts.accepts;
    await charger.stop();
    await charger.wasAsked('ChangeAvailability', 1, ({ type }) => type === 'Operative');
    await restored(t, dataDir, apiUrl, charger);
    t.same(said(charger).slice(2 + rungs.length), ['clear 9001', 'Operative']);
  };
  return { dataDir, apiUrl, ocppUrl, charging, endsByHand };
}

void t.test('charge points that do not stop as they should', async (t) => {
  const ids = ['REJECTS', 'ACCEPTS', 'LATE', 'GOES', 'OWNID', 'WATTS', 'SCHEDULED'];
  const { dataDir, apiUrl, ocppUrl, charging, endsByHand } = await startSite(t, ids, OWN_LADDERS_YAML);
  // All chargers at once: each waits most of the time.
  t.jobs = ids.length + 1;

  const alarmOf = (id: string) =>
    until(`the alarm of ${id}`, async () => (await readHealth(apiUrl)).problems.find(isOf(id)) ?? null);

  const zeroForms = ['TxProfile 0 A', 'TxProfile 0 W', 'TxProfile 0 A', 'TxDefaultProfile 0 A'];

  void t.test(
    'one that rejects everything is asked in every form, until the alarm',
    { buffered: true },
    async (t) => {
      const charger = await charging(t, 'REJECTS', scripts.rejects);
      await endsByHand(t, charger, 'Rejected', [...zeroForms, 'Inoperative']);
    },
  );

  void t.test(
    'one that never answers is asked by every step, until the alarm',
    { buffered: true },
    async (t) => {
      const impatient = await startSite(t, ['IGNORES'], IMPATIENT_YAML);
      const charger = await impatient.charging(t, 'IGNORES', scripts.ignores);
      await impatient.endsByHand(t, charger, 'timeout', ['TxProfile 0 A', 'Inoperative']);
    },
  );

  void t.test('one that accepts everything and charges on is not believed', { buffered: true }, async (t) => {
    const charger = await charging(t, 'ACCEPTS', scripts.accepts);
    await endsByHand(t, charger, 'Accepted', ['TxProfile 0 A', 'Inoperative']);
    const steps = sessionsOf(dataDir, 'ACCEPTS')[0]?.stopRungs?.map(
      ({ step, answer }) => `${step} ${answer ?? '?'}`,
    );
    t.same(steps, [
      ...['remoteStop Accepted', 'remoteStop Accepted', 'knownIds no other id', 'noCurrent Accepted'],
      'inoperative Accepted',
    ]);
  });

  void t.test(
    'one that accepts and stops late, in the middle of the ladder, is put back',
    { buffered: true },
    async (t) => {
      const charger = await charging(t, 'LATE', scripts.accepts);
      await charger.wasAsked('SetChargingProfile');
      t.match(await alarmOf('LATE'), 'the next step follows');
      await charger.stop();
      await charger.wasAsked('ClearChargingProfile');
      await restored(t, dataDir, apiUrl, charger);
      t.notOk(said(charger).includes('Inoperative'), 'and not sent further up');
    },
  );

  void t.test(
    'one that goes away in the middle of the ladder is asked on when it is back',
    { buffered: true },
    async (t) => {
      const charger = await charging(t, 'GOES', ({ action }, charger) => {
        if (action !== 'SetChargingProfile') return ACCEPTED;
        charger.cut();
        return null;
      });
      await charger.wasAsked('SetChargingProfile');
      charger.script = scripts.accepts;
      await charger.connect(ocppUrl);
      await charger.wasAsked('ChangeAvailability');
      t.equal(said(charger).at(-1), 'Inoperative', 'the next rung');
      await charger.stop();
      await charger.wasAsked('ChangeAvailability', 2);
      await restored(t, dataDir, apiUrl, charger);
      t.same(said(charger).slice(-2), ['clear 9001', 'Operative']);
    },
  );

  void t.test(
    'one that knows its session by an id of its own is stopped by that',
    { buffered: true },
    async (t) => {
      const charger = new StubbornCharger('OWNID');
      t.teardown(() => charger.cut());
      charger.script = ({ payload }, charger) => {
        if (payload['transactionId'] !== 77) return REJECTED;
        void charger.stop();
        return ACCEPTED;
      };
      await charger.connect(ocppUrl);
      await charger.start('OWNID');
      await charger.meter(USED_WH, 77);
      await charger.wasAsked('RemoteStopTransaction', 3);
      const { transactionId } = charger;
      t.same(said(charger), [`stop ${transactionId}`, `stop ${transactionId}`, 'stop 77']);
      await until('its end', () => sessionsOf(dataDir, 'OWNID')[0]?.end !== null || null);
      await restored(t, dataDir, apiUrl, charger);
    },
  );

  void t.test(
    'one that takes a limit in W only ends at 0 W, and can charge again',
    { buffered: true },
    async (t) => {
      const charger = await charging(t, 'WATTS', ({ action, payload }, charger) => {
        if (action === 'RemoteStopTransaction') return REJECTED;
        if (!JSON.stringify(payload).includes('"W"'))
          return action === 'SetChargingProfile' ? REJECTED : ACCEPTED;
        void charger.stop();
        return ACCEPTED;
      });
      await charger.wasAsked('ClearChargingProfile');
      await restored(t, dataDir, apiUrl, charger);
      const stop = `stop ${charger.transactionId}`;
      t.same(said(charger), [stop, stop, 'TxProfile 0 A', 'TxProfile 0 W', 'clear 9001']);
    },
  );

  void t.test(
    'one whose outage is scheduled for the end is put into service then',
    { buffered: true },
    async (t) => {
      const charger = await charging(t, 'SCHEDULED', ({ action, payload }) => {
        if (action === 'ChangeAvailability' && payload['type'] === 'Inoperative')
          return { status: 'Scheduled' };
        return action === 'SetChargingProfile' ? { status: 'NotSupported' } : ACCEPTED;
      });
      await endsByHand(t, charger, 'Scheduled', [...zeroForms, 'Inoperative']);
    },
  );
});

void t.test('kwota killed on each rung goes on from there, and all is put back', async (t) => {
  const dataDir = makeDataDir(t, { 'users1.csv': usersFile('A'), 'config.yaml': YAML });
  const charger = new StubbornCharger('CP1');
  t.teardown(() => charger.cut());
  // Each rung is answered only after kwota has died on it once.
  const died = new Set<string>();
  const kindOf = ({ action, payload }: Asked) =>
    action === 'ChangeAvailability'
      ? String(payload['type'])
      : `${action}${payload['transactionId'] === 77 ? ' 77' : ''}`;
  const dying: string[] = [];
  let stops = 0;
  charger.script = (asked) => {
    const kind =
      kindOf(asked) === 'RemoteStopTransaction' ? `stop ${Math.ceil((stops += 1) / 2)}` : kindOf(asked);
    if (died.has(kind)) return ACCEPTED;
    died.add(kind);
    dying.push(kind);
    return null;
  };
  const startAgain = () => startKwota({ dataDir, env: { TZ: DAYTIME_ZONE } });
  let kwota: KwotaProcess = await startAgain();
  t.teardown(() => kwota.kill());
  await charger.connect(kwota.ocppUrl);
  await charger.start('A');
  await charger.meter(USED_WH, 77);
  const restart = async (after: string) => {
    await until(after, () => dying.at(-1) === after || null);
    const rungs = () => readRunningStore(dataDir).sessions[0]?.stopRungs ?? [];
    // Each rung before this one is on record twice: the attempt kwota died on, and the one that was answered.
    const onRecord = () => rungs().length === 2 * dying.length - 1 && rungs().at(-1)?.answer === null;
    await until('the record of it', () => charger.hasStopped || onRecord() || null);
    await kwota.kill();
    kwota = await startAgain();
    await charger.connect(kwota.ocppUrl);
  };
  await restart('stop 1');
  await restart('stop 2');
  await restart('RemoteStopTransaction 77');
  await restart('SetChargingProfile');
  t.match(changedAt(dataDir, 'CP1'), { 1: { noCurrent: true } }, 'on record before it was sent');
  await restart('Inoperative');
  await charger.wasAsked('ChangeAvailability', 2);
  const stop = `stop ${charger.transactionId}`;
  const twice = [stop, stop, 'stop 77', 'TxProfile 0 A', 'Inoperative'].flatMap((one) => [one, one]);
  t.same(said(charger), twice, 'each rung again, none left out');
  await until(
    'the last answer',
    () => readRunningStore(dataDir).sessions[0]?.stopRungs?.at(-1)?.answer ?? null,
  );
  const steps = readRunningStore(dataDir).sessions[0]?.stopRungs?.map(
    ({ step, answer }) => `${step} ${answer ?? '?'}`,
  );
  t.same(steps, [
    ...['remoteStop unknown', 'remoteStop Accepted', 'remoteStop unknown', 'remoteStop Accepted'],
    ...['knownIds unknown', 'knownIds 77 Accepted', 'noCurrent unknown', 'noCurrent Accepted'],
    ...['inoperative unknown', 'inoperative Accepted'],
  ]);
  // The session ends, and kwota dies twice more: on each thing that it puts back.
  await charger.stop();
  await restart('ClearChargingProfile');
  await restart('Operative');
  await charger.wasAsked('ChangeAvailability', 4);
  await restored(t, dataDir, kwota.apiUrl, charger);
  const usage = () => JSON.parse(readFileSync(join(dataDir, 'energy_usage.json'), 'utf8')) as { A?: number };
  await until('its energy in the file', () => usage().A === STOP_WH / 1000 || null);
});
