// The queue of CALLs to a charger: one at a time, behind the gate, each ending in exactly one outcome. With a clock moved by hand.
import t from 'tap';
import type { Clock } from '../runtime/clock.ts';
import { silentLog } from '../runtime/log.ts';
import { MAX_QUEUED_CALLS, OutboundCalls, type CallOutcome } from './outbound.ts';
import { OUTBOUND_GATE_TIMES, type ConnectionContext } from './ports.ts';

function create() {
  let nowMs = 0;
  let messages = 0;
  const timers = new Set<{ atMs: number; fire: () => void }>();
  const clock: Clock = {
    now: () => nowMs,
    monotonicMs: () => nowMs,
    after(delayMs, fire) {
      const timer = { atMs: nowMs + delayMs, fire };
      timers.add(timer);
      return () => timers.delete(timer);
    },
  };
  const context: ConnectionContext = {
    clock,
    log: silentLog,
    presence: {
      connected: () => undefined,
      disconnected: () => undefined,
      contested: () => undefined,
      heard: () => undefined,
    },
    frameTap: { frame: () => undefined },
    timeWatch: { answered: () => undefined, called: () => undefined },
    callTimeoutMs: 30_000,
    outboundGate: OUTBOUND_GATE_TIMES,
    quirkSeen: () => undefined,
    durable: () => Promise.resolve(),
    isCongested: () => false,
    onUncongested: () => () => undefined,
    nextMessageId: () => `m${++messages}`,
  };
  const sent: string[] = [];
  const wire = {
    chargePointId: 'CP1',
    isFree: true,
    canCall: () => wire.isFree,
    send: (text: string) => void sent.push(text),
  };
  const calls = new OutboundCalls(context, wire);
  const outcomes: CallOutcome[] = [];
  return {
    calls,
    wire,
    sent,
    outcomes,
    timers,
    call: () => void calls.call('ClearCache', {}).then((outcome) => outcomes.push(outcome)),
    answer: (id: string | number, payload: unknown = { status: 'Accepted' }) =>
      calls.settle({ kind: 'result', id, payload }),
    /** Moves the clock, then lets promises settle. */
    advance: async (ms: number) => {
      nowMs += ms;
      for (const timer of [...timers].sort((a, b) => a.atMs - b.atMs)) {
        if (timer.atMs <= nowMs && timers.delete(timer)) timer.fire();
      }
      await Promise.resolve();
    },
  };
}

const first = '[2,"m1","ClearCache",{}]';
const second = '[2,"m2","ClearCache",{}]';

t.test('nothing is sent before the boot was answered and two more seconds', async (t) => {
  const { calls, call, sent, advance } = create();
  call();
  await advance(3_000);
  calls.answered(true);
  await advance(1_999);
  t.strictSame(sent, []);
  await advance(1);
  t.strictSame(sent, [first]);
});

t.test('a charger that does not boot is called five seconds after its first answer', async (t) => {
  const { calls, call, sent, advance } = create();
  call();
  calls.answered(false);
  await advance(3_000);
  calls.answered(false);
  await advance(1_999);
  t.strictSame(sent, []);
  await advance(1);
  t.strictSame(sent, [first]);
});

t.test('a boot that comes after another CALL gets its own two seconds', async (t) => {
  const { calls, call, sent, advance } = create();
  call();
  calls.answered(false);
  await advance(4_900);
  calls.answered(true);
  await advance(1_900);
  t.strictSame(sent, []);
  await advance(100);
  t.strictSame(sent, [first]);
});

t.test('a charger that says nothing is called after a minute', async (t) => {
  const { call, sent, advance } = create();
  call();
  await advance(59_999);
  t.strictSame(sent, []);
  await advance(1);
  t.strictSame(sent, [first]);
});

t.test('the next CALL waits for the answer of the one before', async (t) => {
  const { call, answer, sent, outcomes, advance } = create();
  await advance(60_000);
  call();
  call();
  t.strictSame(sent, [first]);
  answer('m1');
  t.strictSame(sent, [first, second]);
  await advance(0);
  t.strictSame(outcomes, [{ kind: 'result', payload: { status: 'Accepted' } }]);
});

t.test('no CALL leaves while an answer is owed', async (t) => {
  const { call, wire, calls, sent, advance } = create();
  await advance(60_000);
  wire.isFree = false;
  call();
  t.strictSame(sent, []);
  wire.isFree = true;
  calls.pump();
  t.strictSame(sent, [first]);
});

t.test(
  'a CALL that is not answered times out, counted from sending, and the late answer changes nothing',
  async (t) => {
    const { call, answer, sent, outcomes, advance } = create();
    await advance(60_000);
    call();
    call();
    await advance(29_999);
    t.strictSame(outcomes, []);
    await advance(1);
    t.strictSame(outcomes, [{ kind: 'timeout' }]);
    t.strictSame(sent, [first, second]);
    answer('m1');
    await advance(0);
    t.equal(outcomes.length, 1);
    answer('m2');
    await advance(0);
    t.equal(outcomes.length, 2);
  },
);

t.test('an answer that is an error, no object or unreadable ends the CALL as an error', async (t) => {
  const { call, calls, answer, outcomes, advance } = create();
  await advance(60_000);
  call();
  calls.settle({ kind: 'error', id: 'm1', code: 'OccurrenceConstraintViolation', description: 'd' });
  call();
  answer('m2', 'Accepted');
  call();
  calls.settleUnreadable({ kind: 'problem', problem: 'notJson', messageType: 3, id: 'm3' });
  await advance(0);
  t.match(outcomes, [
    { kind: 'error', code: 'OccurrenceConstraintViolation', description: 'd' },
    { kind: 'error', code: 'FormationViolation' },
    { kind: 'error', code: 'FormationViolation' },
  ]);
});

t.test('the queue is bounded', async (t) => {
  const { call, outcomes, advance } = create();
  for (let count = 0; count < MAX_QUEUED_CALLS; count++) call();
  await advance(0);
  t.strictSame(outcomes, []);
  call();
  await advance(0);
  t.strictSame(outcomes, [{ kind: 'queueFull' }]);
});

t.test('when the connection ends, everything ends as offline and no timer is left', async (t) => {
  const { call, calls, sent, outcomes, timers, advance } = create();
  await advance(60_000);
  call();
  call();
  calls.end();
  call();
  await advance(0);
  t.strictSame(outcomes, [{ kind: 'offline' }, { kind: 'offline' }, { kind: 'offline' }]);
  t.strictSame(sent, [first]);
  t.equal(timers.size, 0);
});
