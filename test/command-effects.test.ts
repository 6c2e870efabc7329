// What operations leave behind in kwota: who started a session, reservations, configuration, availability; all of it on disk.
import t from 'tap';
import { sampleUser } from '../src/domain/sample.fixture.ts';
import { CommandSite, connectedSite, type Payload } from './kit/command-site.ts';
import { until } from './kit/until.ts';

const LATER = '2026-11-10T14:00:00Z';

const TX_PROFILE = {
  chargingProfileId: 5,
  stackLevel: 1,
  chargingProfilePurpose: 'TxProfile',
  chargingProfileKind: 'Relative',
  chargingSchedule: { chargingRateUnit: 'A', chargingSchedulePeriod: [{ startPeriod: 0, limit: 10 }] },
};

const session = (site: CommandSite, transactionId: number) =>
  site.services.journal.live.session(`CP1/${transactionId}`);

void t.test('a session that was asked for by RemoteStartTransaction says who asked', async (t) => {
  const { site, charger } = await connectedSite(t, { users: [sampleUser('A'), sampleUser('B')] });
  await site.send('RemoteStartTransaction', { idTag: 'A', connectorId: 1 });
  const started = site.operations.remoteStarts.whenStarted('CP1', 'A', 60_000);
  const others = await charger.startTransaction({ idTag: 'B', connectorId: 2 });
  const transactionId = await charger.startTransaction({ idTag: ' a' });
  t.equal(await started, transactionId, 'in whatever spelling the card comes back');
  t.equal(session(site, transactionId)?.startedBy, 'ann');
  t.equal(session(site, others)?.startedBy, undefined, 'another card was shown at the charger');
  t.equal(
    await site.operations.remoteStarts.whenStarted('CP1', 'A', 0),
    transactionId,
    'also when asked later',
  );
  const next = await charger.startTransaction({ timestamp: LATER, meterStart: 5 });
  t.equal(session(site, next)?.startedBy, undefined, 'one start is for one session');
});

void t.test('a start that was refused, or came too late, is no remote start', async (t) => {
  const { site, charger } = await connectedSite(t);
  charger.answer = () => ({ status: 'Rejected' });
  await site.send('RemoteStartTransaction', { idTag: 'A' });
  const first = await charger.startTransaction();
  t.equal(session(site, first)?.startedBy, undefined);
  charger.answer = () => ({ status: 'Accepted' });
  await site.send('RemoteStartTransaction', { idTag: 'A' });
  const never = site.operations.remoteStarts.whenStarted('CP1', 'A', 60_000);
  site.clock.advance(5 * 60_000 + 1);
  t.equal(await never, null);
  const second = await charger.startTransaction({ timestamp: LATER, meterStart: 5 });
  t.equal(session(site, second)?.startedBy, undefined);
});

void t.test('a remote start is sent with the card as users1.csv spells it', async (t) => {
  const { site, charger } = await connectedSite(t, {
    users: [sampleUser('04A2BC')],
    yaml: 'quota: {idTagMatch: case-insensitive}\n',
  });
  await site.send('RemoteStartTransaction', { idTag: '04a2bc' });
  await site.send('RemoteStartTransaction', { idTag: 'Stranger' });
  t.strictSame(
    charger.received.map(([, { idTag }]) => idTag),
    ['04A2BC', 'Stranger'],
  );
});

void t.test('a reservation gets an id, holds when it is accepted, and is used by its session', async (t) => {
  const { site, charger } = await connectedSite(t);
  const { reservations } = site.operations;
  const reserve = (changed: Payload = {}) =>
    site.send('ReserveNow', { connectorId: 1, idTag: 'A', expiryDate: LATER, ...changed });
  await reserve();
  await reserve({ connectorId: 2, parentIdTag: 'FAMILY' });
  t.strictSame(
    charger.received.map(([, payload]) => payload['reservationId']),
    [1, 2],
  );
  t.match(reservations.of('CP1'), [
    { reservationId: 1, state: 'reserved', idTag: 'A', who: 'ann', expiresMs: Date.parse(LATER) },
    { reservationId: 2, state: 'reserved', parentIdTag: 'FAMILY' },
  ]);
  const transactionId = await charger.startTransaction({ connectorId: 2, idTag: 'B', reservationId: 2 });
  t.match(reservations.of('CP1')[1], { state: 'used', transactionId });
  await site.send('CancelReservation', { reservationId: 1 });
  t.match(reservations.of('CP1')[0], { state: 'cancelled', transactionId: null });
  await charger.startTransaction();
  t.match(reservations.of('CP1')[0], { state: 'cancelled' }, 'what was cancelled is used by nobody');
  charger.answer = () => ({ status: 'Occupied' });
  await reserve({ connectorId: 1 });
  t.equal(reservations.of('CP1').length, 2, 'what was refused is none');
});

