// What a webhook tells, when, and what becomes of what it cannot. The clock is moved by hand, and the receiver is a script.
import { setImmediate as turn } from 'node:timers/promises';
import t from 'tap';
import { silentLog } from '../../runtime/log.ts';
import { createManualClock } from '../../runtime/manual-clock.ts';
import type { Outcome } from '../sender.ts';
import { MAX_PARKED, MAX_WAITING, NoticeQueue } from './notice-queue.ts';
import type { NoticeBooks, NoticeEvent, StoredAlarm, StoredNotice, TellableAlarm } from './ports.ts';
import { ToldAlarms } from './told-alarms.ts';
import { Webhook } from './webhook.ts';

const DOWN: Outcome = { kind: 'failed', reason: 'ECONNREFUSED', retryAfterMs: null, isOurFault: false };
const REFUSED: Outcome = { kind: 'refused', status: 400, reason: '400 no' };

/** What is durable: it survives whatever is opened on it. */
class MadeUpBooks implements NoticeBooks {
  readonly places = new Map<string, StoredNotice>();
  readonly alarms = new Map<number, StoredAlarm>();
  notices = () => this.places.values();
  putNotice = (stored: StoredNotice) => void this.places.set(`${stored.webhook}/${stored.slot}`, stored);
  toldAlarms = () => this.alarms.values();
  putToldAlarm = (stored: StoredAlarm) => void this.alarms.set(stored.slot, stored);
  durable = () => Promise.resolve();
}

function alarm(id: string, message = `${id} is wrong`, sinceMs = 0): TellableAlarm {
  return { id, message, sinceMs, scope: 'site' };
}

function receiver(books = new MadeUpBooks(), events: readonly NoticeEvent[] = ['began', 'changed', 'over']) {
  const clock = createManualClock();
  const sent: string[] = [];
  const headers: Readonly<Record<string, string>>[] = [];
  const raised = new Map<string, string>();
  const script = { answer: (): Outcome => ({ kind: 'delivered' }) };
  let ids = 0;
  const webhook = new Webhook({
    ...{ name: 'on-call', shownUrl: 'https://hooks.example.com', siteName: 'site', clock, events },
    ...{ secret: 'a-secret-of-many-letters', log: silentLog, random: () => 0 },
    newId: () => String((ids += 1)),
    queue: new NoticeQueue('on-call', books),
    sender: {
      send: (body, key, more) => {
        const { event, alarm } = JSON.parse(body) as { event: string; alarm: { id: string } };
        sent.push(`${key} ${event} ${alarm.id}`);
        headers.push(more ?? {});
        return Promise.resolve(script.answer());
      },
      close: () => undefined,
    },
    alarms: { raise: (id, _, message) => raised.set(id, message), clear: (id) => raised.delete(id) },
  });
  return {
    ...{ books, clock, headers, raised, script, webhook },
    tell: async (event: NoticeEvent, id: string) => {
      webhook.tell({ event, alarm: alarm(id) });
      webhook.wake();
      await settled();
    },
    wait: async (ms: number) => {
      clock.advance(ms);
      await settled();
    },
    /** Since it was asked last. */
    sent: () => sent.splice(0),
  };
}

async function settled(): Promise<void> {
  for (let turns = 0; turns < 20; turns += 1) await turn();
}

void t.test('what waits is told in order, one after the other, under the same key each time', async (t) => {
  const { script, sent, tell, wait, webhook } = receiver();
  script.answer = () => DOWN;
  await tell('began', 'disk');
  await tell('over', 'disk');
  t.strictSame(sent(), ['1 began disk'], 'the second waits for the first');
  await wait(999);
  t.strictSame(sent(), []);
  await wait(1);
  await wait(2000);
  t.strictSame(sent(), ['1 began disk', '1 began disk']);
  t.match(webhook.status(), { waiting: 2, failed: 3, lastError: { reason: 'ECONNREFUSED' }, oldestMs: 0 });
  script.answer = () => ({ kind: 'delivered' });
  await wait(4000);
  t.strictSame(sent(), ['1 began disk', '2 over disk']);
  t.match(webhook.status(), { waiting: 0, delivered: 2, lastError: null, nextTryMs: null });
});

void t.test('each attempt has a signature of its own time', async (t) => {
  const { headers, script, tell, wait } = receiver();
  script.answer = () => DOWN;
  await tell('began', 'disk');
  await wait(1000);
  const [first, second] = headers.map((one) => one['x-kwota-signature']);
  t.match(first, /^t=0,v1=[0-9a-f]{64}$/);
  t.match(second, /^t=1,v1=[0-9a-f]{64}$/);
  t.not(first?.slice(4), second?.slice(4));
});

