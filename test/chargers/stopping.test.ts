// Catalogue of chargers, stopping: chargers that refuse to end a session, ignore that they should, or do it in their own way.
import t from 'tap';
import { sampleUser } from '../../src/domain/sample.fixture.ts';
import type { Rung } from '../../src/domain/stop-ladder.ts';
import { answered, Site, type SiteOptions } from '../kit/services.ts';
import { Charger, sessionsOf } from './charger.ts';

/** Card A has 1 kWh and is charged to the end of it; the stop is due. */
function exhausted(options: SiteOptions = {}): { site: Site; charger: Charger; transactionId: number } {
  const site = new Site({ users: [sampleUser('A', { quotaWh: 1000 }), sampleUser('B')], ...options });
  const charger = new Charger(site);
  const { transactionId } = charger.start();
  charger.status('Charging');
  charger.wait(10);
  charger.register('1000', { transactionId });
  return { site, charger, transactionId };
}

function ladder(...steps: Rung['step'][]): { readonly enforcement: SiteOptions['enforcement'] & object } {
  const rungs = steps.map((step, index) => ({ step, waitMs: index === 0 ? 0 : 1000 }));
  return { enforcement: { ladderOf: () => rungs } };
}

const actions = (site: Site) => site.calls.map(({ action }) => action);
const alarms = (site: Site) => site.services.alarms.active().map(({ message }) => message);
const changed = (site: Site) => site.services.journal.live.chargePoint('CP1')?.changed ?? {};

interface Profile {
  readonly stackLevel: number;
  readonly chargingProfilePurpose: string;
  readonly chargingSchedule: {
    readonly chargingRateUnit: string;
    readonly chargingSchedulePeriod: readonly { readonly limit: number }[];
  };
}

/** The charging profile in a SetChargingProfile. */
function profileOf(payload: object): Profile {
  return (payload as { csChargingProfiles: Profile }).csChargingProfiles;
}

/** Every SetChargingProfile that was sent, as `TxProfile 0 A level 1`. */
const profiles = (site: Site) =>
  site.calls
    .filter(({ action }) => action === 'SetChargingProfile')
    .map(({ payload }) => {
      const { stackLevel, chargingProfilePurpose, chargingSchedule } = profileOf(payload);
      const { chargingRateUnit, chargingSchedulePeriod } = chargingSchedule;
      const limit = chargingSchedulePeriod.map((period) => period.limit).join();
      return `${chargingProfilePurpose} ${limit} ${chargingRateUnit} level ${stackLevel}`;
    });

void t.test(
  '108: a stop that is refused or ignored is asked for by other means, never once only',
  async (t) => {
    for (const [what, answer] of [
      ['refused', () => answered('Rejected')],
      ['not answered', () => Promise.resolve({ kind: 'timeout' } as const)],
      [
        'refused by an error',
        () => Promise.resolve({ kind: 'error', code: 'GenericError', description: '' } as const),
      ],
    ] as const) {
      const { site, transactionId } = exhausted();
      site.answer = answer;
      await site.pass(121);
      t.equal(site.stops.filter((stop) => stop.transactionId === transactionId).length, 3, what);
      t.ok(
        actions(site).includes('SetChargingProfile') && actions(site).includes('ChangeAvailability'),
        what,
      );
      t.match(alarms(site), [/CP1 connector 1 does not stop/], what);
      await site.pass(600);
      t.equal(site.stops.length, 5, `${what}: and every five minutes from then on`);
      site.services.enforcer.close();
    }
  },
);

void t.test('108: a stop is also asked for by the id that the charger itself uses', async (t) => {
  const { site, charger, transactionId } = exhausted(ladder('remoteStop', 'knownIds'));
  charger.register('1010', { transactionId: 4711 });
  site.answer = (_action, payload) =>
    answered((payload as { transactionId: number }).transactionId === 4711 ? 'Accepted' : 'Rejected');
  await site.pass(2);
  t.same(
    site.stops.map((stop) => stop.transactionId),
    [transactionId, 4711],
  );
  t.match(charger.session(transactionId).stopRungs?.at(-1), { answer: '4711 Accepted' });
  site.services.enforcer.close();
});