void t.test('a reservation for a family is used by another card of the same account', async (t) => {
  const users = [
    sampleUser('A', { account: 'FAMILY' }),
    sampleUser('B', { account: 'family' }),
    sampleUser('C', { account: 'an account that OCPP has no room for' }),
    sampleUser('D', { account: 'Ünlü' }),
    sampleUser('E', { account: 'FAMILY', isBlocked: true }),
  ];
  const { site, charger } = await connectedSite(t, { users });
  const idTagInfo = async (idTag: string) => (await charger.call('Authorize', { idTag }))['idTagInfo'];
  t.strictSame(await idTagInfo('A'), { status: 'Accepted', parentIdTag: 'FAMILY' });
  for (const idTag of ['C', 'D']) t.strictSame(await idTagInfo(idTag), { status: 'Accepted' }, idTag);
  t.strictSame(await idTagInfo('E'), { status: 'Blocked' });
  const { reservations } = site.operations;
  const asked = { connectorId: 1, idTag: 'A', parentIdTag: 'FAMILY', expiryDate: LATER };
  await site.send('ReserveNow', asked);
  await charger.startTransaction({ idTag: 'C', connectorId: 1 });
  t.match(reservations.of('CP1'), [{ state: 'reserved' }], 'not by a stranger');
  const start = { connectorId: 1, idTag: 'B', meterStart: 9, timestamp: LATER };
  const started = await charger.call('StartTransaction', start);
  t.match(started, { idTagInfo: { status: 'Accepted', parentIdTag: 'family' } });
  t.match(reservations.of('CP1'), [{ state: 'used', transactionId: started['transactionId'] }]);
});

void t.test(
  'a reservation is used by its card also when the charger forgets to say so, until it expires',
  async (t) => {
    const { site, charger } = await connectedSite(t);
    const { reservations } = site.operations;
    const reserve = () => site.send('ReserveNow', { connectorId: 0, idTag: 'A', expiryDate: LATER });
    await reserve();
    await charger.startTransaction({ idTag: 'B', connectorId: 2 });
    t.match(reservations.of('CP1'), [{ state: 'reserved' }], 'not by another card');
    await charger.startTransaction({ idTag: 'a' });
    t.match(reservations.of('CP1'), [{ state: 'used' }]);
    await reserve();
    site.clock.advance(Date.parse(LATER) - site.clock.now());
    await charger.startTransaction({ timestamp: LATER, meterStart: 7 });
    t.match(reservations.of('CP1')[1], { state: 'reserved', transactionId: null }, 'it had expired');
  },
);

void t.test('a reservation that is not answered may hold all the same', async (t) => {
  const { site, charger } = await connectedSite(t);
  charger.answer = () => null;
  const outcome = site.send('ReserveNow', { connectorId: 1, idTag: 'A', expiryDate: LATER });
  await charger.next('ReserveNow');
  site.clock.advance(10_000);
  t.strictSame(await outcome, { kind: 'timeout', wasSent: true });
  t.match(site.operations.reservations.of('CP1'), [{ state: 'unconfirmed' }]);
});

void t.test('what was asked for and never sent is nothing that anybody waits for', async (t) => {
  const { site, charger } = await connectedSite(t);
  const { reservations, remoteStarts, transfers } = site.operations;
  charger.answer = () => null;
  const before = [site.send('ClearCache', {}), site.send('ClearCache', {})];
  await charger.next('ClearCache');
  const behind = [
    site.send('ReserveNow', { connectorId: 1, idTag: 'A', expiryDate: LATER }),
    site.send('RemoteStartTransaction', { idTag: 'A' }),
    site.send('GetDiagnostics', { location: 'ftp://files.example/' }),
  ];
  await until('all wait', () => transfers.of('CP1').length === 1);
  site.clock.advance(10_000);
  t.strictSame(await before[0], { kind: 'timeout', wasSent: true });
  for (const outcome of await Promise.all(behind)) t.strictSame(outcome, { kind: 'timeout', wasSent: false });
  t.strictSame(reservations.of('CP1'), []);
  t.equal(await remoteStarts.whenStarted('CP1', 'A', 60_000), null, 'and that at once');
  t.match(transfers.of('CP1'), [{ answer: 'cancelled' }]);
});

void t.test('a reservation that is to be changed holds as it was when the charger refuses', async (t) => {
  const { site, charger } = await connectedSite(t);
  const { reservations } = site.operations;
  const reserve = (changed: Payload) =>
    site.send('ReserveNow', { connectorId: 1, idTag: 'A', expiryDate: LATER, ...changed });
  await reserve({ reservationId: 7 });
  charger.answer = () => ({ status: 'Rejected' });
  await reserve({ reservationId: 7, idTag: 'B' });
  t.match(reservations.of('CP1'), [{ reservationId: 7, idTag: 'A', state: 'reserved' }]);
  charger.answer = () => ({ status: 'Accepted' });
  await reserve({ reservationId: 7, idTag: 'B' });
  t.match(reservations.of('CP1'), [{ reservationId: 7, idTag: 'B', state: 'reserved' }]);
});

