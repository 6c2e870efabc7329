// Which session a message belongs to when its transaction id does not say, or says nonsense.
import t from 'tap';
import { openAccount } from '../domain/energy-account.ts';
import { sampleRecord, sampleSession } from '../domain/sample.fixture.ts';
import { sessionId, type Session } from '../domain/session.ts';
import { createSiteCalendar } from '../domain/site-calendar.ts';
import { SiteState } from '../domain/site-state.ts';
import { findForSamples, findForStop, usableTransactionId } from './session-search.ts';

const T0 = Date.UTC(2026, 10, 30, 12);
const END = {
  atMs: T0 + 60_000,
  evidence: 'meterStop',
  register: { wh: 1500, atMs: 0 },
  reason: 'Local',
} as const;

function stateOf(...sessions: readonly Session[]): SiteState {
  const state = new SiteState(createSiteCalendar('UTC', 1));
  for (const session of sessions) state.apply(sampleRecord('session', sessionId(session), session));
  return state;
}

const at = (wh: number) => openAccount({ wh, atMs: T0 });
const A1 = sampleSession(1, { idTag: 'A', connectorId: 1, account: at(1000) });
const B2 = sampleSession(2, { idTag: 'B', connectorId: 2, account: at(5000), startedMs: T0 + 1 });

void t.test('ids that a central system may give out', (t) => {
  for (const id of [1, 17, 2_147_483_647]) t.equal(usableTransactionId(id), id);
  const unusable = [0, -1, 1.5, NaN, Infinity, 2_147_483_648, 2 ** 63, undefined];
  for (const id of unusable) t.equal(usableTransactionId(id), null, String(id));
  t.end();
});

void t.test('samples: by id, else by connector, else the only session for a connector 0', (t) => {
  const state = stateOf(A1, B2, sampleSession(3, { end: END, connectorId: 3 }));
  const find = (transactionId: number | null, connectorId: number, chargePointId = 'CP1', where = state) =>
    findForSamples(where, { chargePointId, connectorId, transactionId })?.transactionId ?? null;
  t.equal(find(1, 1), 1);
  t.equal(find(1, 2), 1, 'the id decides over the connector');
  t.equal(find(3, 3), 3, 'also of a session that has ended');
  t.equal(find(1, 1, 'CP2'), null, 'of another charger it is another id');
  t.equal(find(null, 2), 2);
  t.equal(find(99, 2), 2, 'an unknown id');
  t.equal(find(null, 3), null, 'nobody charges there');
  t.equal(find(null, 0), null, 'the main meter');
  t.equal(find(99, 0), null, 'an unknown id and two sessions it could be');
  t.equal(find(99, 0, 'CP1', stateOf(A1)), 1, 'or one');
  t.equal(
    find(null, 2, 'CP1', stateOf(sampleSession(7, { connectorId: 0 }))),
    7,
    'taken over, connector not known',
  );
  t.equal(
    find(null, 1, 'CP1', stateOf(A1, sampleSession(9, { startedMs: T0 + 5 }))),
    9,
    'of two, the newest',
  );
  t.end();
});

void t.test('a stop: by id, else by tag, else the register that it continues most closely', (t) => {
  const find = (changed: object, ...sessions: readonly Session[]) => {
    const message = {
      chargePointId: 'CP1',
      transactionId: null,
      idTag: null,
      meterStop: null,
      stoppedMs: T0,
    };
    return findForStop(stateOf(...sessions), { ...message, ...changed })?.transactionId ?? null;
  };
  t.equal(find({ transactionId: 1, idTag: 'B', meterStop: 5100 }, A1, B2), 1, 'the id decides');
  t.equal(find({ transactionId: 99 }, A1), null, 'an unknown id alone is somebody else');
  t.equal(
    find({ transactionId: 99, idTag: 'B' }, A1, B2),
    2,
    "with the tag it is the charger's own name for it",
  );
  t.equal(find({ transactionId: 99, idTag: 'X' }, A1, B2), null);
  t.equal(find({ idTag: 'B' }, A1, B2), 2);
  t.equal(find({ idTag: 'X' }, A1), 1, 'without any id, whoever stopped it');
  t.equal(find({ meterStop: 1100 }, A1, B2), 1, 'above 1000, below 5000');
  t.equal(find({ meterStop: 5100 }, A1, B2), 2, 'nearer to 5000');
  t.equal(find({}, A1, B2), 2, 'nothing to tell them by: the newest');
  t.equal(find({}), null);
  t.equal(find({ idTag: 'A' }, { ...A1, end: END }), null, 'one that has ended is not ended again');
  t.end();
});

void t.test('a stop that was told before is known by its time and meterStop', (t) => {
  const ended = { ...A1, end: END };
  const find = (changed: object, ...sessions: readonly Session[]) => {
    const message = { transactionId: null, idTag: 'A', meterStop: 1500, stoppedMs: END.atMs };
    return (
      findForStop(stateOf(...sessions), { chargePointId: 'CP1', ...message, ...changed })?.transactionId ??
      null
    );
  };
  t.equal(find({}, ended, B2), 1);
  t.equal(find({ idTag: null }, ended, B2), 1);
  t.equal(find({ transactionId: 99 }, ended, B2), 1);
  t.equal(find({ meterStop: 1501 }, ended, B2), 2, 'another meterStop');
  t.equal(find({ stoppedMs: END.atMs + 1000 }, ended, B2), 2, 'another time');
  t.equal(find({ stoppedMs: null }, ended, B2), 2, 'no time that is believed');
  t.equal(find({ transactionId: 99, idTag: 'X' }, ended, B2), null, 'an id and a tag of its own');
  t.equal(
    find({}, { ...ended, end: { ...END, evidence: 'nextStart' } }, B2),
    2,
    'it ended for another reason',
  );
  t.end();
});
