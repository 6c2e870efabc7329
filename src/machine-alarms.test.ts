// Alarms about the machine: a disk that fills, a clock that was never set, and one that jumps.
import t from 'tap';
import { Alarms } from './csms/alarms.ts';
import { freeBytes } from './files/disk-space.ts';
import { watchMachine } from './machine-alarms.ts';
import { silentLog } from './runtime/log.ts';
import type { Clock } from './runtime/clock.ts';
import { createManualClock } from './runtime/manual-clock.ts';

const MIB = 1024 * 1024;
const NOON_MS = Date.UTC(2026, 10, 30, 12);
const HOUR_MS = 3_600_000;

/** A machine whose clock and disk a test moves. */
function machine(startMs = NOON_MS) {
  const time = createManualClock();
  const state = { setMs: startMs, free: (1000 * MIB) as number | null };
  const clock: Clock = {
    now: () => state.setMs + time.monotonicMs(),
    monotonicMs: () => time.monotonicMs(),
    after: (delayMs, fire) => time.after(delayMs, fire),
  };
  const alarms = new Alarms(clock, silentLog);
  const end = watchMachine({
    ...{ alarms, dataDir: 'DATA', minFreeDisk: 500 * MIB, clock },
    freeBytesOf: () => Promise.resolve(state.free),
  });
  return {
    ...{ state, alarms, end, time },
    pass: async (ms: number) => {
      time.advance(ms);
      for (let i = 0; i < 5; i++) await Promise.resolve();
    },
    active: () => alarms.active().map(({ id, message, scope }) => `${scope} ${id}: ${message}`),
  };
}

void t.test('little room on the disk is one until there is a tenth more than the least', async (t) => {
  const { state, pass, active } = machine();
  await pass(0);
  t.same(active(), []);
  state.free = 499 * MIB;
  await pass(60_000);
  t.same(active(), [
    'server disk: about 400 MiB are free on the disk of DATA; when it is full, nothing is acknowledged',
  ]);
  state.free = 540 * MIB;
  await pass(60_000);
  t.match(active(), [/about 500 MiB/]);
  state.free = 551 * MIB;
  await pass(60_000);
  t.same(active(), []);
  state.free = 30 * MIB;
  await pass(60_000);
  t.match(active(), [/less than 100 MiB are free/]);
  state.free = null;
  await pass(60_000);
  t.equal(active().length, 1, 'what is not known changes nothing');
});

void t.test('a clock that jumps is told for an hour, one that drifts is not', async (t) => {
  const { state, pass, active } = machine();
  state.setMs += 59_000;
  await pass(10_000);
  t.same(active(), []);
  state.setMs += 2 * HOUR_MS;
  await pass(10_000);
  t.same(active(), [
    'server clock-jump: the clock of this machine went ahead by 120 min at once, or the machine slept; is it right now?',
  ]);
  await pass(HOUR_MS);
  t.same(active(), []);
  state.setMs -= HOUR_MS;
  await pass(10_000);
  t.match(active(), [/was set back by 60 min/]);
});

void t.test('a clock that was never set is told until it is', async (t) => {
  const { state, pass, active } = machine(Date.UTC(1970, 0, 1));
  t.same(active(), [
    'server clock-not-set: the clock of this machine says 1970-01-01: set it, energy is booked by it',
  ]);
  state.setMs = NOON_MS;
  await pass(60_000);
  t.notMatch(active().join(), 'clock-not-set');
});

void t.test('nothing goes on when it ends, and a real folder has room', async (t) => {
  const { time, end } = machine();
  end();
  t.equal(time.pending(), 0);
  t.ok(((await freeBytes(t.testdir({}))) ?? 0) > 0);
  t.equal(await freeBytes('/nowhere/at/all'), null);
});
