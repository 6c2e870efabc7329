// charger_status.json to the letter: offline and back, the busiest connector, what was delivered, ids that are no ordinary keys.
import t from 'tap';
import { newChargePoint, type ChargePoint } from '../../domain/charge-point.ts';
import { sampleRecord, sampleSession, withEnergy } from '../../domain/sample.fixture.ts';
import { createSiteCalendar } from '../../domain/site-calendar.ts';
import { SiteState } from '../../domain/site-state.ts';
import { chargerStatusView, type Presence } from './charger-status.ts';

type Rows = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

const HEARD_MS = Date.UTC(2025, 0, 15, 10, 35);
const CONNECTED: Presence = {
  isConnected: () => true,
  lastHeardMs: (chargePoint) => chargePoint.lastHeardMs,
};
const OFFLINE: Presence = { ...CONNECTED, isConnected: () => false };

function stateOf(...chargePoints: readonly ChargePoint[]): SiteState {
  const state = new SiteState(createSiteCalendar('UTC', 1));
  for (const one of chargePoints) state.apply(sampleRecord('charger', one.chargePointId, one));
  return state;
}

function withConnectors(id: string, ...statuses: readonly (readonly [number, string])[]): ChargePoint {
  const connectors = Object.fromEntries(
    statuses.map(([connectorId, status]) => [connectorId, { status, errorCode: 'NoError', sinceMs: 0 }]),
  );
  return { ...newChargePoint(id, 0), vendor: 'LIVOLTEK', lastHeardMs: HEARD_MS, connectors };
}

const render = (state: SiteState, presence: Presence = CONNECTED) =>
  chargerStatusView(state, presence, ({ vendor }) => vendor)();

const rowOf = (chargePoint: ChargePoint, presence?: Presence) =>
  (JSON.parse(render(stateOf(chargePoint), presence)) as Rows)[chargePoint.chargePointId];

void t.test('a charger is shown as other programs know it, its connectors after the known keys', (t) => {
  const state = stateOf({ ...withConnectors('LIVOLTEK_01', [1, 'Charging']), importedWh: 1_523_000 });
  const session = sampleSession(1, { chargePointId: 'LIVOLTEK_01' });
  state.apply(
    sampleRecord('session', 'LIVOLTEK_01/1', withEnergy(session, { '2025-01-14': 100, '2025-01-15': 400 })),
  );
  const row =
    '"name":"LIVOLTEK_01","brand":"LIVOLTEK","status":"Charging","last_heartbeat":"2025-01-15T10:35:00Z",' +
    '"total_energy_delivered":1523.5,"connector_id":1,"connectors":{"1":{"status":"Charging","error_code":"NoError"}}';
  t.equal(render(state), `{\n  "LIVOLTEK_01": {${row}}\n}\n`);
  t.end();
});

void t.test('a charger that is not connected is Offline; once back, it is what it last said', (t) => {
  const chargePoint = withConnectors('CP1', [1, 'Charging']);
  t.match(rowOf(chargePoint, OFFLINE), {
    status: 'Offline',
    connector_id: 1,
    last_heartbeat: '2025-01-15T10:35:00Z',
  });
  t.equal(rowOf(chargePoint, CONNECTED)?.['status'], 'Charging');
  t.end();
});

void t.test('presence is asked for each charger by its id', (t) => {
  const state = stateOf(withConnectors('CP1', [1, 'Available']), withConnectors('CP2', [1, 'Available']));
  const rows = JSON.parse(render(state, { ...CONNECTED, isConnected: (id) => id === 'CP2' })) as Rows;
  t.equal(rows['CP1']?.['status'], 'Offline');
  t.equal(rows['CP2']?.['status'], 'Available');
  t.end();
});

void t.test('a charger that never told a status is Available on connector 1', (t) => {
  t.strictSame(rowOf({ ...newChargePoint('CP1', 0) }), {
    name: 'CP1',
    brand: '',
    status: 'Available',
    last_heartbeat: null,
    total_energy_delivered: 0,
    connector_id: 1,
    connectors: {},
  });
  t.end();
});

