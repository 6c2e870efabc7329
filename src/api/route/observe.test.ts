// What is watched, over the API: the site at a glance, the log with its filters and its lines to come, the measures.
import t from 'tap';
import type { LogLine } from '../contract/logs.ts';
import type { Overview } from '../contract/overview.ts';
import { followEvents } from '../event-client.ts';
import { madeUpLog, madeUpOverview, madeUpPerformance } from '../observe.test-kit.ts';
import { createObserveClient } from '../observe-client.ts';
import { apiParts, listening, NOON_MS, TOKEN, TOKEN_OF } from '../server.test-kit.ts';
import { madeUpEvents, madeUpSessions } from '../site.test-kit.ts';

const turn = () => new Promise<void>((resolve) => void setImmediate(resolve));

const seqs = ({ items }: { readonly items: readonly LogLine[] }) => items.map(({ seq }) => seq);

void t.test('the overview tells the figures, the health, and the role of who asks', async (t) => {
  const url = await listening(t, {
    overview: madeUpOverview(),
    health: () => ({ ...apiParts().health(), status: 'degraded', problems: ['the disk is full'] }),
  });
  const shown = await createObserveClient({ url, token: TOKEN_OF.operator }).overview();
  const expected: Overview = {
    at: '2026-11-30T12:00:00.000Z',
    siteName: 'Riverside',
    timeZone: 'UTC',
    version: '1.2.3',
    month: '2026-11',
    monthEndsAt: '2026-12-01T00:00:00.000Z',
    role: 'operator',
    health: { status: 'degraded', problems: ['the disk is full'] },
    chargers: { total: 3, connected: 2, faulted: 1, pending: 0 },
    sessions: { running: 1, charging: 1 },
    powerW: 7200,
    powerByMinute: [{ at: '2026-11-30T11:59:00.000Z', powerW: 7100 }],
    energyByDay: [{ day: '2026-11-01', wh: 1500 }],
    usedWh: 1500,
    runningWh: 500,
    quotaWh: 20_000,
    quotaUsedWh: 1200,
    paceWh: null,
  };
  t.strictSame(shown, expected);
});

void t.test('a line of the log is told with its charger apart, and what is not known left out', async (t) => {
  const url = await listening(t, { logLines: madeUpLog() });
  const { items, next } = await createObserveClient({ url, token: TOKEN }).logs();
  t.equal(next, null);
  const expected: LogLine = {
    seq: 2,
    at: '2026-11-30T12:01:00.000Z',
    level: 'warn',
    tag: 'METER',
    message: 'a register went back',
    charger: 'CP1',
    fields: { wh: '5' },
  };
  t.strictSame(items[1], expected);
  t.equal(items[0]?.charger, null);
});

void t.test('lines are those asked for: the newest, or from a place on, a page at a time', async (t) => {
  const url = await listening(t, { logLines: madeUpLog() });
  const client = createObserveClient({ url, token: TOKEN });
  t.same(seqs(await client.logs()), [1, 2, 3]);
  t.same(seqs(await client.logs({ limit: 2 })), [2, 3], 'the newest');
  const page = await client.logs({ after: 0, limit: 2 });
  t.same([seqs(page), page.next], [[1, 2], '2']);
  const rest = await client.logs({ after: 2, limit: 2 });
  t.same([seqs(rest), rest.next], [[3], null]);
  t.same(seqs(await client.logs({ level: 'warn' })), [2]);
  t.same(seqs(await client.logs({ tag: 'CONNECT' })), [3]);
  t.same(seqs(await client.logs({ charger: 'CP1' })), [2]);
  t.same(seqs(await client.logs({ from: '2026-11-30T12:01:00Z' })), [2, 3]);
  t.same(seqs(await client.logs({ charger: 'CP9' })), []);
});

void t.test('lines to come are events for who names the kind, and for nobody else', async (t) => {
  const logLines = madeUpLog();
  const events = madeUpEvents();
  const url = await listening(t, { logLines, events, sessions: madeUpSessions([]) });
  const over = new AbortController();
  const follow = (kinds?: readonly ['unknownTag', 'log']) => {
    const told: string[] = [];
    const ids: (string | undefined)[] = [];
    const ended = followEvents(
      { url, token: TOKEN },
      (event, id) => {
        told.push(event.kind === 'log' ? `${event.at} ${event.line.message}` : event.kind);
        ids.push(id);
      },
      { signal: over.signal, pause: turn, ...(kinds === undefined ? {} : { kinds }) },
    );
    return { told, ids, ended };
  };
  const asking = follow(['unknownTag', 'log']);
  const others = follow();
  while (asking.told.length + others.told.length < 2) await turn();
  logLines.add({ atMs: NOON_MS, level: 'info', tag: 'DATA', message: 'one more', fields: {} });
  events.emit({ kind: 'unknownTag', chargePointId: 'CP1', idTag: 'X' });
  while (asking.told.length < 3 || others.told.length < 2) await turn();
  t.same(asking.told, ['reset', '2026-11-30T12:00:00.000Z one more', 'unknownTag']);
  t.equal(asking.ids[1], asking.ids[0], 'a line has no id: who resumes, resumes the events');
  t.same(others.told, ['reset', 'unknownTag']);
  over.abort();
  await Promise.all([asking.ended, others.ended]);
});

void t.test('measures are told as they are', async (t) => {
  const performance = madeUpPerformance();
  const url = await listening(t, { performance });
  t.strictSame(
    await createObserveClient({ url, token: TOKEN_OF.viewer }).performance(),
    performance.snapshot(),
  );
});
