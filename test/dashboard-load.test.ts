// What it costs to look at a busy site: bytes over a slow line, and rows that nobody sees.
import { setTimeout as pause } from 'node:timers/promises';
import t from 'tap';
import { openBusyDashboard } from './kit/busy-dashboard.tsx';
import { TestTerminal } from './kit/terminal.ts';

const SECONDS = 3;
/** 100 kB in ten seconds. */
const BYTES_PER_SECOND = 10_000;

t.test('sixty chargers that speak each second are under ten kilobytes a second at 120x40', async (t) => {
  for (const keys of ['1', '2']) {
    const terminal = new TestTerminal(120, 40);
    const { dashboard, close } = openBusyDashboard(terminal, { chargers: 60, users: 200, everyMs: 1_000 });
    t.teardown(close);
    await terminal.shows(/60 chargers/);
    terminal.type(keys);
    await terminal.shows(keys === '1' ? /\[1 Overview\]/ : /\[2 Chargers\]/);
    await pause(500);
    const before = terminal.bytesWritten();
    await pause(SECONDS * 1_000);
    const perSecond = (terminal.bytesWritten() - before) / SECONDS;
    t.comment(`screen ${keys}: ${Math.round(perSecond)} bytes a second`);
    t.ok(perSecond > 200, 'something is drawn');
    t.ok(perSecond < BYTES_PER_SECOND, `${Math.round(perSecond)} bytes a second`);
    t.ok(dashboard.world().snapshot.sessions!.length >= 60);
    await close();
  }
});