void t.test('the last sign of life is what presence says, which is newer than the record', (t) => {
  const presence = { ...CONNECTED, lastHeardMs: () => HEARD_MS + 61_999 };
  t.equal(rowOf(withConnectors('CP1'), presence)?.['last_heartbeat'], '2025-01-15T10:36:01Z');
  t.end();
});

void t.test('with several connectors the busiest one speaks, and all are listed', (t) => {
  const row = rowOf(withConnectors('CP1', [0, 'Available'], [1, 'Faulted'], [2, 'SuspendedEV']));
  t.match(row, { status: 'SuspendedEV', connector_id: 2 });
  t.strictSame(row?.['connectors'], {
    0: { status: 'Available', error_code: 'NoError' },
    1: { status: 'Faulted', error_code: 'NoError' },
    2: { status: 'SuspendedEV', error_code: 'NoError' },
  });
  t.end();
});

void t.test('no charger: an empty object', (t) => {
  t.equal(render(stateOf()), '{}\n');
  t.end();
});

void t.test(
  'ids that an object would lose, move or break on are kept to the letter and in their place',
  (t) => {
    const ids = ['Z', '12', '__proto__', '3', 'constructor', 'site/a b', 'a"b\\c', 'new\nline', '\u001b[2J'];
    const text = render(stateOf(...ids.map((id) => withConnectors(id, [1, 'Odd "status"\n']))));
    const names = text
      .split('\n')
      .slice(1, -2)
      .map((line) => /^ {2}(".*"): \{"name":\1,/.exec(line)?.[1]);
    t.strictSame(
      names.map((name) => JSON.parse(name ?? 'null') as unknown),
      ids,
    );
    const read = JSON.parse(text) as Rows;
    t.strictSame(new Set(Object.keys(read)), new Set(ids));
    t.equal(read['12']?.['status'], 'Odd "status"\n');
    t.end();
  },
);

void t.test(
  'rendered again, a charger shows whatever has changed of it, and the others what they showed',
  (t) => {
    const at = (ms: number) => new Date(ms).toISOString().replace('.000Z', 'Z');
    const first = withConnectors('CP1', [1, 'Available']);
    const state = stateOf(first, withConnectors('CP2', [1, 'Faulted']));
    const site = { brand: 'LIVOLTEK', isConnected: true, heardMs: HEARD_MS };
    const view = chargerStatusView(
      state,
      {
        isConnected: (id) => id === 'CP2' || site.isConnected,
        lastHeardMs: (one) => (one.chargePointId === 'CP2' ? HEARD_MS : site.heardMs),
      },
      (one) => (one.chargePointId === 'CP2' ? 'OTHER' : site.brand),
    );
    const before = JSON.parse(view()) as Rows;
    const changes: readonly (readonly [change: () => void, row: Readonly<Record<string, unknown>>])[] = [
      [() => (site.heardMs += 60_000), { last_heartbeat: at(HEARD_MS + 60_000) }],
      [() => (site.isConnected = false), { status: 'Offline' }],
      [() => (site.isConnected = true), { status: 'Available' }],
      [() => (site.brand = 'Renamed'), { brand: 'Renamed' }],
      [
        () =>
          state.apply(
            sampleRecord(
              'session',
              'CP1/1',
              withEnergy(sampleSession(1, { chargePointId: 'CP1' }), { '2025-01-15': 500 }),
            ),
          ),
        { total_energy_delivered: 0.5 },
      ],
      [
        () => state.apply(sampleRecord('charger', 'CP1', withConnectors('CP1', [2, 'Charging']))),
        { status: 'Charging', connector_id: 2 },
      ],
    ];
    for (const [change, row] of changes) {
      change();
      const rows = JSON.parse(view()) as Rows;
      t.match(rows['CP1'], row);
      t.strictSame(rows['CP2'], before['CP2']);
    }
    state.apply(sampleRecord('charger', 'CP1', { ...first, forgottenMs: HEARD_MS }));
    t.strictSame(JSON.parse(view()), { CP2: before['CP2'] });
    state.apply(sampleRecord('charger', 'CP2', { ...withConnectors('CP2'), forgottenMs: HEARD_MS }));
    t.equal(view(), '{}\n');
    t.end();
  },
);
