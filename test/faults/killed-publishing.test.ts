// kill -9 while a shared file is being replaced: whoever reads sees it whole, before and after, and what was half written goes.
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import t from 'tap';
import { ChargePoint, registerSample } from '../kit/charge-point.ts';
import { makeDataDir } from '../kit/data-dir.ts';
import { pollFiles } from '../kit/file-poller.ts';
import { readUsage } from '../kit/data-folder.ts';
import { DAYTIME_ZONE } from '../kit/daytime-zone.ts';
import { startKwota } from '../kit/kwota-process.ts';
import { until } from '../kit/until.ts';

const KILLS = 4;
const STEP_WH = 10;
const PUBLISHED = ['energy_usage.json', 'active_transactions.json', 'charger_status.json'];
const temporariesIn = (dataDir: string) => readdirSync(dataDir).filter((name) => name.includes('kwota-tmp'));

void t.test(
  'killed with a temporary file on disk: all files are whole, and the next start clears up',
  async (t) => {
    t.setTimeout(300_000);
    const dataDir = makeDataDir(t, { 'users1.csv': 'id_tag,quota_kwh\nTAG1,1000\n' });
    writeFileSync(join(dataDir, 'config.yaml'), 'data: {publishInterval: 100}\n');
    const args = ['--config', join(dataDir, 'config.yaml')];
    const stopPolling = pollFiles(dataDir);
    let acknowledgedWh = 0;
    let transactionId: unknown = null;
    for (let kill = 0; kill < KILLS; kill += 1) {
      const kwota = await startKwota({ dataDir, args, env: { TZ: DAYTIME_ZONE } });
      // Its own first publication may be still to come, or on its way.
      await until('each file is there', () => PUBLISHED.every((name) => existsSync(join(dataDir, name))));
      await until('nothing half written is left', () => temporariesIn(dataDir).length === 0);
      const charger = await ChargePoint.connect(kwota.ocppUrl, 'CP1');
      if (transactionId === null) {
        const start = { connectorId: 1, idTag: 'TAG1', meterStart: 0, timestamp: new Date().toISOString() };
        ({ transactionId } = await charger.call('StartTransaction', start));
      }
      let isOver = false;
      const charging = (async () => {
        for (let wh = acknowledgedWh + STEP_WH; !isOver; wh += STEP_WH) {
          const meterValue = [registerSample(wh, new Date())];
          await charger.call('MeterValues', { connectorId: 1, transactionId, meterValue });
          acknowledgedWh = wh;
        }
      })();
      charging.catch(() => undefined);
      await until('it charges', () => acknowledgedWh > kill * STEP_WH);
      await new Promise<void>((resolve) => {
        const look = () => {
          if (temporariesIn(dataDir).length > 0) resolve();
          else setImmediate(look);
        };
        look();
      });
      const killed = kwota.kill();
      isOver = true;
      await killed;
      for (const name of PUBLISHED)
        t.doesNotThrow(() => JSON.parse(readFileSync(join(dataDir, name), 'utf8')) as unknown, name);
    }
    const { broken, reads } = await stopPolling();
    t.same(broken, [], 'and so were they all the time');
    t.ok((reads['energy_usage.json'] ?? 0) > 0);
    const kwota = await startKwota({ dataDir, args, env: { TZ: DAYTIME_ZONE } });
    t.teardown(() => kwota.kill());
    await until('what was acknowledged is shown', () => {
      const shownWh = Math.round((readUsage(dataDir)['TAG1'] ?? 0) * 1000);
      return shownWh === acknowledgedWh || shownWh === acknowledgedWh + STEP_WH;
    });
  },
);
