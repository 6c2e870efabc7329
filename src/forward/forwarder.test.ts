// When what is sent: order, pauses, parking, people. The clock is moved by hand, and the external API is a script.
import { setImmediate as turn } from 'node:timers/promises';
import t from 'tap';
import { readingIdText } from '../domain/reading-id.ts';
import { silentLog, type Log } from '../runtime/log.ts';
import { createManualClock } from '../runtime/manual-clock.ts';
import { MadeUpDisk, reading } from './forward.test-kit.ts';
import { Forwarder } from './forwarder.ts';
import { MAX_PARKED, Parking } from './parking.ts';
import type { Outcome } from './sender.ts';

const DELIVERED: Outcome = { kind: 'delivered' };
const DOWN: Outcome = { kind: 'failed', reason: '500', retryAfterMs: null, isOurFault: false };
const REFUSED: Outcome = { kind: 'refused', status: 400, reason: '400 bad' };

interface Sent {
  /** The seqs of what was sent. */
  readonly seqs: readonly number[];
  readonly key: string;
}

class MadeUpApi {
  readonly sent: Sent[] = [];
  /** Most at the same time. */
  most = 0;
  answer: (sent: Sent) => Outcome | Promise<Outcome> = () => DELIVERED;
  #now = 0;

  async send(body: string, key: string): Promise<Outcome> {
    const records = [JSON.parse(body)].flat() as { seq: number }[];
    const sent = { seqs: records.map(({ seq }) => seq), key };
    this.sent.push(sent);
    this.#now += 1;
    this.most = Math.max(this.most, this.#now);
    const outcome = await this.answer(sent);
    this.#now -= 1;
    return outcome;
  }

  close(): void {
    this.#now = 0;
  }

  /** What was sent since the last time that this was asked. */
  seqs(): number[][] {
    return this.sent.splice(0).map(({ seqs }) => [...seqs]);
  }
}

function site(disk = new MadeUpDisk(), batch = 1, log: Log = silentLog) {
  const clock = createManualClock();
  const api = new MadeUpApi();
  const alarms = new Map<string, string>();
  const queue = disk.open(batch);
  const forwarder = new Forwarder({
    ...{ queue, clock, log, books: disk.books, sender: api, isInBatches: batch > 1 },
    parking: new Parking(disk.books),
    recordOf: ({ seq }) => ({ seq }),
    longestPauseMs: 60_000,
    random: () => 0,
    alarms: {
      raise: (id, _, message) => void alarms.set(id, message),
      clear: (id) => void alarms.delete(id),
    },
    onAttempt: () => undefined,
  });
  return {
    ...{ api, alarms, clock, disk, forwarder },
    come: async (...seqs: (readonly [number, string] | number)[]) => {
      const readings = seqs.map((one) => (typeof one === 'number' ? reading(one) : reading(...one)));
      queue.add(disk.add(...readings));
      forwarder.wake();
      await settled();
    },
    wait: async (ms: number) => {
      clock.advance(ms);
      await settled();
    },
  };
}

/** All that follows without time passing has happened. */
async function settled(): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) await turn();
}

void t.test('readings go one after the other, each under its own id', async (t) => {
  const { api, come, forwarder } = site();
  await come(1, 2, 3);
  t.strictSame(
    api.sent.map(({ seqs, key }) => [...seqs, key]),
    [
      [1, readingIdText(reading(1).id)],
      [2, readingIdText(reading(2).id)],
      [3, readingIdText(reading(3).id)],
    ],
  );
  t.equal(api.most, 1, 'of one charger one at a time');
  t.match(forwarder.status(), { queued: 0, delivered: 3, lastError: null });
});

void t.test('several chargers are served at once, but not too many', async (t) => {
  const { api, come } = site();
  const held = Promise.withResolvers<undefined>();
  api.answer = async () => {
    await held.promise;
    return DELIVERED;
  };
  await come(...Array.from({ length: 30 }, (_, index) => [index + 1, `CP${index}`] as const));
  t.equal(api.most, 8);
  held.resolve(undefined);
  await settled();
  t.equal(api.sent.length, 30);
  t.equal(api.most, 8);
});

