// Charging profiles that are kept by name, and sent with what is known only then.
import t from 'tap';
import { connectedSite } from './kit/command-site.ts';

const TX_PROFILE = {
  chargingProfileId: 5,
  stackLevel: 1,
  chargingProfilePurpose: 'TxProfile',
  chargingProfileKind: 'Relative',
  chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 10 }] },
};

void t.test('a charging profile is kept by name, and sent for the session that runs', async (t) => {
  const { site, charger } = await connectedSite(t);
  const { chargingProfiles } = site.operations;
  t.strictSame(await chargingProfiles.put('gentle', TX_PROFILE, 'ann'), []);
  t.match(chargingProfiles.all(), [{ name: 'gentle', who: 'ann', profile: TX_PROFILE }]);
  const transactionId = await charger.startTransaction({ connectorId: 2 });
  await site.send('SetChargingProfile', { csChargingProfiles: 'gentle' });
  t.strictSame(await charger.next('SetChargingProfile'), {
    connectorId: 2,
    csChargingProfiles: { ...TX_PROFILE, transactionId },
  });
  t.match(await site.send('SetChargingProfile', { csChargingProfiles: 'rough' }), {
    kind: 'invalid',
    problems: ['there is no charging profile named "rough"'],
  });
  t.ok(chargingProfiles.remove('gentle'));
  t.notOk(chargingProfiles.remove('gentle'));
  t.equal((await site.send('SetChargingProfile', { csChargingProfiles: 'gentle' })).kind, 'invalid');
});

void t.test('a charging profile that is none is not kept, nor one in place of kwota’s own', async (t) => {
  const { site } = await connectedSite(t);
  const { chargingProfiles } = site.operations;
  const put = (name: string, profile: unknown) => chargingProfiles.put(name, profile, 'ann');
  t.match(await put('x', { ...TX_PROFILE, stackLevel: 'top' }), [/stackLevel must be/]);
  t.match(await put('x', 'text'), [/must be object/]);
  t.match(await put('../x', TX_PROFILE), [/a name has/]);
  t.match(await put('x', { ...TX_PROFILE, chargingProfileId: 9001 }), [/kwota's own/]);
  t.strictSame(chargingProfiles.all(), []);
});

void t.test('a remote start may bring a profile by its name, if it is of a transaction', async (t) => {
  const { site, charger } = await connectedSite(t);
  const { chargingProfiles } = site.operations;
  await chargingProfiles.put('gentle', { ...TX_PROFILE, transactionId: 9 }, 'ann');
  await chargingProfiles.put('always', { ...TX_PROFILE, chargingProfilePurpose: 'TxDefaultProfile' }, 'ann');
  await site.send('RemoteStartTransaction', { idTag: 'A', chargingProfile: 'gentle' });
  t.strictSame(await charger.next('RemoteStartTransaction'), { idTag: 'A', chargingProfile: TX_PROFILE });
  for (const chargingProfile of ['always', 'unknown', null, 5])
    t.equal((await site.send('RemoteStartTransaction', { idTag: 'A', chargingProfile })).kind, 'invalid');
});
