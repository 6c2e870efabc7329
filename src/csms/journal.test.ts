// Memory, disk and what is shown: one message is one commit, and nothing counts as durable before it is.
import t from 'tap';
import type { Reading } from '../domain/reading.ts';
import type { RecordVersion } from '../domain/record.ts';
import { sampleEntry, sampleRecord, sampleSession, withEnergy } from '../domain/sample.fixture.ts';
import { createSiteCalendar } from '../domain/site-calendar.ts';
import { silentLog } from '../runtime/log.ts';
import { SiteState } from '../domain/site-state.ts';
import { Journal, type DurableChange } from './journal.ts';

const calendar = createSiteCalendar('UTC', 1);
const READING: Omit<Reading, 'seq'> = {
  id: 0x0123456789ab,
  at: 0,
  chargePointId: 'CP1',
  connectorId: 1,
  transactionId: 1,
  userName: '',
  registerWh: 1,
  powerW: null,
  frequencyMilliHz: null,
};

interface Commit {
  readonly change: DurableChange;
  readonly finish: () => void;
}

/** A journal on a store whose commits take as long as the test wants. */
function open(loaded: readonly RecordVersion[] = [], lastReadingSeq = 0) {
  const commits: Commit[] = [];
  const [live, durable] = [new SiteState(calendar), new SiteState(calendar)];
  const store = {
    commit(change: DurableChange) {
      const { promise, resolve } = Promise.withResolvers<undefined>();
      commits.push({ change, finish: () => resolve(undefined) });
      return promise;
    },
  };
  return {
    journal: new Journal({ store, node: 'n', live, durable, loaded, lastReadingSeq, log: silentLog }),
    live,
    durable,
    commits,
  };
}

/** What was told of a promise when everything that could run has run. */
async function stateOf(promise: Promise<unknown>): Promise<'resolved' | 'pending'> {
  let state: 'resolved' | 'pending' = 'pending';
  void promise.then(() => (state = 'resolved'));
  for (let i = 0; i < 10; i += 1) await Promise.resolve();
  return state;
}

const versions = (commit: Commit | undefined) =>
  commit?.change.records.map(({ kind, id, epoch, rev }) => `${kind} ${id} ${epoch}.${rev}`);

void t.test('all that one message changes is one commit', async (t) => {
  const { journal, commits } = open();
  journal.putSession(sampleSession(1));
  journal.putEntry(sampleEntry('e'));
  journal.addReading(READING);
  t.equal(commits.length, 0, 'not before its handler has ended');
  await Promise.resolve();
  t.equal(commits.length, 1);
  t.same(versions(commits[0]), ['session CP1/1 0.1', 'entry e 0.1']);
  t.match(commits[0]?.change.readings, [{ ...READING, seq: 1 }]);
  journal.putEntry(sampleEntry('f'));
  await Promise.resolve();
  t.equal(commits.length, 2, 'the next message is another one');
});

void t.test('durable resolves when the store has committed, and not before', async (t) => {
  const { journal, live, durable, commits } = open();
  t.equal(await stateOf(journal.durable()), 'resolved', 'when there was nothing to do');
  journal.putSession(withEnergy(sampleSession(1), { '2026-11-30': 500 }));
  t.equal(live.usedWh('2026-11', 'A'), 500, 'memory has it at once');
  const answered = journal.durable();
  t.equal(await stateOf(answered), 'pending');
  t.equal(durable.usedWh('2026-11', 'A'), 0, 'nothing is shown yet');
  t.equal(
    await stateOf(journal.durable()),
    'pending',
    'who changed nothing waits for what was changed before',
  );
  commits[0]?.finish();
  t.equal(await stateOf(answered), 'resolved');
  t.equal(durable.usedWh('2026-11', 'A'), 500);
  t.equal(await stateOf(journal.durable()), 'resolved');
  t.equal(commits.length, 1);
});