void t.test(
  'while nothing gets through, one attempt after 1, 2, 4 s and so on, then all goes on',
  async (t) => {
    const { api, come, forwarder, wait } = site();
    api.answer = () => DOWN;
    await come([1, 'A'], [2, 'B'], [3, 'A']);
    t.equal(api.sent.splice(0).length, 2, 'both were on their way');
    await wait(999);
    t.equal(api.sent.length, 0);
    for (const ms of [1, 2000, 4000]) {
      await wait(ms);
      t.equal(api.sent.splice(0).length, 1, `one more after ${ms} ms`);
    }
    t.match(forwarder.status(), { queued: 3, lastError: { reason: '500' } });
    api.answer = () => DELIVERED;
    await wait(8000);
    const seqs = api.seqs().flat();
    t.strictSame(seqs.toSorted(), [1, 2, 3]);
    t.ok(seqs.indexOf(1) < seqs.indexOf(3), 'in the order of the charger');
    t.match(forwarder.status(), { queued: 0, lastError: null, nextTryMs: null });
  },
);

void t.test('a receiver that asks for time gets it', async (t) => {
  const { api, come, wait } = site();
  api.answer = () => ({ ...DOWN, retryAfterMs: 30_000 });
  await come(1);
  api.answer = () => DELIVERED;
  api.seqs();
  await wait(29_999);
  t.strictSame(api.seqs(), []);
  await wait(1);
  t.strictSame(api.seqs(), [[1]]);
});

void t.test('a reading that is refused is parked, and does not hold up the next', async (t) => {
  const { api, alarms, come, disk, forwarder } = site();
  api.answer = ({ seqs }) => (seqs[0] === 2 ? REFUSED : DELIVERED);
  await come(1, 2, 3);
  t.strictSame(api.seqs(), [[1], [2], [3]]);
  t.match(forwarder.status(), { queued: 0, parked: 1, lastError: null });
  t.match(alarms.get('forward-parked'), /^1 refused/);
  t.match(
    [...disk.parked.values()],
    [{ state: 'parked', status: 400, reason: '400 bad', reading: { seq: 2 } }],
  );

  t.equal(forwarder.retry(new Set([readingIdText(reading(9).id)]), 'ada'), 0, 'not that one');
  t.equal(forwarder.retry(null, 'ada'), 1);
  await settled();
  t.strictSame(api.seqs(), [[2]]);
  t.equal(forwarder.status().parked, 1, 'refused once more');
  api.answer = () => DELIVERED;
  forwarder.retry(new Set([readingIdText(reading(2).id)]), 'ada');
  await settled();
  t.equal(forwarder.status().parked, 0);
  t.notOk(alarms.has('forward-parked'));
});

void t.test('what is parked outlasts a restart, and can be dropped; its place is used again', async (t) => {
  const disk = new MadeUpDisk();
  const before = site(disk);
  before.api.answer = () => REFUSED;
  await before.come(1, 2);
  const after = site(disk);
  t.equal(after.forwarder.status().parked, 2);
  t.match(after.alarms.get('forward-parked'), /^2 refused/);
  t.equal(after.forwarder.drop(new Set([readingIdText(reading(1).id)]), 'ada'), 1);
  t.equal(after.forwarder.status().parked, 1);
  after.api.answer = () => REFUSED;
  await after.come(3);
  t.equal(disk.parked.size, 2);
  t.equal(site(disk).forwarder.status().parked, 2);
});

void t.test('when too many are refused it is not the readings: they wait', async (t) => {
  const { api, alarms, come, forwarder, wait } = site();
  api.answer = () => REFUSED;
  await come(...Array.from({ length: MAX_PARKED + 2 }, (_, index) => index + 1));
  for (let turns = 0; forwarder.status().parked < MAX_PARKED && turns < 1000; turns += 1) await settled();
  await settled();
  t.match(forwarder.status(), { parked: MAX_PARKED, queued: 2, lastError: { reason: /parked already/ } });
  t.match(alarms.get('forward'), /kwota forward list/);
  api.answer = () => DELIVERED;
  await wait(60_000);
  t.equal(forwarder.status().queued, 0);
});

