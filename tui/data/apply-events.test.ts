// What live events make of what is known.
import t from 'tap';
import { ago, connector, madeUpCharger, madeUpSession, madeUpSite } from '../../test/kit/made-up-site.ts';
import { applyEvents } from './apply-events.ts';
import { withLines } from './snapshot.ts';
import { runningSessions } from './connectors.ts';

const at = ago(0);

t.test('a session that started is there, one that ended runs no more', (t) => {
  const started = madeUpSession(1843, 'CP-GARAGE-02', 1, { startedAt: at });
  const end = { at, evidence: 'meterStop', meterStopWh: 9_000, reason: 'Local', by: null, wanted: null } as const;
  const ended = madeUpSession(1842, 'CP-GARAGE-03', 2, { startedAt: ago(34), status: 'ended', end });
  const next = applyEvents(madeUpSite, [
    { kind: 'session', at, session: started },
    { kind: 'session', at, session: ended },
  ]);
  t.same(
    runningSessions(next).map(({ transactionId }) => transactionId),
    [1843, 1840, 1839, 1838],
    'the newest first',
  );
  t.equal(next.sessions?.length, 5, 'the ended one is kept for the lists of sessions');
  t.end();
});

t.test('the same transaction id at two chargers is two sessions', (t) => {
  const session = madeUpSession(1842, 'CP-YARD-03', 1, { startedAt: at });
  t.equal(runningSessions(applyEvents(madeUpSite, [{ kind: 'session', at, session }])).length, 5);
  t.end();
});

t.test('a charger comes, changes, loses its connection and gets it back', (t) => {
  const charger = madeUpCharger('CP-NEW', [connector(1, 'Available', 0)]);
  const came = applyEvents(madeUpSite, [{ kind: 'charger', at, charger }]);
  t.equal(came.chargers?.length, 14);
  const lost = applyEvents(came, [{ kind: 'connection', at, chargerId: 'CP-NEW', isConnected: false }]);
  const found = (snapshot: typeof lost) => snapshot.chargers?.find(({ id }) => id === 'CP-NEW');
  t.equal(found(lost)?.isConnected, false);
  t.equal(found(lost)?.connectedSince, null);
  const back = applyEvents(lost, [{ kind: 'connection', at, chargerId: 'CP-NEW', isConnected: true }]);
  t.equal(found(back)?.connectedSince, at);
  t.equal(applyEvents(back, [{ kind: 'connection', at, chargerId: 'NOBODY', isConnected: true }]).chargers?.length, 14);
  t.end();
});

t.test('an alarm begins, is told again, and ends', (t) => {
  const alarm = { id: 'users-file', message: 'users1.csv cannot be read', since: at };
  const on = { kind: 'alarm', at, isActive: true, alarm } as const;
  const twice = applyEvents(madeUpSite, [on, on]);
  t.equal(twice.alarms.length, 1);
  t.same(applyEvents(twice, [{ ...on, isActive: false }]).alarms, []);
  t.end();
});

t.test('what an event does not touch stays the same object, so that nothing is worked out anew', (t) => {
  const next = applyEvents(madeUpSite, [{ kind: 'usage', at, month: '2026-11' }]);
  t.equal(next.sessions, madeUpSite.sessions);
  t.equal(next.chargers, madeUpSite.chargers);
  t.end();
});

t.test('lines are in order and none twice, whether read or told; a new server counts anew', (t) => {
  const lineAt = (seq: number, second = seq) => ({ seq, at: `2026-11-22T13:32:${String(second).padStart(2, '0')}Z` });
  const seqs = (lines: readonly { seq: number }[]) => lines.map(({ seq }) => seq);
  t.same(seqs(withLines([lineAt(1), lineAt(2)], [lineAt(3)])), [1, 2, 3]);
  t.same(seqs(withLines([lineAt(4), lineAt(5)], [lineAt(1), lineAt(2), lineAt(3), lineAt(4)])), [1, 2, 3, 4, 5]);
  t.same(seqs(withLines([lineAt(4), lineAt(5)], [lineAt(4)])), [4, 5], 'read late');
  t.same(seqs(withLines([lineAt(4), lineAt(5)], [lineAt(1, 30), lineAt(2, 31)])), [1, 2]);
  const many = Array.from({ length: 3_000 }, (_, index) => lineAt(index, 1));
  t.equal(withLines([], many).length, 2_000, 'the oldest go');
  t.end();
});
