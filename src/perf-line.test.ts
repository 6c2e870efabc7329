// The [PERF] line: every five minutes, and about those alone.
import t from 'tap';
import { Site } from '../test/kit/services.ts';
import { Events } from './csms/events.ts';
import { Measures } from './measures.ts';
import { watch } from './observed.ts';
import { writePerfLines } from './perf-line.ts';
import { createLog } from './runtime/log-output.ts';

void t.test('a line tells of the work since the one before', async (t) => {
  const site = new Site();
  const { services, calendar, clock } = site;
  const events = new Events({ journal: services.journal, clock });
  const measures = new Measures(clock);
  const queues = { pendingRows: () => 3, queuedCalls: () => 2, forwarded: () => null, webhooks: () => [] };
  const observed = watch({ ...{ services, calendar, events, measures, clock }, ...queues });
  const lines: string[] = [];
  const log = createLog({
    level: 'info',
    format: 'text',
    write: (line) => lines.push(line.slice(25).trimEnd()),
  });
  const end = writePerfLines(observed, log);
  measures.answered('Heartbeat', 1, 0.5, false);
  measures.answered('MeterValues', 100, 2, false);
  clock.advance(299_000);
  t.same(lines, []);
  clock.advance(1_000);
  t.match(
    lines[0],
    /^INFO {2}\[PERF\] the last 5 minutes messages=2 messageP95Ms=100 meterP95Ms=2 requests=0 ended=0 loopP99Ms=\d+ pendingRows=3 queuedCalls=2 chargers=0 sessions=0 memoryMiB=\d+$/,
  );
  measures.answered('Heartbeat', 1, 0.5, false);
  measures.attempted(40, true);
  services.chargePoints.connected('CP1');
  site.stop(site.start(), 1000);
  await site.settle();
  clock.advance(300_000);
  t.match(
    lines[1],
    / messages=1 messageP95Ms=1(\.\d)? requests=0 forwardP95Ms=40 ended=1 successPercent=100 uptimePercent=\d/,
  );
  end();
  observed.close();
  events.close();
  t.notMatch(lines[0], 'successPercent');
  t.equal(clock.pending(), 0, 'nothing goes on');
});
