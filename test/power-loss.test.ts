// kill -9, again and again, under load: what was acknowledged is there afterwards, once, to the Wh.
import t from 'tap';
import { makeDataDir } from './kit/data-dir.ts';
import { MOMENTS, runPowerLoss } from './kit/power-loss-rig.ts';

t.setTimeout(600_000);

const KILLS = 20;
/** Another one each time; `npm run test:kills -- --kills 20 --seed N` draws the same moments again. */
const seed = Date.now() % 1_000_000;

t.test('nothing acknowledged is lost or counted twice, whenever the server is killed', async (t) => {
  t.comment(`seed ${seed}`);
  const report = await runPowerLoss({ dataDir: makeDataDir(t, {}), kills: KILLS, seed });
  t.same(report.problems, []);
  for (const moment of MOMENTS) t.ok(report.kills[moment] > 0, `killed ${moment}`);
  t.equal(
    report.comparisons.store,
    KILLS + 2,
    'the store was compared after each kill, at rest and at the end',
  );
  t.ok(report.comparisons.files > 0, 'and the shared files');
  for (const action of ['StartTransaction', 'MeterValues', 'StopTransaction'])
    t.ok((report.acknowledged[action] ?? 0) > KILLS, `there were answers to ${action}`);
  t.ok(report.outstanding.messages > 0, 'the kills left messages without an answer');
});
