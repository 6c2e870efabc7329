// The local authorization list of a charger: built from the users, in messages that it takes, with versions that count on.
import t from 'tap';
import { sampleUser } from '../src/domain/sample.fixture.ts';
import { connectedSite } from './kit/command-site.ts';

void t.test('the local list is built from the users with what each may do', async (t) => {
  const users = [
    sampleUser('A'),
    sampleUser('B', { isBlocked: true }),
    sampleUser('C', { expires: '2026-11-09' }),
    sampleUser('D', { expires: '2026-12-31', account: 'FLAT 7' }),
    sampleUser('E', { quotaWh: 0 }),
    sampleUser('a-tag-that-is-too-long-for-ocpp'),
  ];
  const { site, charger } = await connectedSite(t, { users });
  charger.answer = (action) =>
    action === 'GetLocalListVersion' ? { listVersion: 4 } : { status: 'Accepted', configurationKey: [] };
  const sent = await site.operations.localLists.sendUsers(site.operations.commands, 'CP1', 'ann');
  t.strictSame(sent, { kind: 'sent', listVersion: 5, entries: 5, messages: 1, tooLong: 1 });
  const list = await charger.next('SendLocalList');
  t.strictSame(list, {
    listVersion: 5,
    localAuthorizationList: [
      { idTag: 'A', idTagInfo: { status: 'Accepted' } },
      { idTag: 'B', idTagInfo: { status: 'Blocked' } },
      { idTag: 'C', idTagInfo: { expiryDate: '2026-11-10T00:00:00.000Z', status: 'Expired' } },
      {
        idTag: 'D',
        idTagInfo: { expiryDate: '2027-01-01T00:00:00.000Z', parentIdTag: 'FLAT 7', status: 'Accepted' },
      },
      { idTag: 'E', idTagInfo: { status: 'Blocked' } },
    ],
    updateType: 'Full',
  });
  t.strictSame(
    Object.keys(list),
    ['listVersion', 'localAuthorizationList', 'updateType'],
    'the version first',
  );
  charger.received.length = 0;
  await site.operations.localLists.sendUsers(site.operations.commands, 'CP1', 'ann');
  t.strictSame(
    charger.received.filter(([action]) => action !== 'GetConfiguration').map(([, one]) => one['listVersion']),
    [6],
    'the version is remembered, and not asked for again',
  );
});

void t.test('a list sent by hand goes out with its version first', async (t) => {
  const { site, charger } = await connectedSite(t);
  await site.send('SendLocalList', { updateType: 'Full', localAuthorizationList: [], listVersion: 9 });
  t.match(
    charger.frames[0],
    /"SendLocalList",\{"listVersion":9,"localAuthorizationList":\[\],"updateType":"Full"\}/,
  );
  t.match(site.operations.localLists.of('CP1'), { listVersion: 9 });
});

void t.test(
  'a long list is split as the charger wants it, and begun anew when versions differ',
  async (t) => {
    const users = ['A', 'B', 'C', 'D', 'E'].map((tag) => sampleUser(tag));
    const { site, charger } = await connectedSite(t, { users });
    let version = 20;
    let mismatches = 1;
    charger.answer = (action, payload) => {
      if (action === 'GetLocalListVersion') return { listVersion: version };
      if (action === 'GetConfiguration')
        return { configurationKey: [{ key: 'SendLocalListMaxLength', value: '2', readonly: true }] };
      if (payload['listVersion'] === 2 && mismatches-- > 0) return { status: 'VersionMismatch' };
      version = payload['listVersion'] as number;
      return { status: 'Accepted' };
    };
    await site.send('SendLocalList', { listVersion: 1, updateType: 'Full' });
    version = 20;
    charger.received.length = 0;
    const sent = await site.operations.localLists.sendUsers(site.operations.commands, 'CP1', 'ann');
    t.strictSame(sent, { kind: 'sent', listVersion: 23, entries: 5, messages: 3, tooLong: 0 });
    const parts = charger.received.map(([action, { listVersion, updateType, localAuthorizationList }]) => [
      action,
      listVersion,
      updateType,
      (localAuthorizationList as unknown[] | undefined)?.length,
    ]);
    t.strictSame(parts, [
      ['GetConfiguration', undefined, undefined, undefined],
      ['SendLocalList', 2, 'Full', 2],
      ['GetLocalListVersion', undefined, undefined, undefined],
      ['SendLocalList', 21, 'Full', 2],
      ['SendLocalList', 22, 'Differential', 2],
      ['SendLocalList', 23, 'Differential', 1],
    ]);
  },
);

void t.test('a charger that keeps no list, or refuses it, is told as it is', async (t) => {
  const { site, charger } = await connectedSite(t);
  const send = () => site.operations.localLists.sendUsers(site.operations.commands, 'CP1', 'ann');
  charger.answer = () => ({ listVersion: -1 });
  t.strictSame(await send(), { kind: 'refused', status: 'NotSupported' });
  charger.answer = (action) => (action === 'SendLocalList' ? { status: 'Failed' } : { listVersion: 0 });
  t.strictSame(await send(), { kind: 'refused', status: 'Failed' });
  charger.answer = () => 'NotImplemented';
  t.match(await send(), { kind: 'failed', outcome: { kind: 'callError', code: 'NotImplemented' } });
  charger.answer = (action) =>
    action === 'SendLocalList' ? { status: 'VersionMismatch' } : { listVersion: 0 };
  const both = [send(), send()];
  t.strictSame(await both[1], { kind: 'busy' }, 'one at a time');
  t.strictSame(await both[0], { kind: 'refused', status: 'VersionMismatch' }, 'not for ever');
});
