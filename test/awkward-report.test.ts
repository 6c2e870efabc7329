// Reports of sessions that are awkward: adopted from an old stack, over midnight and the turn of the month, adjusted and closed
// by hand. Each view, as JSON, CSV and table, comes to what the books and the shared file say.
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { createReportClient } from '../src/api/report-client.ts';
import { createSiteClient } from '../src/api/site-client.ts';
import { ChargePoint, registerSample } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { readUsage } from './kit/data-folder.ts';
import { startKwotaInProcess } from './kit/kwota-in-process.ts';
import { runCommand } from './kit/kwota-command.ts';
import { OLD_CHARGER, OLD_TRANSACTION, oldFolder } from './kit/old-folder.ts';
import { createSettableClock } from './kit/settable-clock.ts';
import { until } from './kit/until.ts';

const OCTOBER = '2026-10';
const NOVEMBER = '2026-11';
const VIEWS = ['user', 'charger', 'session'] as const;
const WH_PER_KWH = 1000;

t.setTimeout(300_000);

function sum(amounts: readonly number[]): number {
  return amounts.reduce((all, amount) => all + amount, 0);
}

/** The numbers of a column of a CSV without quoted commas. */
function column(csv: string, name: string): number[] {
  const [head = '', ...rows] = csv.trimEnd().split('\r\n');
  const at = head.replace('\uFEFF', '').split(',').indexOf(name);
  return rows.map((row) => Math.round(Number(row.split(',')[at]) * WH_PER_KWH));
}

void t.test(
  'whatever happened to a session, every view of its months has the total of the books',
  async (t) => {
    const clock = createSettableClock('2026-10-31T20:00:00Z');
    const dataDir = makeDataDir(
      t,
      oldFolder({ startedAt: '2026-10-31T19:00:00Z', writtenAt: '2026-10-31T19:50:00Z' }),
    );
    const kwota = await startKwotaInProcess({ dataDir, timeZone: 'UTC', clock });
    t.teardown(() => kwota.stop());
    const token = readFileSync(join(dataDir, '.kwota/admin-token'), 'utf8').trim();
    const access = { url: kwota.apiUrl, token };
    const charger = async (id: string) => {
      const one = await ChargePoint.connect(kwota.ocppUrl, id);
      t.teardown(() => one.close());
      await one.boot();
      const sample = (transactionId: unknown, time: string, wh: number) => {
        clock.set(time);
        const meterValue = [registerSample(wh, new Date(time))];
        return one.call('MeterValues', { connectorId: 1, transactionId, meterValue });
      };
      const start = async (idTag: string, timestamp: string) => {
        clock.set(timestamp);
        return (await one.call('StartTransaction', { connectorId: 1, idTag, meterStart: 0, timestamp }))[
          'transactionId'
        ];
      };
      const stop = (transactionId: unknown, timestamp: string, meterStop: number) => {
        clock.set(timestamp);
        return one.call('StopTransaction', { transactionId, meterStop, timestamp });
      };
      return { sample, start, stop };
    };

    const [old, own, byHand] = [await charger(OLD_CHARGER), await charger('CP1'), await charger('CP2')];
    await old.sample(OLD_TRANSACTION, '2026-10-31T20:30:00Z', 89_200);
    const overTurn = await own.start('RFID002', '2026-10-31T23:00:00Z');
    await own.sample(overTurn, '2026-10-31T23:30:00Z', 1_001);
    await old.sample(OLD_TRANSACTION, '2026-10-31T23:59:00Z', 93_333);
    await own.sample(overTurn, '2026-11-01T00:30:00Z', 3_334);
    await old.sample(OLD_TRANSACTION, '2026-11-01T00:31:00Z', 93_777);
    const closed = await byHand.start('RFID003', '2026-11-01T00:40:00Z');
    await byHand.sample(closed, '2026-11-01T00:50:00Z', 500);
    await own.stop(overTurn, '2026-11-01T01:00:00Z', 3_517);
    await old.stop(OLD_TRANSACTION, '2026-11-01T01:10:00Z', 95_000);
    clock.set('2026-11-01T01:20:00Z');
    await createSiteClient(access).closeSession({ transactionId: Number(closed) }, { meterStopWh: 777 });
    await until('the shared file has all of it', () => readUsage(dataDir)['RFID003'] === 0.777);
    const shared = readUsage(dataDir);
    writeFileSync(join(dataDir, 'energy_usage.json'), JSON.stringify({ ...shared, RFID001: 20.5 }));
    const client = createReportClient(access);
    await until('the edit is adopted', async () => {
      return (await client.energy({ month: NOVEMBER, by: 'user' })).total.entriesWh !== 0;
    });

    const totals = new Map<string, number>();
    for (const month of [OCTOBER, NOVEMBER])
      for (const by of VIEWS) {
        const report = await client.energy({ month, by });
        const { total } = report;
        const rows = report.users ?? report.chargers ?? report.sessions ?? [];
        const what = `${month} by ${by}`;
        t.ok(rows.length >= 2, what);
        t.equal(sum(rows.map(({ sessionsWh }) => sessionsWh)), total.sessionsWh, what);
        t.equal(total.usedWh, total.sessionsWh + total.entriesWh, what);
        t.equal(totals.get(month) ?? total.usedWh, total.usedWh, 'the same in each view');
        totals.set(month, total.usedWh);
        if (report.users) t.equal(sum(report.users.map(({ usedWh }) => usedWh)), total.usedWh, what);
        const csv = await client.energyCsv({ month, by });
        const used = sum(column(csv, 'usedKwh'));
        t.equal(used, by === 'user' ? total.usedWh : total.sessionsWh, `${what} as CSV`);
        const args = ['--month', month, '--by', by, '--token', token, '--url', kwota.apiUrl];
        const { out } = await runCommand(dataDir, 'report', ...args);
        const all = by === 'user' ? total.usedWh : total.sessionsWh;
        t.match(out, new RegExp(`^all .* ${(all / WH_PER_KWH).toFixed(3).replace('.', '\\.')}$`, 'm'), what);
      }
    const { months } = await client.months();
    t.same(
      months.map(({ month, usedWh }) => [month, usedWh]),
      [...totals],
    );
    t.strictSame(column(await client.monthsCsv(), 'usedKwh'), [...totals.values()]);
    const byMonth = await runCommand(
      dataDir,
      'report',
      '--by',
      'month',
      '--token',
      token,
      '--url',
      kwota.apiUrl,
    );
    for (const [month, wh] of totals)
      t.match(byMonth.out, new RegExp(`^${month} .* ${(wh / WH_PER_KWH).toFixed(3)}$`, 'm'));
    t.match(await runCommand(dataDir, 'report', '--by', 'month', '--month', NOVEMBER), { code: 2 });
    // The old stack's books, its session in October with its part of the sample over midnight, and half of CP1's 2,333 Wh.
    t.equal(totals.get(OCTOBER), 88_512 + 5_133 + Math.round((93_777 - 93_333) / 32) + 1_001 + 1_167);
    const usage = readUsage(dataDir);
    t.equal(totals.get(NOVEMBER), Math.round(sum(Object.values(usage)) * WH_PER_KWH));
    t.equal(usage['RFID001'], 20.5);
  },
);
