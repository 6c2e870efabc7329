// The four JSON views: keys, types, units and order as other programs on the site know them.
import t from 'tap';
import { newChargePoint } from '../../domain/charge-point.ts';
import { openAccount } from '../../domain/energy-account.ts';
import {
  sampleEntry,
  sampleRecord,
  sampleSession,
  sampleUser,
  withEnergy,
} from '../../domain/sample.fixture.ts';
import { createSiteCalendar } from '../../domain/site-calendar.ts';
import { SiteState } from '../../domain/site-state.ts';
import { renderActiveTransactions } from './active-transactions.ts';
import { renderChargerStatus } from './charger-status.ts';
import { renderEnergyUsage, usageByTag } from './energy-usage.ts';
import { MeterDataLog } from './meter-data-log.ts';

const AT = Date.parse('2025-01-15T10:30:00.999Z');

function stateOf(...records: readonly Parameters<SiteState['apply']>[0][]): SiteState {
  const state = new SiteState(createSiteCalendar('UTC', 1));
  for (const record of records) state.apply(record);
  return state;
}

void t.test('energy_usage.json: kWh by tag, users in their order, then whoever else used energy', (t) => {
  const state = stateOf(
    sampleRecord('session', 'CP1/1', withEnergy(sampleSession(1, { idTag: 'B' }), { '2026-11-30': 85_501 })),
    sampleRecord('entry', 'a', sampleEntry('a', { idTag: 'GONE', wh: 20 })),
    sampleRecord('entry', 'b', sampleEntry('b', { idTag: 'A', wh: -700 })),
  );
  const usage = usageByTag(state, [sampleUser('B'), sampleUser('A'), sampleUser('7')], '2026-11');
  t.same(
    [...usage],
    [
      ['B', 85_501],
      ['A', 0],
      ['7', 0],
      ['GONE', 20],
    ],
    'never below 0',
  );
  t.equal(renderEnergyUsage(usage), '{\n  "B": 85.501,\n  "A": 0,\n  "7": 0,\n  "GONE": 0.02\n}\n');
  t.same([...usageByTag(state, [sampleUser('B')], '2026-12')], [['B', 0]], 'another month');
  t.equal(renderEnergyUsage(new Map()), '{}\n');
  t.equal(renderEnergyUsage(new Map([['a"b', 1]])), '{\n  "a\\"b": 0.001\n}\n');
  const odd = JSON.parse(renderEnergyUsage(new Map([['__proto__', 1000]]))) as object;
  t.same(Object.entries(odd), [['__proto__', 1]]);
  t.end();
});

void t.test('active_transactions.json: running sessions by transaction id, meters in kWh', (t) => {
  const session = sampleSession(1_234_567_890, {
    idTag: 'RFID001',
    startedMs: AT,
    meterStartWh: 85_500,
    account: openAccount({ wh: 88_200, atMs: AT }),
    chargePointId: 'LIVOLTEK_01',
  });
  const shown = renderActiveTransactions([session], () => sampleUser('RFID001'));
  const row = {
    id_tag: 'RFID001',
    start_meter: 85.5,
    start_time: '2025-01-15T10:30:00Z',
    last_meter: 88.2,
    full_name: 'Ada Example',
    charger_id: 'LIVOLTEK_01',
    connector_id: 1,
  };
  t.equal(shown, `${JSON.stringify({ '1234567890': row }, null, 2)}\n`, 'also in this order');
  t.equal(
    renderActiveTransactions([], () => null),
    '{}\n',
  );
  const bare = { ...session, meterStartWh: null, account: openAccount(null) };
  t.match(JSON.parse(renderActiveTransactions([bare], () => null)), {
    1234567890: { start_meter: 0, last_meter: 0, full_name: 'RFID001' },
  });
  t.end();
});

void t.test('charger_status.json: every charger, offline when it is not connected', (t) => {
  const connector = (status: string) => ({ status, errorCode: 'NoError', sinceMs: 0 });
  const charger = { ...newChargePoint('CP1', 0), vendor: 'ACME', importedWh: 1_523_500 };
  const state = stateOf(
    sampleRecord('charger', 'CP1', {
      ...charger,
      connectors: { 1: connector('Available'), 2: connector('Charging') },
    }),
    sampleRecord('charger', 'CP2', newChargePoint('CP2', 0)),
    sampleRecord('session', 'CP1/1', withEnergy(sampleSession(1), { '2026-11-30': 500 })),
  );
  const render = (isConnected: boolean) =>
    renderChargerStatus(
      state,
      {
        isConnected: () => isConnected,
        lastHeardMs: ({ chargePointId }) => (chargePointId === 'CP1' ? AT : null),
      },
      ({ vendor }) => vendor,
    );
  const online = JSON.parse(render(true)) as Record<string, Record<string, unknown>>;
  t.same(online['CP1'], {
    name: 'CP1',
    brand: 'ACME',
    status: 'Charging',
    last_heartbeat: '2025-01-15T10:30:00Z',
    total_energy_delivered: 1524,
    connector_id: 2,
    connectors: {
      1: { status: 'Available', error_code: 'NoError' },
      2: { status: 'Charging', error_code: 'NoError' },
    },
  });
  t.same(Object.keys(online['CP1'] ?? {}).slice(0, 6), [
    'name',
    'brand',
    'status',
    'last_heartbeat',
    'total_energy_delivered',
    'connector_id',
  ]);
  t.match(online['CP2'], {
    status: 'Available',
    last_heartbeat: null,
    total_energy_delivered: 0,
    connector_id: 1,
  });
  t.match(JSON.parse(render(false)), {
    CP1: { status: 'Offline', connector_id: 2 },
    CP2: { status: 'Offline' },
  });
  const nobody = renderChargerStatus(
    stateOf(),
    { isConnected: () => true, lastHeardMs: () => null },
    () => '',
  );
  t.equal(nobody, '{}\n');
  t.end();
});

void t.test(
  'meter_data_log.json: the newest readings, newest last, null where the charger did not say',
  (t) => {
    const reading = (seq: number, changed: object = {}) => ({
      seq,
      id: 'abc123def456',
      at: AT,
      chargePointId: 'CP1',
      connectorId: 1,
      transactionId: 1,
      userName: 'Ada Example',
      registerWh: 88_200 + seq,
      powerW: 7200,
      frequencyMilliHz: 50_012,
      ...changed,
    });
    const log = new MeterDataLog(3, [reading(0)]);
    t.same(JSON.parse(log.render()), [
      {
        ID: 'abc123def456',
        timestamp: '2025-01-15T10:30:00Z',
        userName: 'Ada Example',
        chargerName: 'CP1',
        totalPower: 7200,
        deliveredEnergy: 88.2,
        frequency: 50.012,
      },
    ]);
    const shown = () =>
      (JSON.parse(log.render()) as { deliveredEnergy: number }[]).map((row) => row.deliveredEnergy);
    for (let seq = 1; seq <= 20; seq += 1) {
      log.add([reading(seq)]);
      const newest = [seq - 2, seq - 1, seq].filter((one) => one >= 0);
      t.same(
        shown(),
        newest.map((one) => (88_200 + one) / 1000),
      );
    }
    log.add([reading(21, { registerWh: null, powerW: null, frequencyMilliHz: null })]);
    t.match((JSON.parse(log.render()) as object[]).at(-1), {
      totalPower: null,
      deliveredEnergy: null,
      frequency: null,
    });
    t.equal(new MeterDataLog(3, []).render(), '[]\n');
    t.end();
  },
);