void t.test(
  'ids that are allocated begin anew after the last there is, and take none that is in use',
  async (t) => {
    const { site, charger } = await connectedSite(t);
    for (const reservationId of [2 ** 31 - 1, 1, undefined, undefined])
      await site.send('ReserveNow', { connectorId: 1, idTag: 'A', expiryDate: LATER, reservationId });
    const log = { remoteLocation: 'ftp://files.example/' };
    for (const requestId of [2 ** 31 - 1, undefined, undefined])
      await site.send('GetLog', { logType: 'SecurityLog', log, requestId });
    t.strictSame(
      charger.received.map(([, { reservationId, requestId }]) => reservationId ?? requestId),
      [2 ** 31 - 1, 1, 2, 3, 2 ** 31 - 1, 1, 2],
    );
  },
);

void t.test('what a charger says of its configuration is kept, and what it takes', async (t) => {
  const { site, charger } = await connectedSite(t);
  const { configurations } = site.services;
  const known = () => configurations.of('CP1').map(({ key, value }) => `${key}=${value}`);
  charger.answer = () => ({
    configurationKey: [
      { key: 'HeartBeatInterval', value: 60, readonly: 'false' },
      { key: 'AuthorizationKey', value: 'secret', readonly: false },
      { key: 'NumberOfConnectors', value: '2', readonly: true },
    ],
  });
  await site.send('GetConfiguration', {});
  t.strictSame(known(), ['HeartBeatInterval=60', 'AuthorizationKey=***', 'NumberOfConnectors=2']);
  charger.answer = () => ({ status: 'Accepted' });
  await site.send('ChangeConfiguration', { key: 'heartbeatinterval', value: '30' });
  charger.answer = () => ({ status: 'Rejected' });
  await site.send('ChangeConfiguration', { key: 'NumberOfConnectors', value: '3' });
  t.strictSame(known(), ['HeartBeatInterval=30', 'AuthorizationKey=***', 'NumberOfConnectors=2']);
  charger.answer = () => ({ configurationKey: [], unknownKey: ['numberofconnectors'] });
  await site.send('GetConfiguration', { key: ['numberofconnectors'] });
  t.strictSame(known(), ['HeartBeatInterval=30', 'AuthorizationKey=***']);
  charger.answer = () => ({ status: 'RebootRequired' });
  await site.send('ChangeConfiguration', { key: 'New', value: 'x' });
  t.match(configurations.of('CP1')[2], { key: 'New', value: 'x', isAfterRestart: true });
  charger.answer = () => ({});
  await site.send('GetConfiguration', {});
  t.equal(known().length, 3, 'an empty answer says nothing');
});

void t.test('what commissioning reads of a configuration is known as well', async (t) => {
  const { site, charger } = await connectedSite(t, { yaml: 'configure: {MeterValueSampleInterval: "60"}\n' });
  charger.answer = () => ({
    configurationKey: [{ key: 'MeterValueSampleInterval', value: '60', readonly: false }],
  });
  site.services.commissioning.connected('CP1');
  site.clock.advance(0);
  await until('it was read', () => site.services.configurations.of('CP1').length === 1);
  t.match(site.services.configurations.of('CP1'), [{ key: 'MeterValueSampleInterval', value: '60' }]);
});

void t.test(
  'a connector that somebody took out of service stays so after a stop has been there',
  async (t) => {
    const { site, charger } = await connectedSite(t);
    const { restorations, journal } = site.services;
    restorations.mark('CP1', 1, 'inoperative');
    restorations.mark('CP1', 2, 'inoperative');
    charger.answer = () => ({ status: 'Scheduled' });
    await site.send('ChangeAvailability', { connectorId: 1, type: 'Inoperative' });
    charger.received.length = 0;
    restorations.settle('CP1');
    t.strictSame(await charger.next('ChangeAvailability'), { connectorId: 2, type: 'Operative' });
    await until('it is put back', () => journal.live.chargePoint('CP1')?.changed?.[2] === undefined);
    t.equal(charger.received.length, 1, 'connector 1 is left alone');
    charger.answer = () => ({ status: 'Rejected' });
    await site.send('ChangeAvailability', { connectorId: 0, type: 'Operative' });
    t.strictSame(journal.live.chargePoint('CP1')?.outOfService, [1], 'what was refused changes nothing');
    charger.answer = () => ({ status: 'Accepted' });
    await site.send('ChangeAvailability', { connectorId: 0, type: 'Operative' });
    t.strictSame(journal.live.chargePoint('CP1')?.outOfService, []);
    charger.received.length = 0;
    restorations.settle('CP1');
    t.strictSame(await charger.next('ChangeAvailability'), { connectorId: 1, type: 'Operative' });
  },
);

void t.test('what was commanded is on disk, and known after a restart', async (t) => {
  const { site } = await connectedSite(t);
  await site.send('ReserveNow', { connectorId: 1, idTag: 'A', expiryDate: LATER });
  await site.send('SendLocalList', { listVersion: 3, updateType: 'Full' });
  await site.operations.chargingProfiles.put('gentle', TX_PROFILE, 'ann');
  await site.services.journal.durable();
  const again = await CommandSite.start(t, { store: site.store });
  t.match(again.operations.reservations.of('CP1'), [{ reservationId: 1, state: 'reserved' }]);
  t.match(again.operations.localLists.of('CP1'), { listVersion: 3 });
  t.ok(again.operations.chargingProfiles.find('gentle'));
});
