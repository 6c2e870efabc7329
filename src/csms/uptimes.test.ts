// How much of the time a charger was connected: of the last day, from the start of the server or its first connection on.
import t from 'tap';
import { createManualClock } from '../runtime/manual-clock.ts';
import { Uptimes } from './uptimes.ts';

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;

function rig(...known: string[]) {
  const clock = createManualClock();
  clock.advance(5 * HOUR_MS + 7 * MINUTE_MS);
  const uptimes = new Uptimes(clock, known);
  return { clock, uptimes, share: (id: string) => Math.round((uptimes.share(id) ?? -1) * 1000) / 1000 };
}

void t.test(
  'one that is known counts from the start of the server on, a new one from its first connection',
  (t) => {
    const { clock, uptimes, share } = rig('KNOWN');
    t.equal(uptimes.share('NEW'), null);
    t.equal(share('KNOWN'), 0);
    clock.advance(30 * MINUTE_MS);
    uptimes.connected('KNOWN');
    uptimes.connected('NEW');
    t.equal(share('NEW'), 1);
    clock.advance(30 * MINUTE_MS);
    t.equal(share('KNOWN'), 0.5);
    t.equal(share('NEW'), 1);
    uptimes.disconnected('NEW');
    uptimes.disconnected('NEW');
    clock.advance(90 * MINUTE_MS);
    t.equal(share('NEW'), 0.25);
    uptimes.connected('NEW');
    clock.advance(120 * MINUTE_MS);
    t.equal(share('NEW'), 0.625);
    t.end();
  },
);

void t.test('what is longer than a day ago is forgotten', (t) => {
  const { clock, uptimes, share } = rig('CP1', 'CP2');
  uptimes.connected('CP1');
  clock.advance(40 * HOUR_MS);
  t.equal(share('CP1'), 1);
  t.equal(share('CP2'), 0);
  uptimes.disconnected('CP1');
  clock.advance(12 * HOUR_MS);
  const hours = 24 + 7 / 60;
  t.ok(Math.abs(share('CP1') - (hours - 12) / hours) < 0.001, String(share('CP1')));
  clock.advance(13 * HOUR_MS);
  t.equal(share('CP1'), 0);
  t.end();
});

void t.test('a charger that comes and goes all the time takes no more memory than a day', (t) => {
  const { clock, uptimes, share } = rig();
  uptimes.connected('CP1');
  for (let i = 0; i < 50 * 60; i++) {
    clock.advance(MINUTE_MS / 2);
    uptimes.disconnected('CP1');
    clock.advance(MINUTE_MS / 2);
    uptimes.connected('CP1');
  }
  t.equal(share('CP1'), 0.5);
  t.end();
});
