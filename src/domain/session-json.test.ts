// Sessions as text: what is read is what was written, whatever was left out, and what earlier versions wrote is read as well.
import * as fc from 'fast-check';
import t from 'tap';
import { openAccount, type MeterContext } from './energy-account.ts';
import { sampleSession, sampleUser } from './sample.fixture.ts';
import { sessionFromJson, sessionJson } from './session-json.ts';
import { beginSession, bookSample, endSession, type Session } from './session.ts';
import { createSiteCalendar } from './site-calendar.ts';

const CONTEXT: MeterContext = { calendar: createSiteCalendar('UTC', 1), maxPowerW: 400_000 };
const STARTED_MS = Date.UTC(2026, 10, 30, 22);

const steps = fc.array(
  fc.record({ wh: fc.integer({ min: 0, max: 60_000 }), seconds: fc.integer({ min: 0, max: 7200 }) }),
  { maxLength: 12 },
);
const endings = fc.option(fc.integer({ min: 0, max: 60_000 }), { nil: null });

function sessionOf(samples: readonly { wh: number; seconds: number }[], stopWh: number | null): Session[] {
  let session = beginSession({
    ...sampleSession(17, { startKey: '["CP1",1]', user: sampleUser('A', { account: 'home' }) }),
    startedMs: STARTED_MS,
    account: openAccount({ wh: 1000, atMs: STARTED_MS }),
  });
  const versions = [session];
  let atMs = STARTED_MS;
  for (const { wh, seconds } of samples) {
    atMs += seconds * 1000;
    session = bookSample(session, { wh, atMs }, CONTEXT);
    versions.push(session);
  }
  if (stopWh === null) return versions;
  const end = { atMs, evidence: 'meterStop', register: { wh: stopWh, atMs }, reason: 'Local' } as const;
  return [...versions, endSession(session, end, CONTEXT)];
}

void t.test('what was written is read, after each sample and at the end', (t) => {
  fc.assert(
    fc.property(steps, endings, (samples, stopWh) => {
      for (const session of sessionOf(samples, stopWh)) {
        t.strictSame(sessionFromJson(sessionJson(session)), JSON.parse(JSON.stringify(session)));
      }
    }),
    { numRuns: 200 },
  );
  t.end();
});

void t.test('whatever changes is written, also what is kept as text from the version before', (t) => {
  const before = sampleSession(17);
  sessionJson(before);
  const changes: Partial<Session>[] = [
    { user: sampleUser('A') },
    { user: sampleUser('A', { quotaWh: 1 }) },
    { connectorId: 2 },
    { idTag: 'B' },
    { authorization: 'Blocked' },
    { startedMs: before.startedMs + 1 },
    { meterStartWh: null },
    { startKey: 'key' },
    { origin: 'adopted' },
    { energyByDay: { '2026-11-30': 5 } },
    { flags: ['stopContradicts'] },
    { unitWatch: { sinceMs: 1, sinceWh: 2, samples: 3 } },
    { suspectedUnit: 'kWh' },
    { stop: { reason: 'blocked', sinceMs: 1, climbed: 2 } },
    { chargerIds: [-1] },
    { startedBy: 'ada' },
    { limit: 'throttle' },
    { wanted: { reason: 'operator', by: 'ada' } },
    { stopRungs: [] },
    { end: { atMs: 1, evidence: 'byHand', register: null, reason: 'byHand', by: 'ada' } },
    { account: openAccount(null) },
  ];
  for (const change of changes) {
    const after = { ...before, ...change };
    t.strictSame(sessionFromJson(sessionJson(after)), after, JSON.stringify(change));
  }
  t.strictSame(sessionFromJson(sessionJson(before)), before);
  t.end();
});

void t.test('a session that was written whole is read as it was', (t) => {
  for (const session of sessionOf([{ wh: 2000, seconds: 900 }], 2500))
    t.strictSame(sessionFromJson(JSON.stringify(session)), session);
  t.end();
});

void t.test('nothing is said twice', (t) => {
  const samples = [1500, 2000].map((wh) => ({ wh, seconds: 900 }));
  const sampled = sessionOf(samples, null).at(-1);
  const days = sampled && sessionJson(sampled).split('"2026-11-30"').length - 1;
  t.equal(days, 2, 'the energy of the account, and what it was before its last rise');
  t.end();
});

void t.test('text that is no session is refused', (t) => {
  for (const json of ['{"cut', 'null', '[]', '{}', '{"account":null}'])
    t.throws(() => sessionFromJson(json), json);
  t.end();
});
