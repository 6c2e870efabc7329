// active_transactions.json to the letter: meters in kWh, what a session without a meterStart shows, names as people write them.
import t from 'tap';
import { openAccount } from '../../domain/energy-account.ts';
import { sampleSession, sampleUser } from '../../domain/sample.fixture.ts';
import type { Session } from '../../domain/session.ts';
import { fullName, type User } from '../../domain/user.ts';
import { renderActiveTransactions } from './active-transactions.ts';

type Rows = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const STARTED_MS = Date.UTC(2025, 0, 15, 10, 30);
const nobody = () => null;

/** Nearly as it stands in the contract with the other programs of the site. */
const CHARGING = sampleSession(1_234_567_890, {
  chargePointId: 'LIVOLTEK_01',
  idTag: 'RFID001',
  startedMs: STARTED_MS,
  meterStartWh: 85_500,
  account: openAccount({ wh: 88_200, atMs: STARTED_MS + 300_000 }),
});

const rowsOf = (sessions: readonly Session[], userOf: (session: Session) => User | null = nobody) =>
  JSON.parse(renderActiveTransactions(sessions, userOf)) as Rows;

void t.test('a running session is shown as other programs know it, what is new after the known keys', (t) => {
  const john = sampleUser('RFID001', { name: 'John', surname: 'Doe' });
  const expected = `{
  "1234567890": {
    "id_tag": "RFID001",
    "start_meter": 85.5,
    "start_time": "2025-01-15T10:30:00Z",
    "last_meter": 88.2,
    "full_name": "John Doe",
    "charger_id": "LIVOLTEK_01",
    "connector_id": 1
  }
}
`;
  t.equal(
    renderActiveTransactions([CHARGING], ({ idTag }) => (idTag === 'RFID001' ? john : null)),
    expected,
  );
  t.end();
});

void t.test('nobody charges: an empty object', (t) => {
  t.equal(renderActiveTransactions([], nobody), '{}\n');
  t.end();
});

void t.test('where a meter is not known, the other one stands for it, else 0', (t) => {
  const meters = (changed: Partial<Session>) => {
    const { start_meter, last_meter } = rowsOf([{ ...CHARGING, ...changed }])['1234567890'] ?? {};
    return [start_meter, last_meter];
  };
  t.strictSame(meters({}), [85.5, 88.2]);
  t.strictSame(meters({ meterStartWh: null }), [88.2, 88.2], 'no meterStart');
  t.strictSame(meters({ account: openAccount(null) }), [85.5, 85.5], 'no sample');
  t.strictSame(meters({ meterStartWh: null, account: openAccount(null) }), [0, 0], 'neither');
  t.strictSame(meters({ meterStartWh: 0, account: openAccount(null) }), [0, 0]);
  t.strictSame(meters({ meterStartWh: 0 }), [0, 88.2], 'a meterStart of 0 is one');
  t.end();
});

void t.test('times are whole seconds in UTC', (t) => {
  const [row] = Object.values(rowsOf([{ ...CHARGING, startedMs: STARTED_MS + 999 }]));
  t.equal(row?.['start_time'], '2025-01-15T10:30:00Z');
  t.end();
});

void t.test('a card nobody knows has its tag for a name; names and tags are kept to the letter', (t) => {
  const hostile = ['12', '__proto__', 'a"b\\c', "O'Brien", 'line\nbreak', '\u001b[2J', ''];
  const sessions = hostile.map((idTag, index) => sampleSession(index + 1, { idTag }));
  t.strictSame(
    Object.values(rowsOf(sessions)).map((row) => [row['id_tag'], row['full_name']]),
    hostile.map((idTag) => [idTag, idTag]),
  );
  const user = sampleUser('A', { name: 'Seán "Jack"', surname: "O'Neill\\</script>" });
  t.equal(rowsOf([CHARGING], () => user)['1234567890']?.['full_name'], fullName(user));
  t.end();
});

void t.test('every running session has its own row', (t) => {
  const sessions = [7, 2_147_483_647, 1].map((id) => sampleSession(id, { connectorId: id % 10 }));
  const rows = rowsOf(sessions);
  t.strictSame(Object.keys(rows), ['1', '7', '2147483647']);
  t.strictSame(rows['2147483647']?.['connector_id'], 7);
  t.end();
});
