// What is kept of a charger's frames: it is there after a restart, and no answer ever waits for the keeping of it.
import t from 'tap';
import { Traces } from '../src/csms/traces.ts';
import { startServer } from '../src/ocpp/server.test-kit.ts';
import { systemClock } from '../src/runtime/clock.ts';
import { silentLog } from '../src/runtime/log.ts';
import { createManualClock } from '../src/runtime/manual-clock.ts';
import { openSqliteStore } from '../src/store/sqlite/sqlite-store.ts';
import type { Store } from '../src/store/store.ts';
import { ChargePoint } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { startKwotaInProcess } from './kit/kwota-in-process.ts';

const LIMITS = { bytesOfCharger: 1_000_000, bytesOfAll: 1_000_000 };

const openStore = (dataDir: string) => openSqliteStore({ dataDir, clock: systemClock, log: silentLog });

async function storedTrace(dataDir: string) {
  const store = openStore(dataDir);
  const traces = new Traces({ store, limits: LIMITS, isStored: false, clock: systemClock, log: silentLog });
  const lines = await traces.read('CP1', {});
  await store.close(5_000);
  return lines;
}

async function heartbeatOnce(dataDir: string, more = ''): Promise<void> {
  // Nothing is configured: however long it takes, the server asks nothing of its own accord.
  const yaml = `configure: {}\n${more}`;
  const kwota = await startKwotaInProcess({ dataDir, timeZone: 'UTC', clock: systemClock, yaml });
  const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
  await charger.call('Heartbeat');
  await kwota.stop();
}

void t.test(
  'the trace goes on over a restart, with the end of the connection that the stop closed',
  async (t) => {
    const dataDir = makeDataDir(t, {});
    await heartbeatOnce(dataDir);
    await heartbeatOnce(dataDir);
    const connection = [
      { kind: 'connected', text: '/CP1' },
      { kind: 'in', text: '[2,"CP1-1","Heartbeat",{}]' },
      { kind: 'out', text: /^\[3,"CP1-1",\{"currentTime":/ },
      { kind: 'disconnected', text: 'shutdown' },
    ];
    const lines = await storedTrace(dataDir);
    t.match(lines, [...connection, ...connection]);
    t.strictSame(
      lines.map((line) => line.seq),
      [1, 2, 3, 4, 5, 6, 7, 8],
    );
  },
);

void t.test('with trace.days 0 nothing of it is on disk', async (t) => {
  const dataDir = makeDataDir(t, {});
  await heartbeatOnce(dataDir, 'trace:\n  days: 0\n');
  t.strictSame(await storedTrace(dataDir), []);
});

void t.test('a commit and its answer do not wait for a trace that is being saved for ever', async (t) => {
  const store = openStore(makeDataDir(t, {}));
  t.teardown(() => store.close(5_000));
  const clock = createManualClock();
  let saves = 0;
  const saveTrace: Store['saveTrace'] = () => {
    saves += 1;
    return new Promise(() => undefined);
  };
  const traces = new Traces({
    store: { ...store, saveTrace },
    limits: LIMITS,
    isStored: true,
    clock,
    log: silentLog,
  });
  let commits = 0;
  const s = await startServer(t, {
    frameTap: { frame: (id, kind, text) => traces.add(id, kind, text) },
    async durable() {
      commits += 1;
      const value = { commits };
      await store.commit({
        records: [
          {
            kind: 'charger',
            id: 'CP1',
            chargePointId: 'CP1',
            account: null,
            node: 'a',
            epoch: 1,
            rev: commits,
            value,
          },
        ],
        readings: [],
      });
    },
  });
  const charger = await s.connect('/CP1');
  clock.advance(31_000);
  await s.until(() => saves === 1);
  charger.send('[2,"1","MeterValues",{"connectorId":1,"meterValue":[]}]');
  t.strictSame(await charger.next(), [3, '1', {}]);
  t.match(store.load(0).records, [{ value: { commits: 1 } }]);
  t.equal((await traces.read('CP1', {})).length, 3);
});
