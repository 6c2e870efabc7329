// Chargers on bad lines and a server that is killed again and again, in short: `npm run soak` does it at length.
import t from 'tap';
import { makeDataDir } from './kit/data-dir.ts';
import { soak } from './kit/soak-rig.ts';

/** Another one each time; `npm run soak -- --seed N` draws the same faults again. */
const seed = (Date.now() % 1_000_000) + 1;

t.setTimeout(300_000);

void t.test(
  'lost connections, lost answers, repeats, disorder and kills: the books agree to the Wh',
  async (t) => {
    t.comment(`seed ${seed}`);
    const report = await soak({
      dataDir: makeDataDir(t, {}),
      chargers: 20,
      durationMs: 9_000,
      killEveryMs: 3_000,
      thinkMs: 20,
      seed,
    });
    t.same(report.problems, []);
    t.equal(report.storedWh, report.ledgerWh);
    t.ok(report.ledgerWh > 0 && report.kills > 1, `${report.ledgerWh} Wh, ${report.kills} kills`);
    for (const fault of ['disconnect', 'lostAnswer', 'repeat', 'reorder'])
      t.ok((report.faults[fault] ?? 0) > 0, `there was a ${fault}`);
  },
);