void t.test(
  'failing for five minutes is an alarm, a wrong address is one at once, and neither is told here',
  async (t) => {
    const { raised, script, sent, tell, wait, webhook } = receiver();
    script.answer = () => DOWN;
    await tell('began', 'disk');
    await wait(4 * 60_000);
    t.strictSame([...raised], []);
    for (let minutes = 0; minutes < 3; minutes += 1) await wait(60_000);
    t.match(raised.get('webhook/on-call'), /do not get to on-call/);
    await tell('began', 'webhook/on-call');
    script.answer = () => ({ kind: 'delivered' });
    sent();
    webhook.retry('ada');
    await settled();
    t.strictSame(sent(), ['1 began disk']);
    t.strictSame([...raised], []);
    script.answer = () => ({ ...DOWN, reason: '404', isOurFault: true });
    await tell('over', 'disk');
    t.ok(raised.has('webhook/on-call'));
  },
);

void t.test(
  'what is refused is parked over a restart, until somebody sends it again or drops it',
  async (t) => {
    const before = receiver();
    before.script.answer = () => REFUSED;
    await before.tell('began', 'disk');
    before.script.answer = () => ({ kind: 'delivered' });
    await before.tell('over', 'disk');
    t.strictSame(before.sent(), ['1 began disk', '2 over disk'], 'the next goes on');
    t.match(before.raised.get('webhook-parked/on-call'), /kwota webhooks list/);

    const after = receiver(before.books);
    t.match(after.webhook.status().parked, [
      { notice: { id: '1', alarm: { id: 'disk' } }, refusal: { status: 400 } },
    ]);
    t.ok(after.raised.has('webhook-parked/on-call'));
    after.script.answer = () => REFUSED;
    t.equal(after.webhook.retry('ada'), 1);
    await settled();
    t.strictSame(after.sent(), ['1 began disk']);
    t.equal(after.webhook.status().parked.length, 1, 'refused once more');
    t.equal(after.webhook.drop('ada'), 1);
    t.strictSame([...after.raised], []);
    t.equal(receiver(after.books).webhook.status().parked.length, 0);
  },
);

void t.test(
  'it is bounded: of too many that wait or are refused the oldest go, and places are used again',
  (t) => {
    const books = new MadeUpBooks();
    const queue = new NoticeQueue('on-call', books);
    const notice = (id: string) => ({ id, event: 'began' as const, atMs: 0, alarm: alarm('disk') });
    for (let n = 0; n < MAX_WAITING; n += 1) t.equal(queue.add(notice(`a${n}`)), null);
    t.equal(queue.add(notice('more'))?.id, 'a1', 'the first may be on its way');
    t.equal(queue.waiting.length, MAX_WAITING);
    t.equal(books.places.size, MAX_WAITING);
    for (let n = 0; n < MAX_PARKED + 1; n += 1) {
      const [first] = queue.waiting;
      if (first) queue.park(first, { status: 400, reason: 'no' });
    }
    t.equal(queue.parked.length, MAX_PARKED);
    t.equal(queue.parked[0]?.notice.id, 'a2');
    t.equal(queue.add(notice('again')), null);
    t.equal(books.places.size, MAX_WAITING);
    const reopened = new NoticeQueue('on-call', books);
    t.strictSame(reopened.waiting, queue.waiting);
    t.strictSame(reopened.parked, queue.parked);
    t.equal(new NoticeQueue('other', books).waiting.length, 0);
    t.end();
  },
);

void t.test('an alarm begins once and ends once, also over a restart', (t) => {
  const books = new MadeUpBooks();
  const before = new ToldAlarms(books);
  const began = before.news(alarm('disk', '400 MiB', 1000), true);
  t.match(began, { event: 'began' });
  if (began) before.told(began);

  const after = new ToldAlarms(books);
  t.equal(after.news(alarm('disk', '400 MiB', 9000), true), null, 'it goes on');
  const changed = after.news(alarm('disk', '300 MiB', 9000), true);
  t.match(changed, { event: 'changed', alarm: { message: '300 MiB', sinceMs: 1000 } });
  if (changed) after.told(changed);
  t.match(after.all(), [{ id: 'disk', message: '300 MiB' }]);
  const over = after.news(alarm('disk', '300 MiB', 9000), false);
  t.match(over, { event: 'over', alarm: { sinceMs: 1000 } });
  if (over) after.told(over);
  t.equal(after.news(alarm('disk'), false), null, 'nobody knows of it');
  t.strictSame(new ToldAlarms(books).all(), []);
  const next = after.news(alarm('clock'), true);
  if (next) after.told(next);
  t.equal(books.alarms.size, 1, 'the place is used again');
  t.end();
});