void t.test('who watches is told what became durable, when the state has it', async (t) => {
  const { journal, durable, commits } = open();
  const told: string[] = [];
  journal.onDurable(({ records, readings }) => {
    told.push(`${records.length} ${readings.length} ${durable.usedWh('2026-11', 'A')}`);
  });
  journal.putEntry(sampleEntry('e'));
  journal.addReading(READING);
  await stateOf(journal.durable());
  t.same(told, []);
  commits[0]?.finish();
  await journal.durable();
  t.same(told, ['1 1 100']);
});

void t.test('versions count on from what was loaded, readings from the last one', async (t) => {
  const session = sampleSession(1);
  const loaded = { ...sampleRecord('session', 'CP1/1', session, 7), chargePointId: 'CP1', epoch: 3 };
  const { journal, commits } = open([loaded], 41);
  journal.putSession(session);
  journal.addReading(READING);
  journal.putSession(sampleSession(2));
  await Promise.resolve();
  t.same(versions(commits[0]), ['session CP1/1 3.8', 'session CP1/2 3.1']);
  t.equal(commits[0]?.change.readings[0]?.seq, 42);
});

void t.test('each connection of a charger is a new epoch, for that charger alone', async (t) => {
  const { journal, commits } = open();
  journal.beginEpoch('CP1');
  journal.putSession(sampleSession(1));
  journal.beginEpoch('CP1');
  journal.putSession(sampleSession(1));
  journal.putSession(sampleSession(1, { chargePointId: 'CP2' }));
  journal.putEntry(sampleEntry('e'));
  await Promise.resolve();
  t.same(versions(commits[0]), [
    'session CP1/1 1.1',
    'session CP1/1 2.2',
    'session CP2/1 0.1',
    'entry e 0.1',
  ]);
  t.match(commits[0]?.change.records, [{ chargePointId: 'CP1', node: 'n' }, {}, {}, { chargePointId: null }]);
});

void t.test('a store that was closed under it is told once, and leaves nothing unhandled', async (t) => {
  const [live, durable] = [new SiteState(calendar), new SiteState(calendar)];
  const closed = Object.assign(new Error('closed'), { code: 'closed' });
  const store = { commit: () => Promise.reject(closed) };
  const told: string[] = [];
  const log = { ...silentLog, error: (_tag: string, message: string) => void told.push(message) };
  const journal = new Journal({ store, node: 'n', live, durable, loaded: [], lastReadingSeq: 0, log });
  for (const id of ['one', 'two', 'three']) {
    journal.putEntry(sampleEntry(id));
    await t.rejects(journal.durable(), { message: 'closed' }, 'whoever waits is told');
  }
  t.equal(durable.usedWh('2026-11', 'A'), 0);
  t.same(told, ['nothing is stored any more, or acknowledged'], 'the log says it once');
});

void t.test('what cannot be stored takes nothing with it of what came in the same turn', async (t) => {
  const stored: string[] = [];
  const store = {
    commit({ records }: DurableChange) {
      if (records.some(({ id }) => id === 'impossible')) return Promise.reject(new TypeError('no JSON'));
      stored.push(...records.map(({ id }) => id));
      return Promise.resolve();
    },
  };
  const told: string[] = [];
  const log = { ...silentLog, error: (_tag: string, message: string) => void told.push(message) };
  const [live, durable] = [new SiteState(calendar), new SiteState(calendar)];
  const journal = new Journal({ store, node: 'n', live, durable, loaded: [], lastReadingSeq: 0, log });
  journal.putEntry(sampleEntry('before'));
  const answers = [journal.durable()];
  journal.putEntry(sampleEntry('impossible'));
  answers.push(journal.durable());
  journal.putEntry(sampleEntry('after'));
  answers.push(journal.durable());
  const outcomes = await Promise.allSettled(answers);
  t.same(
    outcomes.map(({ status }) => status),
    ['rejected', 'rejected', 'rejected'],
    'nobody is answered',
  );
  await journal.durable();
  t.same(stored, ['before', 'after']);
  t.same(
    [durable.entry('before')?.id, durable.entry('impossible'), durable.entry('after')?.id],
    ['before', undefined, 'after'],
  );
  t.same(told, ['a change was not stored']);
});