void t.test('109: Accepted is not believed while the register moves', async (t) => {
  const { site, charger, transactionId } = exhausted();
  await site.pass(121);
  charger.register('1400', { transactionId });
  t.equal(site.used('A'), 1400, 'what flows is booked');
  t.same(
    charger.session(transactionId).stopRungs?.map(({ step }) => step),
    ['remoteStop', 'remoteStop', 'remoteStop', 'knownIds', 'noCurrent', 'inoperative'],
  );
  charger.stop({ transactionId, meterStop: 1500 });
  await site.settle();
  t.same(alarms(site), []);
  t.equal(site.used('A'), 1500);
});

void t.test('110: no current is asked for in the form that the charger takes', async (t) => {
  const forms: readonly [string, (form: Profile) => boolean, readonly string[]][] = [
    ['in amperes', () => true, ['TxProfile 0 A level 1']],
    [
      'in watts (Huawei)',
      ({ chargingSchedule }) => chargingSchedule.chargingRateUnit === 'W',
      ['TxProfile 0 A level 1', 'TxProfile 0 W level 1'],
    ],
    [
      'at the lowest level (ABB)',
      ({ stackLevel }) => stackLevel === 0,
      ['TxProfile 0 A level 1', 'TxProfile 0 W level 1', 'TxProfile 0 A level 0'],
    ],
    [
      'as the default',
      ({ chargingProfilePurpose }) => chargingProfilePurpose === 'TxDefaultProfile',
      [
        'TxProfile 0 A level 1',
        'TxProfile 0 W level 1',
        'TxProfile 0 A level 0',
        'TxDefaultProfile 0 A level 0',
      ],
    ],
  ];
  for (const [what, takes, expected] of forms) {
    const { site, charger, transactionId } = exhausted(ladder('noCurrent'));
    site.answer = (action, payload) =>
      answered(action !== 'SetChargingProfile' || takes(profileOf(payload)) ? 'Accepted' : 'Rejected');
    await site.settle();
    t.same(profiles(site), expected, what);
    charger.stop({ transactionId, meterStop: 1010 });
    await site.settle();
    t.equal(actions(site).at(-1), 'ClearChargingProfile', `${what}: the next user charges as ever`);
    t.same(changed(site), {}, what);
  }
});

void t.test(
  '111: a connector out of service is put back, also when it was scheduled or the charger restarted',
  async (t) => {
    for (const word of ['Accepted', 'Scheduled', 'Rejected']) {
      const { site, charger, transactionId } = exhausted(ladder('inoperative'));
      const inoperative = (payload: object) => (payload as { type?: string }).type === 'Inoperative';
      site.answer = (_action, payload) => answered(inoperative(payload) ? word : 'Accepted');
      await site.settle();
      site.connected.delete('CP1');
      charger.stop({ transactionId, meterStop: 1010 });
      await site.settle();
      site.restart();
      t.same(changed(site), { 1: { inoperative: true } }, `${word}: on record`);
      site.connected.add('CP1');
      site.services.chargePoints.connected('CP1');
      site.services.enforcer.reviewChargePoint('CP1');
      await site.settle();
      t.match(site.calls.at(-1), {
        action: 'ChangeAvailability',
        payload: { connectorId: 1, type: 'Operative' },
      });
      t.same(changed(site), {}, word);
    }
  },
);

void t.test('112: a start is taken from a connector that is stuck in any state', (t) => {
  for (const status of ['Finishing', 'Preparing', 'Unavailable', 'Faulted']) {
    const site = new Site();
    const charger = new Charger(site);
    const first = charger.start();
    charger.wait(10);
    charger.stop({ transactionId: first.transactionId, meterStop: 500 });
    charger.status(status);
    const second = charger.start({ idTag: 'B', meterStart: 500 });
    t.equal(second.status, 'Accepted', status);
    charger.wait(10);
    charger.register('900', { transactionId: second.transactionId });
    t.same([site.used('A'), site.used('B')], [500, 400], status);
    site.services.enforcer.close();
  }
  t.end();
});

