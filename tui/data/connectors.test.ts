// Chargers as rows: offline overrides, connector 0 is the charger, the order says who needs somebody.
import t from 'tap';
import { ago, connector, madeUpCharger, madeUpSession, madeUpSite } from '../../test/kit/made-up-site.ts';
import { connectorName, connectorRows, rowsOfCharger, sessionUser } from './connectors.ts';

const told = (rows: ReturnType<typeof rowsOfCharger>) => rows.map((row) => `${connectorName(row)} ${row.status}`);

t.test('a charger that is away is offline, whatever it said last', (t) => {
  const charger = madeUpCharger('CP', [connector(1, 'Available', 5), connector(2, 'Charging', 5)], { isConnected: false });
  t.same(told(rowsOfCharger(charger, [])), ['CP Offline'], 'one row for all of it');
  const session = madeUpSession(1, 'CP', 2, {});
  const [row, ...others] = rowsOfCharger(charger, [session]);
  t.equal(others.length, 0);
  t.match(row, { connectorId: 2, status: 'Offline', session: { transactionId: 1 } }, 'but its session is seen');
  t.end();
});

t.test('connector 0 is the charger itself, and is seen when it is not well', (t) => {
  const well = madeUpCharger('CP', [connector(0, 'Available', 5), connector(1, 'Available', 5)]);
  t.same(told(rowsOfCharger(well, [])), ['CP #1 Available']);
  const broken = madeUpCharger('CP', [connector(0, 'Faulted', 5), connector(1, 'Available', 5)]);
  t.same(told(rowsOfCharger(broken, [])), ['CP Faulted', 'CP #1 Available']);
  t.end();
});

t.test('a charger that has said nothing, and one that charges where it never spoke of, have a row', (t) => {
  const silent = madeUpCharger('CP', []);
  t.same(told(rowsOfCharger(silent, [])), ['CP Connected']);
  t.same(told(rowsOfCharger(silent, [madeUpSession(1, 'CP', 3, {})])), ['CP #3 Charging']);
  t.end();
});

t.test('faults come first, then who is away, who charges, and who is free', (t) => {
  t.same(
    connectorRows(madeUpSite).map(({ status }) => status),
    [
      ...['Faulted', 'Offline', 'Charging', 'Charging', 'Charging', 'SuspendedEV', 'Preparing', 'Finishing'],
      ...['Unavailable', 'Available', 'Available', 'Available', 'Available', 'Available', 'Available', 'Available'],
    ],
  );
  t.equal(connectorRows(madeUpSite), connectorRows({ ...madeUpSite, users: [] }), 'worked out once for the same chargers');
  t.end();
});

t.test('since when it is so is the time of its status; of one that is away, its last sign of life', (t) => {
  const away = madeUpCharger('CP', [connector(1, 'Available', 900)], { isConnected: false, lastHeardAt: ago(41) });
  t.equal(rowsOfCharger(away, [])[0]?.sinceMs, Date.parse(ago(41)));
  const here = madeUpCharger('CP', [connector(1, 'Available', 900)]);
  t.equal(rowsOfCharger(here, [])[0]?.sinceMs, Date.parse(ago(900)));
  t.end();
});

t.test('who charges is told by name, or by the card of whom nobody knows', (t) => {
  t.equal(sessionUser({ userName: 'Ben Meyer', idTag: '04' }), 'Ben Meyer');
  t.equal(sessionUser({ userName: '', idTag: '04' }), '04');
  t.end();
});