void t.test('in batches: a list with a key of its own, the same at each attempt', async (t) => {
  const { api, come, wait } = site(new MadeUpDisk(), 3);
  await come(1);
  api.answer = () => DOWN;
  await come(2, 3);
  await come(4, 5);
  api.answer = () => DELIVERED;
  await wait(1000);
  const [single, first, again, next] = api.sent;
  t.strictSame([single?.seqs, first?.seqs, again?.seqs, next?.seqs], [[1], [2, 3], [2, 3], [4, 5]]);
  t.equal(again?.key, first?.key);
  t.match(next?.key, /^[0-9a-f]{32}$/);
  t.not(next?.key, first?.key);
});

void t.test('a batch from before is a list, also where readings go one by one from now on', async (t) => {
  const disk = new MadeUpDisk();
  const before = site(disk, 3);
  await before.come(1);
  before.api.answer = () => DOWN;
  await before.come(2, 3);
  const [, first] = before.api.sent;
  const after = site(disk, 1);
  after.forwarder.wake();
  await settled();
  t.strictSame(after.api.sent, [first]);
});

void t.test('of a batch that is refused only the readings that are wrong are parked', async (t) => {
  const { api, come, forwarder } = site(new MadeUpDisk(), 4);
  await come(1);
  api.seqs();
  api.answer = ({ seqs }) => (seqs.includes(3) ? REFUSED : DELIVERED);
  await come(2, 3, 4, 5);
  t.strictSame(api.seqs(), [[2, 3, 4, 5], [2], [3], [4], [5]]);
  t.match(forwarder.status(), { parked: 1, queued: 0 });
});

void t.test('a pause holds everything back until somebody resumes it', async (t) => {
  const { api, come, disk, forwarder } = site();
  forwarder.pause('ada');
  await come(1);
  t.strictSame(api.seqs(), []);
  t.match(forwarder.status(), { pausedBy: 'ada', queued: 1 });
  const after = site(disk);
  after.forwarder.wake();
  await settled();
  t.strictSame(after.api.seqs(), [], 'also after a restart');
  after.forwarder.resume('ada');
  await settled();
  t.strictSame(after.api.seqs(), [[1]]);
});

void t.test('resuming tries at once what would be waited for', async (t) => {
  const { api, come, forwarder } = site();
  api.answer = () => DOWN;
  await come(1);
  api.answer = () => DELIVERED;
  api.seqs();
  forwarder.resume('ada');
  await settled();
  t.strictSame(api.seqs(), [[1]]);
});

void t.test(
  'a wrong key or address is an alarm at once, a receiver that is down after some minutes',
  async (t) => {
    const { api, alarms, come, wait } = site();
    api.answer = () => ({ ...DOWN, reason: '401', isOurFault: true });
    await come(1);
    t.match(alarms.get('forward'), /external API: 401/);
    api.answer = () => DELIVERED;
    await wait(1000);
    t.notOk(alarms.has('forward'));

    api.answer = () => DOWN;
    await come(2);
    for (let seconds = 0; seconds < 290; seconds += 10) await wait(10_000);
    t.notOk(alarms.has('forward'));
    for (let seconds = 0; seconds < 80; seconds += 10) await wait(10_000);
    t.ok(alarms.has('forward'));
  },
);

void t.test('an outage is told once, and its end', async (t) => {
  const lines: string[] = [];
  const tell = (_: string, message: string) => void lines.push(message);
  const { api, come, wait } = site(new MadeUpDisk(), 1, { ...silentLog, info: tell, warn: tell });
  api.answer = () => DOWN;
  await come(1);
  for (let attempts = 0; attempts < 5; attempts += 1) await wait(30_000);
  api.answer = () => DELIVERED;
  await wait(60_000);
  t.strictSame(lines, ['the external API takes no readings', 'the external API takes readings again']);
});

void t.test('after the end nothing is sent, and what was on its way changes nothing', async (t) => {
  const { api, come, disk, forwarder } = site();
  const held = Promise.withResolvers<Outcome>();
  api.answer = () => held.promise;
  await come(1, 2);
  forwarder.close();
  held.resolve(DELIVERED);
  await settled();
  t.strictSame(api.seqs(), [[1]]);
  t.equal(disk.open().size, 2, 'it is sent once more at the next start');
});
