// How many messages of a charger are read in a second, and for how long it is not read after that.
import t from 'tap';
import { MessageRate, MESSAGES_PER_SECOND } from './message-rate.ts';

void t.test('a second’s worth at once is read without a pause, the next one makes it', (t) => {
  const rate = new MessageRate(0);
  for (let n = 0; n < MESSAGES_PER_SECOND; n += 1) t.notOk(rate.count(0));
  t.equal(rate.pauseMs(0), 0);
  t.ok(rate.count(0));
  t.ok(rate.pauseMs(0) > 0);
  t.end();
});

void t.test('a steady stream at the limit is never paused', (t) => {
  const rate = new MessageRate(0);
  const isTooMuch = Array.from({ length: 10_000 }, (_, n) => rate.count(n));
  t.notOk(isTooMuch.includes(true));
  t.end();
});

void t.test('a flood is read at the limit in the long run, however much one read holds', (t) => {
  for (const inOneRead of [1, 50, 3_000]) {
    const rate = new MessageRate(0);
    let [nowMs, messages] = [0, 0];
    while (nowMs < 60_000) {
      for (let n = 0; n < inOneRead; n += 1) rate.count(nowMs);
      messages += inOneRead;
      nowMs += rate.pauseMs(nowMs);
    }
    t.ok(messages <= 62 * MESSAGES_PER_SECOND + inOneRead, `${messages} in a minute, ${inOneRead} at once`);
    t.ok(messages >= 55 * MESSAGES_PER_SECOND, `${messages} in a minute, ${inOneRead} at once`);
  }
  t.end();
});