void t.test(
  '113: samples are asked for by connector, once a minute at most, and not again after three refusals',
  async (t) => {
    const asks = async (answer: string) => {
      const site = new Site({
        users: [sampleUser('A', { quotaWh: 3000 })],
        maxPowerW: 22_000,
        enforcement: { isPredictive: true },
      });
      site.answer = () => answered(answer);
      const charger = new Charger(site);
      const { transactionId } = charger.start();
      charger.register('1', { transactionId });
      await site.pass(590);
      site.services.enforcer.close();
      return site.calls.filter(({ action }) => action === 'TriggerMessage');
    };
    const taken = await asks('Accepted');
    t.ok(taken.length > 0, 'it is asked');
    for (const { payload } of taken) t.same(payload, { requestedMessage: 'MeterValues', connectorId: 1 });
    const gapsMs = taken.slice(1).map(({ atMs }, index) => atMs - (taken[index]?.atMs ?? 0));
    t.ok(
      gapsMs.every((gapMs) => gapMs >= 60_000),
      gapsMs.join(),
    );
    t.ok((await asks('Rejected')).length <= 3);
  },
);

void t.test(
  '114: a reset ends no session in the books until the charger says so, and none of a neighbour',
  async (t) => {
    const { site, charger, transactionId } = exhausted(ladder('softReset'));
    const other = charger.start({ idTag: 'B', connectorId: 2 });
    await site.pass(30);
    t.notOk(actions(site).includes('Reset'), 'a neighbour charges');
    charger.stop({ transactionId: other.transactionId, meterStop: 10 });
    await site.pass(10);
    t.same(site.calls.at(-1)?.payload, { type: 'Soft' });
    charger.boot({ chargePointVendor: 'V', chargePointModel: 'M' });
    t.equal(charger.session(transactionId).end, null, 'Accepted, rebooted, and still open');
    charger.register('1020', { transactionId });
    t.equal(site.used('A'), 1020);
    charger.stop({ transactionId, meterStop: 1030, reason: 'SoftReset' });
    t.equal(sessionsOf(site).length, 2);
    t.equal(site.used('A'), 1030, 'told late, it is the truth');
    site.services.enforcer.close();
  },
);

void t.test('114: a session whose stop a reset has swallowed ends with the next start', async (t) => {
  const { site, charger, transactionId } = exhausted(ladder('hardReset'));
  await site.settle();
  t.same(site.calls.at(-1)?.payload, { type: 'Hard' });
  charger.wait(5);
  charger.start({ idTag: 'B', meterStart: 1040 });
  t.match(charger.session(transactionId), { stop: null, end: { evidence: 'nextStart' } });
  t.equal(site.used('A'), 1040);
  await site.pass(600);
  t.equal(actions(site).filter((action) => action === 'Reset').length, 1);
});

void t.test('115: an answer in another spelling counts, an empty one says nothing', async (t) => {
  const words: readonly [object, string][] = [
    [{ status: 'accepted' }, 'Accepted'],
    [{ status: ' REJECTED ' }, 'Rejected'],
    [{ status: '' }, 'no status'],
    [{}, 'no status'],
    [{ status: 1 }, 'no status'],
    [{ status: 'Maybe' }, 'Maybe'],
  ];
  for (const [payload, word] of words) {
    const { site, charger, transactionId } = exhausted();
    site.answer = () => Promise.resolve({ kind: 'result', payload: payload as Record<string, unknown> });
    await site.settle();
    t.equal(charger.session(transactionId).stopRungs?.at(-1)?.answer, word);
    await site.pass(15);
    t.equal(site.stops.length, 2, `${word}: whatever it says, the session has to end`);
    site.services.enforcer.close();
  }
});
