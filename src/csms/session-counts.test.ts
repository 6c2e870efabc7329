// Sessions that began and ended are counted once, whatever is told of them again.
import t from 'tap';
import { Site } from '../../test/kit/services.ts';
import { SessionCounts } from './session-counts.ts';

const NONE = { meterStop: 0, nextStart: 0, lastSample: 0, byHand: 0 };

void t.test('each start and each end counts once, by what says so', async (t) => {
  const site = new Site();
  const counts = new SessionCounts(site.services.journal);
  const first = site.start();
  site.meter(first, 100);
  await site.settle();
  t.same([counts.started, counts.ended()], [1, NONE]);
  site.meter(first, 200);
  site.stop(first, 300);
  site.stop(first, 300);
  await site.settle();
  t.same([counts.started, counts.ended()], [1, { ...NONE, meterStop: 1 }]);
  site.start({ meterStart: 300 });
  await site.pass(1);
  site.start({ meterStart: 400, idTag: 'B' });
  await site.settle();
  t.same([counts.started, counts.ended()], [3, { ...NONE, meterStop: 1, nextStart: 1 }]);
});

void t.test('one that was running before the server started ends, and did not begin', async (t) => {
  const site = new Site();
  const id = site.start();
  site.stop(site.start({ chargePointId: 'CP2', idTag: 'B' }), 5, { chargePointId: 'CP2' });
  await site.settle();
  site.restart();
  const counts = new SessionCounts(site.services.journal);
  site.stop(id, 100);
  site.stop(null, 700, { chargePointId: 'CP3', idTag: 'A' });
  await site.settle();
  t.same([counts.started, counts.ended()], [1, { ...NONE, meterStop: 2 }], 'one is known by its stop alone');
});
