// `kwota demo` without a terminal: a site that lives at once, users in all states of a quota, and nothing left afterwards.
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import t, { type Test } from 'tap';
import { createApiClient, requestJson, type ApiAccess } from '../src/api/client.ts';
import { createSiteClient } from '../src/api/site-client.ts';
import type { Session } from '../src/api/contract/sessions.ts';
import type { TagUsage } from '../src/api/contract/users.ts';
import { COMPILE_CACHE } from './kit/compile-cache.ts';
import { until } from './kit/until.ts';

const ENTRY = fileURLToPath(new URL('../bin/kwota.ts', import.meta.url));
const QUOTA_REACHED_WITHIN_MS = 120_000;
/** The last session of the past ended some time before the demo began. */
const PAST_ENDED_MS = 600_000;

/** His quota ends soon. */
const BRUNO = '04A1B2C302';

// Half a minute of charging is a part of it.
t.setTimeout(300_000);

interface Demo {
  readonly child: ChildProcess;
  readonly dataDir: string;
  readonly access: ApiAccess;
}

async function startDemo(t: Test, ...args: readonly string[]): Promise<Demo> {
  const child = spawn(process.execPath, [ENTRY, 'demo', ...args], {
    cwd: t.testdir(),
    env: { TZ: 'UTC', ...COMPILE_CACHE },
  });
  const gone = once(child, 'exit');
  t.teardown(async () => {
    child.kill();
    await gone;
  });
  const lines = createInterface({ input: child.stdout });
  const [line] = (await once(lines, 'line')) as [string];
  const [, url = '', dataDir = ''] = /^\[READY\] .* api=(\S+) data=(.+)$/.exec(line) ?? [];
  const token = readFileSync(join(dataDir, '.kwota/admin-token'), 'utf8').trim();
  return { child, dataDir, access: { url, token } };
}

/** How many of them were there at the same time, at most. */
function atOnce(sessions: readonly Session[]): number {
  const thereAt = (time: string) =>
    sessions.filter(({ startedAt, end }) => startedAt <= time && (end === null || end.at > time));
  return Math.max(...sessions.map(({ startedAt }) => thereAt(startedAt).length));
}

void t.test('a site that lives: chargers, sessions, a past, and a quota that is reached', async (t) => {
  const startedMs = Date.now();
  const { child, dataDir, access } = await startDemo(t);
  const site = createSiteClient(access);
  const chargers = await until('all chargers are there', async () => {
    const all = await createApiClient(access).chargers();
    return all.filter(({ isConnected }) => isConnected).length === 6 && all;
  });
  t.equal(chargers.length, 6);
  // Those of the past ended before; whoever came since may have gone again by the time that one looks.
  const { items } = await until('five people have come', async () => {
    const page = await site.sessions({ from: new Date(startedMs - PAST_ENDED_MS).toISOString() });
    return new Set(page.items.map(({ idTag }) => idTag)).size >= 5 && page;
  });
  t.ok(atOnce(items) >= 4, 'and charge at the same time');
  const past = await site.sessions({ status: 'ended', limit: 500 });
  t.ok(past.items.length > 100, 'weeks of sessions');
  t.strictSame(
    new Set(past.items.map(({ end }) => end?.evidence)),
    new Set(['meterStop']),
    'each with the end that its charger told',
  );
  const bruno = items.find(({ idTag }) => idTag === BRUNO);
  if (bruno === undefined) throw new Error('Bruno does not charge');
  const ended = await until(
    'his quota is used up',
    async () => {
      const session = await site.session({ transactionId: bruno.transactionId });
      return session.status === 'ended' && session;
    },
    QUOTA_REACHED_WITHIN_MS,
  );
  t.match(ended, { end: { reason: 'Remote' }, rungs: [{ step: 'remoteStop', answer: 'Accepted' }] });
  child.kill('SIGINT');
  t.strictSame(await once(child, 'exit'), [0, null]);
  t.notOk(existsSync(dataDir), 'and all of it is gone');
});

void t.test('users stand in all states of a quota', async (t) => {
  const { access } = await startDemo(t);
  const { items } = (await requestJson(access, 'usage')) as { items: TagUsage[] };
  const states = items.map(({ quotaWh, usedWh, leftWh }) => {
    if (quotaWh === null || leftWh === null) return 'unlimited';
    if (leftWh <= 0) return 'used up';
    if (usedWh === 0) return 'untouched';
    return leftWh < quotaWh / 10 ? 'nearly used up' : 'in use';
  });
  t.same(new Set(states), new Set(['unlimited', 'used up', 'untouched', 'nearly used up', 'in use']));
});

void t.test('when its dashboard is killed, the site ends by itself and leaves nothing', async (t) => {
  const { child, dataDir } = await startDemo(t, '--until-stdin-ends');
  t.ok(existsSync(dataDir));
  child.stdin?.end();
  t.strictSame(await once(child, 'exit'), [0, null]);
  t.notOk(existsSync(dataDir));
});
