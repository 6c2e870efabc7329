// What keys ask of chargers: nothing without a question where a driver feels it, the safe answer first, and how it went.
import t from 'tap';
import { ApiClientError } from '../../src/api/client.ts';
import { TestDesk } from '../../test/kit/dashboard-desk.tsx';
import { fakeSite, settled, type FakeSite } from '../../test/kit/fake-site-api.ts';
import { connector, madeUpCharger, madeUpSite } from '../../test/kit/made-up-site.ts';
import { limitOf } from './power-limit.ts';

/** At the connector that this filter leaves. */
function at(filter: string, site: FakeSite = fakeSite()): { desk: TestDesk; site: FakeSite } {
  const desk = new TestDesk({ api: site.api }).press('2', '/').type(filter).press('enter');
  return { desk, site };
}

t.test('a session is stopped after y, and only then', async (t) => {
  const { desk, site } = at('garage-03 2');
  desk.press('x');
  t.match(desk.frame(), /Stop session 1842\?.*Ben Meyer on CP-GARAGE-03 #2, 3\.9 kWh so far/s);
  desk.press('enter');
  t.equal(desk.dashboard.world().ui.dialog, null, 'Enter is Cancel');
  desk.press('x', 'n');
  desk.press('x', 'esc');
  t.same(site.asked, []);
  site.answer = { outcome: 'asked', step: 'remoteStop', answer: 'Accepted', session: {} };
  desk.press('x', 'y');
  t.match(desk.message(), /^CP-GARAGE-03 #2: stop session 1842$/);
  await settled();
  t.same(site.asked, ['stop CP-GARAGE-03 1842']);
  t.equal(desk.message(), 'CP-GARAGE-03 #2: stop session 1842: Accepted');
  t.equal(desk.dashboard.world().ui.messages.at(-1)?.kind, 'done');
});

t.test('the other button is chosen by Tab, and pressed by Enter', async (t) => {
  const { desk, site } = at('garage-03 2');
  desk.press('x', 'tab', 'tab', 'enter');
  t.same(site.asked, [], 'back at Cancel');
  desk.press('x', 'right', 'enter');
  await settled();
  t.equal(site.asked.length, 1);
});

t.test('what a charger refuses, and a server that fails, are told and kept', async (t) => {
  const { desk, site } = at('yard-01');
  site.answer = { status: 'UnlockFailed' };
  desk.press('u', 'y');
  await settled();
  t.equal(desk.message(), 'CP-YARD-01 #1: unlock: UnlockFailed');
  t.match(desk.lines().at(-2), /✖ 14:32:07 {2}CP-YARD-01 #1: unlock: UnlockFailed/);
  site.answer = new ApiClientError('callTimeout', 'the charger did not answer in 30 s', 'is it there?');
  desk.press('u', 'y');
  await settled();
  t.match(desk.message(), /unlock: the charger did not answer in 30 s; is it there\?/);
  t.equal(desk.dashboard.world().ui.messages.length, 2);
});

t.test('while an answer is awaited the wait is counted, and every key works', (t) => {
  const { desk } = at('yard-01');
  desk.press('u', 'y');
  desk.clock.advance(8_000);
  t.match(desk.lines().at(-2), /… 14:32:07 {2}CP-YARD-01 #1: unlock, waiting 8 s/);
  t.match(desk.press('1').lines()[1], /\[1 Overview\]/);
  t.end();
});

t.test('a hard reset wants the name of the charger typed', async (t) => {
  const { desk, site } = at('garage-09');
  desk.press('r', 'h').type('y').press('enter');
  t.same(site.asked, [], 'y is a letter here');
  desk.press('r', 'h').type('CP-GARAGE-0').press('tab', 'enter');
  t.same(site.asked, [], 'not yet');
  desk.type('9').press('enter');
  await settled();
  t.same(site.asked, ['Reset CP-GARAGE-09 {"type":"Hard"}']);
});

t.test('a soft reset is asked about as well', async (t) => {
  const { desk, site } = at('garage-09');
  desk.press('r', 'down', 'up', 'enter');
  t.match(desk.frame(), /Soft reset of CP-GARAGE-09\?/);
  desk.press('y');
  await settled();
  t.same(site.asked, ['Reset CP-GARAGE-09 {"type":"Soft"}']);
});

t.test('availability asks when a car is charging, and not when none is', async (t) => {
  const idle = at('garage-09');
  idle.desk.press('a', 'i');
  await settled();
  t.same(idle.site.asked, ['ChangeAvailability CP-GARAGE-09 {"connectorId":1,"type":"Inoperative"}']);
  const busy = at('garage-04');
  busy.desk.press('a', 'i');
  t.same(busy.site.asked, []);
  t.match(busy.desk.frame(), /A car is charging: session 1839/);
  busy.desk.press('y');
  await settled();
  t.equal(busy.site.asked.length, 1);
});

t.test('a session is started for whom one finds by typing', async (t) => {
  const { desk, site } = at('garage-09');
  desk.press('b').type('novak');
  t.match(desk.frame(), /> Hana Novak {2}04C0000006 {2}blocked/);
  desk.press('ctrl-u').type('lind').press('enter');
  t.match(desk.frame(), /Start a session on CP-GARAGE-09 #1\?.*For Elin Lindqvist \(04E1000003\)/s);
  desk.press('y');
  await settled();
  t.same(site.asked, ['RemoteStartTransaction CP-GARAGE-09 {"idTag":"04E1000003","connectorId":1}']);
});

t.test('a power limit is understood in both units, and is a profile of the connector', async (t) => {
  t.same(limitOf('16 A'), { value: 16, unit: 'A' });
  t.same(limitOf('11kw'), { value: 11, unit: 'kW' });
  t.same(limitOf('7,4 kW'), { value: 7.4, unit: 'kW' });
  t.equal(limitOf('OFF'), 'off');
  for (const wrong of ['', '16', 'A', '-3 A', '16 V', '99999 A', '2000 kW'])
    t.equal(limitOf(wrong), null, wrong);
  const { desk, site } = at('garage-09');
  desk.press('p').type('16').press('enter');
  t.match(desk.frame(), /Limit: say 16 A, 11 kW or off/, 'nothing was sent');
  desk.type(' A').press('enter');
  await settled();
  t.match(site.asked[0], /^SetChargingProfile CP-GARAGE-09 .*"chargingRateUnit":"A".*"limit":16/);
  desk.press('p').type('off').press('enter');
  await settled();
  t.equal(site.asked[1], 'ClearChargingProfile CP-GARAGE-09 {"id":101}');
});

t.test('configuration keys are read, found, and changed; what is read-only says so', async (t) => {
  const { desk, site } = at('garage-09');
  site.answer = {
    configurationKey: [
      { key: 'HeartbeatInterval', readonly: false, value: '60' },
      { key: 'NumberOfConnectors', readonly: true, value: '1' },
      'nonsense',
    ],
  };
  desk.press('c');
  await settled();
  t.match(desk.frame(), /HeartbeatInterval {2}60.*NumberOfConnectors {2}1 {2}\(read-only\).*2 found/s);
  desk.type('number').press('enter');
  t.match(desk.message(), /NumberOfConnectors cannot be changed/);
  desk.press('c');
  await settled();
  site.answer = { status: 'RebootRequired' };
  desk.type('heart').press('enter', 'backspace', 'backspace').type('30').press('enter');
  await settled();
  t.equal(site.asked.at(-1), 'ChangeConfiguration CP-GARAGE-09 {"key":"HeartbeatInterval","value":"30"}');
  t.match(desk.message(), /HeartbeatInterval = 30: RebootRequired/);
});

t.test('who has gone elsewhere meanwhile is not brought back by an answer', async (t) => {
  const { desk, site } = at('garage-09');
  site.answer = { configurationKey: [{ key: 'HeartbeatInterval', readonly: false, value: '60' }] };
  desk.press('c', '1');
  await settled();
  t.equal(desk.dashboard.world().ui.dialog, null);
  t.match(desk.message(), /told 1 configuration key/);
});

t.test('a message is triggered for the connector where it is about one', async (t) => {
  const { desk, site } = at('garage-09');
  desk.press('t', 'm');
  desk.press('t', 'b');
  await settled();
  t.same(site.asked, [
    'TriggerMessage CP-GARAGE-09 {"requestedMessage":"MeterValues","connectorId":1}',
    'TriggerMessage CP-GARAGE-09 {"requestedMessage":"BootNotification"}',
  ]);
});

t.test('a charger that waits is approved after a look at what it says it is', async (t) => {
  const site = fakeSite();
  const chargers = [madeUpCharger('CP-NEW', [connector(1, 'Available', 1)], { admission: 'pending' })];
  const desk = new TestDesk({ api: site.api, snapshot: { ...madeUpSite, chargers } }).press('2', 'A');
  t.match(desk.frame(), /Approve CP-NEW\?.*It says it is Ferrous Post 22, serial 784512/s);
  desk.press('y');
  await settled();
  t.same(site.asked, ['approve CP-NEW']);
  t.same(desk.read, ['chargers'], 'and is read again');
  const { desk: other } = at('garage-09');
  t.match(other.press('A').message(), /CP-GARAGE-09 is approved already/);
});

t.test('only a charger that is gone is forgotten, by an admin, after a question', async (t) => {
  const { desk, site } = at('yard-02');
  desk.press('F');
  t.match(desk.frame(), /Forget CP-YARD-02\?.*Its sessions and their energy stay/s);
  desk.press('y');
  await settled();
  t.same(site.asked, ['forget CP-YARD-02']);
  t.match(at('garage-09').desk.press('F').message(), /CP-GARAGE-09 is connected/);
});

t.test('l shows the lines of the log that are about the charger, and Esc all of them', (t) => {
  const { desk } = at('garage-07');
  desk.press('l');
  t.match(desk.lines()[1], /\[5 Log\]/);
  t.match(desk.lines()[2], /filter: charger:CP-GARAGE-07/);
  t.match(desk.frame(), /Faulted/);
  t.match(desk.press('esc').lines()[2], /Log {2}following/);
  t.end();
});

t.test('keys that cannot be used now say why', (t) => {
  const { desk } = at('yard-02');
  for (const key of ['b', 'u', 'r', 'a', 'p', 't', 'c'])
    t.equal(desk.press(key).message(), 'CP-YARD-02 is offline', key);
  t.equal(desk.press('x').message(), 'no session runs here');
  const { desk: charging } = at('garage-04');
  t.equal(charging.press('b').message(), 'a session runs here already');
  const overview = { ...madeUpSite.overview!, role: 'viewer' as const };
  const viewer = new TestDesk({ snapshot: { ...madeUpSite, overview } }).press('2', 'r');
  t.match(viewer.message(), /this needs an operator; .* role viewer/);
  const lost = { ...madeUpSite.link, state: 'lost' as const };
  t.match(
    new TestDesk({ snapshot: { ...madeUpSite, link: lost } }).press('2', 'r').message(),
    /no connection/,
  );
  t.end();
});
