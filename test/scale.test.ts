// A campus at work: 500 chargers, 5,000 users, 50 dashboards of which five have stopped reading. Nobody waits for anybody, the shared
// files are right, and memory is bounded.
import { once } from 'node:events';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import t, { type Test } from 'tap';
import { Fleet } from '../bench/load/fleet.ts';
import { memoryOf } from '../bench/load/process-usage.ts';
import { ChargePoint } from './kit/charge-point.ts';
import { makeDataDir } from './kit/data-dir.ts';
import { readUsage } from './kit/data-folder.ts';
import { DAYTIME_ZONE } from './kit/daytime-zone.ts';
import { startKwota, type KwotaProcess } from './kit/kwota-process.ts';
import { until } from './kit/until.ts';

const CHARGERS = 500;
const USERS = 5_000;
const READERS = 45;
const STALLED = 5;
const SLICE_MS = 6_000;
const PUBLISH_INTERVAL_MS = 500;
/** For a busy machine; a stall would be longer by far. */
const ANSWERED_WITHIN_MS = 20_000;
/** What it takes with its users and chargers, and some for whatever listens. */
const MAX_OWN_MIB = 400;
const MIB = 1024 * 1024;

t.setTimeout(300_000);

function usersFile(): string {
  const rows = Array.from({ length: USERS }, (_, n) => `LOAD${String(n + 1).padStart(5, '0')},10000\n`);
  return `id_tag,quota_kwh\n${rows.join('')}`;
}

interface Reader {
  readonly events: number;
  readonly lastId: string;
}

/** Follows the events until the test ends, and notes how many there were and the id of the last. */
async function follow(t: Test, kwota: KwotaProcess, token: string): Promise<() => Reader> {
  const ended = new AbortController();
  t.teardown(() => ended.abort());
  const headers = { authorization: `Bearer ${token}` };
  const response = await fetch(`${kwota.apiUrl}/api/events`, { headers, signal: ended.signal });
  let text = '';
  let events = 0;
  let lastId = '';
  const reading = (async () => {
    for await (const chunk of response.body ?? []) {
      text += Buffer.from(chunk as Uint8Array).toString('utf8');
      const blocks = text.split('\n\n');
      text = blocks.pop() ?? '';
      events += blocks.length;
      lastId = /^id: (.+)$/m.exec(blocks.at(-1) ?? '')?.[1] ?? lastId;
    }
  })();
  reading.catch(() => undefined);
  return () => ({ events, lastId });
}

/** Asks for the events and never reads them. */
async function stall(t: Test, kwota: KwotaProcess, token: string): Promise<void> {
  const socket = connect(Number(new URL(kwota.apiUrl).port), '127.0.0.1');
  t.teardown(() => socket.destroy());
  socket.on('error', () => undefined).pause();
  await once(socket, 'connect');
  socket.write(`GET /api/events HTTP/1.1\r\nhost: 127.0.0.1\r\nauthorization: Bearer ${token}\r\n\r\n`);
}

/** Counts how often a file is replaced, until it is called. */
function countReplacements(path: string): () => number {
  const seen = new Set<number>();
  const timer = setInterval(() => seen.add(statSync(path).mtimeMs), 50);
  return () => {
    clearInterval(timer);
    return seen.size;
  };
}

void t.test(
  '500 chargers, 5,000 users, 50 listeners: everybody is served, and memory is bounded',
  async (t) => {
    const dataDir = makeDataDir(t, { 'users1.csv': usersFile() });
    const kwota = await startKwota({ dataDir, env: { TZ: DAYTIME_ZONE } });
    t.teardown(() => kwota.kill());
    const token = readFileSync(join(dataDir, '.kwota', 'admin-token'), 'utf8').trim();
    const readers = await Promise.all(Array.from({ length: READERS }, () => follow(t, kwota, token)));
    await Promise.all(Array.from({ length: STALLED }, () => stall(t, kwota, token)));
    const fleet = new Fleet({
      port: Number(new URL(kwota.ocppUrl).port),
      chargers: CHARGERS,
      script: 'meter',
      intervalMs: 2_000,
      connectAtOnce: 50,
    });
    t.equal((await fleet.connect()).ready, CHARGERS);
    await until('the usage file is there', () => existsSync(join(dataDir, 'energy_usage.json')));
    const replaced = countReplacements(join(dataDir, 'energy_usage.json'));
    const startedMs = performance.now();
    const slice = fleet.slice(SLICE_MS);
    const other = await ChargePoint.connect(kwota.ocppUrl, 'BESIDE');
    let longestMs = 0;
    while (performance.now() < startedMs + SLICE_MS) {
      const askedMs = performance.now();
      await other.call('Heartbeat');
      longestMs = Math.max(longestMs, performance.now() - askedMs);
      await pause(100);
    }
    const { answered, problems } = await slice;
    t.same(problems, [], 'all was answered as it should be');
    t.ok(answered > CHARGERS, `${answered} answers`);
    t.ok(longestMs < ANSWERED_WITHIN_MS, `nobody waits: ${Math.round(longestMs)} ms at most`);

    const ledger = Object.entries(fleet.ledger());
    await until('the usage file has it all', () => {
      const usage = readUsage(dataDir);
      return ledger.every(([idTag, { acknowledgedWh }]) => usage[idTag] === acknowledgedWh / 1000);
    });
    const seconds = (performance.now() - startedMs) / 1000;
    t.equal(Object.keys(readUsage(dataDir)).length, USERS);
    // And the one that was there, and one that came late just before.
    const most = Math.ceil((seconds * 1000) / PUBLISH_INTERVAL_MS) + 2;
    const replacements = replaced();
    t.ok(replacements > 2 && replacements <= most, `replaced ${replacements} times, at most ${most}`);

    await until('all who read were told the same', () => {
      const ids = new Set(readers.map((reader) => reader().lastId));
      return ids.size === 1 && readers.every((reader) => reader().events > CHARGERS);
    });
    const ownMib = Math.round(memoryOf(kwota.pid).own / MIB);
    t.comment(`${ownMib} MiB, ${readers[0]?.().events ?? 0} events each`);
    t.ok(ownMib < MAX_OWN_MIB, `${ownMib} MiB`);
    // Five seconds are few for the goodbyes of 500 on a busy machine; what counts is who does not read.
    fleet.hangUp();
    const code = await kwota.stop();
    if (code !== 0) t.comment(kwota.log().slice(-2_000));
    t.equal(code, 0, 'and those who do not read do not hold up the stop');
  },
);
